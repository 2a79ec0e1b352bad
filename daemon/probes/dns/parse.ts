/** DNS questions and what the answers say (RFC 1035). Pure; nothing here throws: a library decodes, within a bound. */
import { type DecodedPacket, decode, encode, RECURSION_DESIRED } from "dns-packet";

/** Longest answer looked at. An honest one to our questions is far shorter; the library's work grows with it. */
export const maxAnswerBytes = 4_096;

/** A name that no zone holds (RFC 6761 section 6.4). Asking for it shows whether a server works for strangers. */
const foreignName = "vedette-check.invalid";

/** What software is this? CHAOS class, as BIND began it and others follow. */
export function versionQuery(id: number): Buffer {
	return encode({ type: "query", id, flags: 0, questions: [{ type: "TXT", class: "CH", name: "version.bind" }] });
}

/** A question for somebody else's name, asking the server to find out. */
export function foreignQuery(id: number): Buffer {
	return encode({ type: "query", id, flags: RECURSION_DESIRED, questions: [{ type: "A", name: foreignName }] });
}

export interface DnsAnswer {
	id: number;
	rcode: string;
	authoritative: boolean;
	recursionAvailable: boolean;
	/** Texts of TXT records answered, 255 characters at most each. */
	texts: string[];
}

/** A response; null when the bytes are none, or are broken. */
export function parseAnswer(bytes: Buffer): DnsAnswer | null {
	if (bytes.length < 12 || bytes.length > maxAnswerBytes) return null;
	const header = headerOf(bytes);
	if (!header) return null;
	const packet = decoded(bytes);
	// Refusals are often cut or oddly built behind the header; the header alone is an answer to what we ask.
	return packet ? { ...header, texts: textsOf(packet) } : { ...header, texts: [] };
}

const rcodes = [
	"NOERROR",
	"FORMERR",
	"SERVFAIL",
	"NXDOMAIN",
	"NOTIMP",
	"REFUSED",
	"YXDOMAIN",
	"YXRRSET",
	"NXRRSET",
	"NOTAUTH",
	"NOTZONE",
];

function headerOf(bytes: Buffer): DnsAnswer | null {
	const flags = bytes.readUInt16BE(2);
	const isResponse = (flags & 0x8000) !== 0;
	const opcode = (flags >> 11) & 0xf;
	const questions = bytes.readUInt16BE(4);
	if (!isResponse || opcode !== 0 || questions > 1 || (flags & 0x0040) !== 0) return null;
	const rcode = flags & 0xf;
	return {
		id: bytes.readUInt16BE(0),
		rcode: rcodes[rcode] ?? `RCODE${rcode}`,
		authoritative: (flags & 0x0400) !== 0,
		recursionAvailable: (flags & 0x0080) !== 0,
		texts: [],
	};
}

function decoded(bytes: Buffer): DecodedPacket | null {
	try {
		return decode(bytes);
	} catch {
		return null;
	}
}

function textsOf(packet: DecodedPacket): string[] {
	const texts: string[] = [];
	for (const answer of (packet.answers ?? []).slice(0, 8)) {
		if (answer.type !== "TXT") continue;
		const data: unknown = answer.data;
		const parts = Array.isArray(data) ? data : [data];
		const text = parts.map((part) => (Buffer.isBuffer(part) ? part.toString("latin1") : "")).join("");
		texts.push(text.slice(0, 255));
	}
	return texts;
}

/** Does a datagram belong to a DNS server? Only a response to one of our questions is certain. */
export function looksLikeDns(bytes: Buffer): number {
	const answer = parseAnswer(bytes);
	if (!answer) return 0;
	const asked = bytes
		.subarray(12, 12 + 14)
		.toString("latin1")
		.toLowerCase();
	return asked === "\x07version\x04bind\x00" || asked === "\x0dvedette-check" ? 1 : 0.5;
}
