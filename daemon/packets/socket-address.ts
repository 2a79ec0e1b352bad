/** `sockaddr_in` and `sockaddr_in6` as bytes. Pure. */
import { addressBytes, parseAddress } from "../scope/address.ts";
import { linux } from "./libc.ts";

/** Offset of the port (network byte order) in both structures. */
export const portOffset = 2;

/** The structure with port 0; null when the text is not an address. Little-endian machines. */
export function socketAddress(text: string): Uint8Array | null {
	const address = parseAddress(text);
	if (address === null) return null;
	const v4 = address.family === 4;
	const bytes = new Uint8Array(v4 ? 16 : 28);
	bytes[0] = v4 ? linux.AF_INET : linux.AF_INET6;
	// sin_addr follows the port; sin6_addr follows port and flow label.
	bytes.set(addressBytes(address), v4 ? 4 : 8);
	return bytes;
}
