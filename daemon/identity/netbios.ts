/** What a machine's NetBIOS name service says of it, read back from the banner it left. Pure. */
import type { RecordOf } from "../evidence/record.ts";

/**
 * Node status response (RFC 1002 section 4.2.18): the unique name of type 0, upper case, and the adapter's address, as six
 * pairs, where there is one. Null for a banner of anything else.
 */
export function netbiosIn({
	port,
	protocol,
	data,
}: RecordOf<"banner">): { name: string | null; mac: string | null } | null {
	if (port !== 137 || protocol !== "udp") return null;
	const bytes = bytesOf(data.text);
	if (bytes.length < 57 || bytes[12] !== 32 || bytes.readUInt16BE(46) !== 0x21) return null;
	const names = bytes[56] ?? 0;
	let name: string | null = null;
	for (let index = 0, at = 57; index < names && at + 18 <= bytes.length; index++, at += 18) {
		const isGroup = (bytes.readUInt16BE(at + 16) & 0x8000) !== 0;
		if (isGroup || bytes[at + 15] !== 0 || name !== null) continue;
		const said = bytes.toString("latin1", at, at + 15).replace(/[ \0]+$/, "");
		if (/^[\x21-\x7e][\x20-\x7e]{0,14}$/.test(said)) name = said.toUpperCase();
	}
	const end = 57 + names * 18;
	const unit = end + 6 <= bytes.length ? bytes.subarray(end, end + 6) : null;
	return { name, mac: unit === null ? null : [...unit].map((byte) => byte.toString(16).padStart(2, "0")).join(":") };
}

/** A banner's text as the bytes it stands for. */
function bytesOf(text: string): Buffer {
	const plain = text
		.slice(0, 4_096)
		.replace(/\\x([0-9a-f]{2})/g, (_, pair: string) => String.fromCharCode(Number.parseInt(pair, 16)));
	return Buffer.from(plain, "latin1");
}
