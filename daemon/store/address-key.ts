/**
 * Addresses as the store keeps them: short texts that sort in address order, IPv4 before IPv6, so that a range or a CIDR
 * is one BETWEEN. `4` and 8 hex digits, or `6` and 32; a zone follows after `%`.
 */
import ipaddr from "ipaddr.js";
import { AppError } from "../../protocol/errors.ts";

/** All that comes in of a host is asked for by one address. */
let last = { address: "", key: "" };

/** The key of an address in text form. Throws `invalid` for anything that is not one. */
export function addressKey(address: string): string {
	if (last.address !== address) last = { address, key: makeKey(address) };
	return last.key;
}

const dotted = /^(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})$/;

function makeKey(address: string): string {
	// Nearly all of them: thousands a second are to be had.
	const parts = dotted.test(address) ? address.split(".").map(Number) : [];
	if (parts.length === 4 && parts.every((part) => part < 256)) return `4${hexOf(parts)}`;
	const [bare = "", zone] = address.split("%", 2);
	if (!ipaddr.isValid(bare)) throw new AppError("invalid", `"${address}" is not an IP address.`);
	const parsed = ipaddr.parse(bare);
	return (parsed.kind() === "ipv4" ? "4" : "6") + hexOf(parsed.toByteArray()) + (zone === undefined ? "" : `%${zone}`);
}

function hexOf(bytes: readonly number[]): string {
	return Buffer.from(bytes).toString("hex");
}

/** The rows of a host have one key. */
let lastOf = { key: "", address: "" };

/** The canonical text (RFC 5952) of a key made by `addressKey`. */
export function addressOfKey(key: string): string {
	if (lastOf.key !== key) lastOf = { key, address: makeAddress(key) };
	return lastOf.address;
}

function makeAddress(key: string): string {
	if (key.startsWith("4")) {
		const bits = Number.parseInt(key.slice(1), 16);
		return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
	}
	const [digits = "", zone] = key.slice(1).split("%", 2);
	const text = ipaddr.fromByteArray([...Buffer.from(digits, "hex")]) as ipaddr.IPv6;
	return text.toRFC5952String() + (zone === undefined ? "" : `%${zone}`);
}
