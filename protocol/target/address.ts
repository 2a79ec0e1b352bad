/** IP addresses as numbers and back: the one place where text becomes an address. Pure; knows no ranges and no names. */
import { isIPv4, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";

/** An address as family and value. IPv4 values are 32-bit, IPv6 128-bit. */
export interface Address {
	readonly family: 4 | 6;
	readonly value: bigint;
}

/**
 * Reads an address; null when the text is not one. IPv4 must be four plain decimal parts (no leading zeros, which some
 * programs read as octal). An IPv4-mapped IPv6 address becomes the IPv4 address it stands for, so that no exclusion can be
 * walked around. Zones (`fe80::1%eth0`) are not addresses here.
 */
export function parseAddress(text: string): Address | null {
	if (isIPv4(text)) {
		let value = 0;
		for (const part of text.split(".")) value = value * 256 + Number(part);
		return { family: 4, value: BigInt(value) };
	}
	if (!isIPv6(text) || text.includes("%")) return null;
	let value = 0n;
	for (const part of ipaddr.IPv6.parse(text).parts) value = (value << 16n) | BigInt(part);
	return value >> 32n === 0xffffn ? { family: 4, value: value & 0xffffffffn } : { family: 6, value };
}

/** Canonical text: dotted IPv4, RFC 5952 IPv6. */
export function formatAddress(address: Address): string {
	if (address.family === 4) {
		const value = Number(address.value);
		return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
	}
	return ipaddr.fromByteArray([...addressBytes(address)]).toString();
}

/** Network-order bytes: 4 or 16 of them. */
export function addressBytes(address: Address): Uint8Array {
	const bytes = new Uint8Array(address.family === 4 ? 4 : 16);
	let rest = address.value;
	for (let i = bytes.length - 1; i >= 0; i--) {
		bytes[i] = Number(rest & 255n);
		rest >>= 8n;
	}
	return bytes;
}

/** Bits in an address of the family. */
export function addressBits(family: 4 | 6): number {
	return family === 4 ? 32 : 128;
}

/** The text as it is stored and compared everywhere; null when it is not an address. */
export function canonicalAddress(text: string): string | null {
	const address = parseAddress(text);
	return address === null ? null : formatAddress(address);
}
