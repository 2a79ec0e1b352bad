/** Addresses as sixteen bytes that sort as addresses do, so that a CIDR or a range is one comparison in SQL. */
import ipaddr from "ipaddr.js";

/** IPv4 is written as its IPv4-mapped IPv6 form (RFC 4291 section 2.5.5.2). Null when `text` is not an address. */
export function addressKey(text: string): Uint8Array | null {
	const bare = text.replace(/%.*$/, "");
	if (!ipaddr.IPv4.isValidFourPartDecimal(bare) && !ipaddr.IPv6.isValid(bare)) return null;
	const parsed = ipaddr.parse(bare);
	const wide = parsed.kind() === "ipv4" ? (parsed as ipaddr.IPv4).toIPv4MappedAddress() : parsed;
	return Uint8Array.from(wide.toByteArray());
}

/** First and last key of `address/bits`. Null when it is not a CIDR. Host bits may be set: 10.0.0.7/8 is 10.0.0.0/8. */
export function cidrKeys(text: string): { first: Uint8Array; last: Uint8Array } | null {
	const slash = text.indexOf("/");
	const digits = text.slice(slash + 1);
	const key = slash > 0 ? addressKey(text.slice(0, slash)) : null;
	if (!key || !/^\d{1,3}$/.test(digits)) return null;
	const isFour = !text.slice(0, slash).includes(":");
	const bits = Number(digits) + (isFour ? 96 : 0);
	if (bits > 128) return null;
	const first = Uint8Array.from(key);
	const last = Uint8Array.from(key);
	for (let index = 0; index < 16; index++) {
		const fixed = Math.min(8, Math.max(0, bits - index * 8));
		const mask = (0xff << (8 - fixed)) & 0xff;
		first[index] = (first[index] ?? 0) & mask;
		last[index] = (last[index] ?? 0) | (~mask & 0xff);
	}
	return { first, last };
}

/** The same as the store's text: `4` and 8 hex digits for an IPv4 address, else `6` and 32. */
export function addressText(key: Uint8Array): string {
	const digits = Buffer.from(key).toString("hex");
	return digits.startsWith("00000000000000000000ffff") ? `4${digits.slice(24)}` : `6${digits}`;
}
