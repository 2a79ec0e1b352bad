/** What a machine's NetBIOS name service says of it, as it came or read back from the banner it left. Pure. */
import type { RecordOf } from "../evidence/record.ts";

export interface NodeStatus {
	/** The unique name of type 0; null when there is none. */
	name: string | null;
	/** The adapter's address, six pairs; null when it was cut off. */
	mac: string | null;
}

/** Node status response (RFC 1002 section 4.2.18); null for bytes that are something else. Takes any bytes. */
export function readNodeStatus(from: Uint8Array): NodeStatus | null {
	const bytes = Buffer.from(from.buffer, from.byteOffset, from.byteLength);
	if (bytes.length < 57 || (bytes.readUInt16BE(2) & 0x8000) === 0) return null;
	// The name asked for comes back in full, so that the list of names begins at a fixed place.
	if (bytes[12] !== 32 || bytes.readUInt16BE(46) !== 0x21) return null;
	const names = bytes[56] ?? 0;
	let name: string | null = null;
	for (let index = 0, at = 57; index < names && at + 18 <= bytes.length && name === null; index++, at += 18) {
		const isGroup = (bytes.readUInt16BE(at + 16) & 0x8000) !== 0;
		if (isGroup || bytes[at + 15] !== 0) continue;
		const said = bytes.toString("latin1", at, at + 15).replace(/[ \0]+$/, "");
		if (!/^[\x21-\x7e][\x20-\x7e]*$/.test(said)) break;
		name = said;
	}
	const end = 57 + names * 18;
	const unit = end + 6 <= bytes.length ? bytes.subarray(end, end + 6) : null;
	return { name, mac: unit === null ? null : [...unit].map((byte) => byte.toString(16).padStart(2, "0")).join(":") };
}

/** Null for a banner of anything else. */
export function netbiosIn({ port, protocol, data }: RecordOf<"banner">): NodeStatus | null {
	return port === 137 && protocol === "udp" ? readNodeStatus(bytesOf(data.text)) : null;
}

/** A banner's text as the bytes it stands for. */
function bytesOf(text: string): Buffer {
	const plain = text
		.slice(0, 4_096)
		.replace(/\\x([0-9a-f]{2})/g, (_, pair: string) => String.fromCharCode(Number.parseInt(pair, 16)));
	return Buffer.from(plain, "latin1");
}
