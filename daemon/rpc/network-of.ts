/** Who is counted as one when somebody comes over the network. Pure. */
import { isIPv6 } from "node:net";

/** Of IPv6 the first 64 bits: who has one of those addresses has all of them. */
export function networkOf(address: string): string {
	const plain = plainOf(address);
	if (!isIPv6(plain)) return plain;
	const [head = "", tail = ""] = plain.toLowerCase().split("::");
	const first = head === "" ? [] : head.split(":");
	const last = tail === "" ? [] : tail.split(":");
	const zeros = plain.includes("::") ? Array<string>(Math.max(0, 8 - first.length - last.length)).fill("0") : [];
	return [...first, ...zeros, ...last].slice(0, 4).join(":");
}

/** On this machine, or through something on it. */
export function isLoopback(address: string): boolean {
	const plain = plainOf(address);
	return plain === "::1" || plain.startsWith("127.");
}

/** Without the zone, and of IPv4 also where it came by a socket of IPv6. */
function plainOf(address: string): string {
	return address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
}
