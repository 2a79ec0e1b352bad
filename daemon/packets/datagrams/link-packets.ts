/** ARP (RFC 826) and neighbour discovery (RFC 4861) messages built and read. Pure; never throws on any bytes. */

export const arpBytes = 28;

/** Who has `target`? Addresses are 32-bit numbers. */
export function arpRequest(hardwareSource: Uint8Array, source: number, target: number): Uint8Array {
	const bytes = new Uint8Array(arpBytes);
	const view = new DataView(bytes.buffer);
	// Ethernet, IPv4, lengths of their addresses, request.
	view.setUint16(0, 1);
	view.setUint16(2, 0x0800);
	view.setUint16(4, 0x0604);
	view.setUint16(6, 1);
	bytes.set(hardwareSource.subarray(0, 6), 8);
	view.setUint32(14, source);
	view.setUint32(24, target);
	return bytes;
}

/** Who says to have which address; null for anything but a reply between Ethernet and IPv4. */
export function readArpReply(bytes: Uint8Array): { address: number; mac: string } | null {
	if (bytes.length < arpBytes) return null;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (view.getUint16(0) !== 1 || view.getUint16(2) !== 0x0800 || view.getUint16(4) !== 0x0604) return null;
	if (view.getUint16(6) !== 2) return null;
	const mac = macOf(bytes.subarray(8, 14));
	return mac === null ? null : { address: view.getUint32(14), mac };
}

/** The group a host with the address listens to: ff02::1:ff and the address's last three bytes (RFC 4291 section 2.7.1). */
export function solicitedNode(target: Uint8Array): Uint8Array {
	const group = new Uint8Array(16);
	group.set([0xff, 0x02], 0);
	group.set([0x01, 0xff], 11);
	group.set(target.subarray(13, 16), 13);
	return group;
}

/** Neighbour solicitation with our hardware address as an option; the kernel writes the checksum. */
export function neighbourSolicitation(target: Uint8Array, hardwareSource: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(32);
	bytes[0] = 135;
	bytes.set(target.subarray(0, 16), 8);
	bytes.set([1, 1], 24);
	bytes.set(hardwareSource.subarray(0, 6), 26);
	return bytes;
}

/** Who says to have which address (section 4.4), from the ICMPv6 header on; null for anything else or without a hardware address. */
export function neighbourAdvertisement(bytes: Uint8Array): { address: Uint8Array; mac: string } | null {
	if (bytes.length < 24 || bytes[0] !== 136 || bytes[1] !== 0) return null;
	for (let at = 24; at + 8 <= bytes.length; ) {
		const length = (bytes[at + 1] ?? 0) * 8;
		if (length === 0) return null;
		// Target link-layer address.
		if (bytes[at] === 2) {
			const mac = macOf(bytes.subarray(at + 2, at + 8));
			return mac === null ? null : { address: bytes.slice(8, 24), mac };
		}
		at += length;
	}
	return null;
}

/** In the usual form; null for one that no host can have: a group's, or nothing but zeroes. */
function macOf(bytes: Uint8Array): string | null {
	if (bytes.length !== 6 || ((bytes[0] ?? 1) & 1) === 1 || bytes.every((byte) => byte === 0)) return null;
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}
