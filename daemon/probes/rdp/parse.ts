/** RDP's X.224 connection request and confirm ([MS-RDPBCGR] 2.2.1.1 and 2.2.1.2) inside TPKT (RFC 1006). Pure and total. */
import type { DataOf } from "../../evidence/record.ts";

export type Layer = DataOf<"rdp">["protocols"][number];

/** Bits of requestedProtocols; 0 is standard RDP security. */
const layerBit = { rdp: 0, tls: 1, hybrid: 2, "hybrid-ex": 8 } as const;

export type Confirm =
	| { readonly kind: "selected"; readonly layer: Layer | null }
	/** 1 TLS required, 2 TLS not allowed, 3 no certificate, 4 inconsistent, 5 hybrid required, 6 TLS with user certificate. */
	| { readonly kind: "failure"; readonly code: number };

/** A connection request that offers these layers; the cookie real clients send is left out. */
export function connectionRequest(layers: readonly Layer[]): Buffer {
	const packet = Buffer.from([3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0, 0]);
	packet.writeUInt32LE(
		layers.reduce((bits, layer) => bits | layerBit[layer], 0),
		15,
	);
	return packet;
}

/** Bytes after this 4-byte TPKT header; null when it is none or longer than a confirm can be. */
export function bodyLength(header: Buffer): number | null {
	if (header.length < 4 || header[0] !== 3 || header[1] !== 0) return null;
	const length = header.readUInt16BE(2) - 4;
	return length >= 7 && length <= 512 ? length : null;
}

/** Reads an X.224 confirm without its TPKT header. A confirm without negotiation data chose standard RDP security. */
export function parseConfirm(body: Buffer): Confirm | null {
	if (body.length < 7 || ((body[1] ?? 0) & 0xf0) !== 0xd0) return null;
	if (body.length < 15) return { kind: "selected", layer: "rdp" };
	const value = body.readUInt32LE(11);
	if (body[7] === 3) return { kind: "failure", code: value };
	if (body[7] !== 2) return null;
	const layers = Object.keys(layerBit) as Layer[];
	return { kind: "selected", layer: layers.find((layer) => layerBit[layer] === value) ?? null };
}

/** How sure bytes are an X.224 confirm. ISO transport (S7, H.323) confirms alike, but never with RDP's negotiation data. */
export function recogniseRdp(bytes: Buffer): number {
	const length = bodyLength(bytes);
	if (length === null || bytes.length < 11) return 0;
	const body = bytes.subarray(4, 4 + length);
	if (parseConfirm(body) === null) return 0;
	return body.length >= 15 && body.readUInt16LE(9) === 8 ? 1 : 0.6;
}
