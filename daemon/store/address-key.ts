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

function makeKey(address: string): string {
	const [bare = "", zone] = address.split("%", 2);
	if (!ipaddr.isValid(bare)) throw new AppError("invalid", `"${address}" is not an IP address.`);
	const parsed = ipaddr.parse(bare);
	const digits = Buffer.from(parsed.toByteArray()).toString("hex");
	return (parsed.kind() === "ipv4" ? "4" : "6") + digits + (zone === undefined ? "" : `%${zone}`);
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
