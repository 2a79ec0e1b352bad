/** What a map sends to a UDP port to get an answer, and the one answer it reads: a machine's NetBIOS name. Pure. */
import { versionQuery } from "../probes/dns/parse.ts";
import { getRequest, systemObjects } from "../probes/snmp/parse.ts";

/**
 * The datagram for a port; empty where no protocol is known: that still makes a closed port say so. `id` is 16 random
 * bits; an answer that matters carries them back.
 */
export function datagramFor(port: number, id: number): Buffer {
	switch (port) {
		case 53:
			return versionQuery(id);
		case 111:
			return portmapperNull(id);
		case 123:
			return ntpRequest();
		case 137:
			return nodeStatusRequest(id);
		case 161:
			return getRequest("v1", "public", id, [systemObjects.sysDescr]);
		case 500:
			return ikeProposal(id);
		default:
			return Buffer.alloc(0);
	}
}

/** RPC version 2 call of procedure 0 of the port mapper (RFC 5531 section 9, RFC 1833): does nothing, and answers. */
function portmapperNull(id: number): Buffer {
	const words = [id, 0, 2, 100_000, 2, 0, 0, 0, 0, 0];
	const call = Buffer.alloc(words.length * 4);
	words.forEach((value, index) => {
		call.writeUInt32BE(value, index * 4);
	});
	return call;
}

/** A client's question in version 4 (RFC 5905 section 7.3). */
function ntpRequest(): Buffer {
	const request = Buffer.alloc(48);
	request[0] = 0x23;
	return request;
}

/** Asks for all names of whoever listens: a node status request for `*` (RFC 1002 section 4.2.17). */
function nodeStatusRequest(id: number): Buffer {
	const request = Buffer.alloc(50);
	request.writeUInt16BE(id, 0);
	request.writeUInt16BE(1, 4);
	request[12] = 32;
	// First-level encoding (RFC 1001 section 14.1) of "*" and fifteen zero bytes: two letters for each byte.
	request.write("CK".padEnd(32, "A"), 13, "ascii");
	request.writeUInt16BE(0x21, 46);
	request.writeUInt16BE(1, 48);
	return request;
}

/** An IKEv1 main mode offer of one transform (RFC 2408 section 3, RFC 2409 appendix A): an IKE daemon takes or refuses it. */
function ikeProposal(id: number): Buffer {
	const attributes = [0x8001, 5, 0x8002, 2, 0x8003, 1, 0x8004, 2, 0x800b, 1, 0x800c, 28_800];
	const offer = Buffer.alloc(28 + 12 + 8 + 8 + attributes.length * 2);
	offer.writeUInt32BE(0x76656465, 0);
	offer.writeUInt32BE(id + 1, 4);
	offer.set([1, 0x10, 2, 0], 16);
	offer.writeUInt32BE(offer.length, 24);
	offer.writeUInt16BE(offer.length - 28, 30);
	offer.writeUInt32BE(1, 32);
	offer.writeUInt32BE(1, 36);
	offer.writeUInt16BE(offer.length - 40, 42);
	offer.set([1, 1, 0, 1], 44);
	offer.writeUInt16BE(offer.length - 48, 50);
	offer.set([1, 1, 0, 0], 52);
	attributes.forEach((value, index) => {
		offer.writeUInt16BE(value, 56 + index * 2);
	});
	return offer;
}

/**
 * The machine's name in a node status response (RFC 1002 section 4.2.18): the unique name of type 0. Printable ASCII
 * without the blanks it is filled up with; null when there is none, or when the bytes are something else.
 */
export function netbiosNameOf(bytes: Uint8Array, id: number): string | null {
	const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (view.length < 57 || view.readUInt16BE(0) !== id || (view.readUInt16BE(2) & 0x8000) === 0) return null;
	// The name asked for comes back in full, so that the list of names begins at a fixed place.
	if (view[12] !== 32 || view.readUInt16BE(46) !== 0x21) return null;
	const names = view[56] ?? 0;
	for (let index = 0; index < names; index++) {
		const at = 57 + index * 18;
		if (at + 18 > view.length) return null;
		const isGroup = (view.readUInt16BE(at + 16) & 0x8000) !== 0;
		if (isGroup || view[at + 15] !== 0) continue;
		const name = view.toString("latin1", at, at + 15).replace(/[ \0]+$/, "");
		return /^[\x21-\x7e][\x20-\x7e]*$/.test(name) ? name : null;
	}
	return null;
}
