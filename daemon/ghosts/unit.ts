/** The networks ghosts are judged by: the /24 of an IPv4 address, the /120 of an IPv6 address. Pure. */
import { type Address, formatAddress, parseAddress } from "../scope/address.ts";
import { AddressSet } from "../scope/address-set.ts";

/** Addresses in one network. */
export const unitSize = 256;

/** `192.0.2.0/24`; the text itself for what is no address. */
export function unitOf(address: string): string {
	const parsed = parseAddress(address);
	if (parsed === null) return address;
	const first = formatAddress({ ...parsed, value: (parsed.value >> 8n) << 8n });
	return `${first}/${parsed.family === 4 ? 24 : 120}`;
}

/** First address of a network as a number, with its family, for putting networks side by side. */
export function startOf(unit: string): Address | null {
	return parseAddress(unit.slice(0, unit.lastIndexOf("/")));
}

const loopback = AddressSet.fromText([
	["127.0.0.0", "127.255.255.255"],
	["::1", "::1"],
]);

/** This machine answers for every address of 127.0.0.0/8 by nature: that each of them refuses says nothing. */
export function isLoopback(address: string): boolean {
	return loopback.has(address);
}

/** Ranges as people write them: `192.0.2.1` or `192.0.2.1-192.0.2.9`. */
export function rangeTexts(addresses: AddressSet): string[] {
	return addresses.toText().map(([first, last]) => (first === last ? first : `${first}-${last}`));
}
