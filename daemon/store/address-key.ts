/**
 * Addresses as the store keeps them: short texts that sort in address order, IPv4 before IPv6, so that a range or a CIDR
 * is one BETWEEN. `4` and 8 hex digits, or `6` and 32; a zone follows after `%`.
 */
import ipaddr from "ipaddr.js";
import { AppError } from "../../protocol/errors.ts";

/** The key of an address in text form. Throws `invalid` for anything that is not one. */
export function addressKey(address: string): string {
	const [bare = "", zone] = address.split("%", 2);
	if (!ipaddr.isValid(bare)) throw new AppError("invalid", `"${address}" is not an IP address.`);
	const parsed = ipaddr.parse(bare);
	const digits = Buffer.from(parsed.toByteArray()).toString("hex");
	return (parsed.kind() === "ipv4" ? "4" : "6") + digits + (zone === undefined ? "" : `%${zone}`);
}

/** The canonical text (RFC 5952) of a key made by `addressKey`. */
export function addressOfKey(key: string): string {
	const [digits = "", zone] = key.slice(1).split("%", 2);
	const bytes = [...Buffer.from(digits, "hex")];
	if (key.startsWith("4")) return bytes.join(".");
	const text = ipaddr.fromByteArray(bytes) as ipaddr.IPv6;
	return text.toRFC5952String() + (zone === undefined ? "" : `%${zone}`);
}
