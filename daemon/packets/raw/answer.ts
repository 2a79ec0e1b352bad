/**
 * Reads what came back: a SYN-ACK, a reset, or an ICMP error that quotes the probe. Whatever the bytes, it never throws
 * and believes no length in them. Whether an answer is one to our probe is decided by its `proof`. Pure.
 */
import type { PairState } from "../engine.ts";

/** One object is filled over and over: a packet must cost no garbage. */
export interface Answer {
	/** The address that was asked: one word for IPv4, four for IPv6. */
	readonly words: Uint32Array;
	wordCount: number;
	/** The port that was asked, and the one it was asked from. */
	port: number;
	localPort: number;
	/** The sequence number the probe must have had. */
	proof: number;
	/** A reset that does not count the SYN: some stacks answer so, against RFC 9293 3.5.2. */
	laxProof: number;
	state: PairState;
	/** The answer came from the address itself. */
	direct: boolean;
}

export function newAnswer(): Answer {
	const words = new Uint32Array(4);
	return { words, wordCount: 1, port: 0, localPort: 0, proof: 0, laxProof: 0, state: "open", direct: true };
}

const tcp = 6;
const icmp = 1;
const icmp6 = 58;

/** `at` is the first byte of the IPv4 header. False when it is none of the three. Checksums are the kernel's business. */
export function readAnswer4(view: DataView, at: number, length: number, into: Answer): boolean {
	if (length < 20 || view.getUint8(at) >>> 4 !== 4) return false;
	const header = (view.getUint8(at) & 15) * 4;
	if (header < 20 || view.getUint16(at + 6) & 0x1fff) return false;
	const protocol = view.getUint8(at + 9);
	const [next, rest] = [at + header, length - header];
	if (protocol === tcp) {
		into.words[0] = view.getUint32(at + 12);
		into.wordCount = 1;
		return readTcp(view, next, rest, into);
	}
	if (protocol !== icmp || rest < 8 + 28) return false;
	const state = stateOfIcmp4(view.getUint8(next), view.getUint8(next + 1));
	const quoted = next + 8;
	const quotedHeader = (view.getUint8(quoted) & 15) * 4;
	if (state === null || quotedHeader < 20 || rest < 8 + quotedHeader + 8) return false;
	if (view.getUint8(quoted + 9) !== tcp) return false;
	into.words[0] = view.getUint32(quoted + 16);
	into.wordCount = 1;
	into.direct = view.getUint32(at + 12) === into.words[0];
	readQuoted(view, quoted + quotedHeader, into);
	into.state = state;
	return true;
}

/** `at` is the first byte of the IPv6 header. Extension headers are not looked behind. */
export function readAnswer6(view: DataView, at: number, length: number, into: Answer): boolean {
	if (length < 40 || view.getUint8(at) >>> 4 !== 6) return false;
	const protocol = view.getUint8(at + 6);
	const [next, rest] = [at + 40, length - 40];
	if (protocol === tcp) {
		readWords(view, at + 8, into);
		return readTcp(view, next, rest, into);
	}
	if (protocol !== icmp6 || rest < 8 + 40 + 8) return false;
	const state = stateOfIcmp6(view.getUint8(next), view.getUint8(next + 1));
	const quoted = next + 8;
	if (state === null || view.getUint8(quoted + 6) !== tcp) return false;
	readWords(view, quoted + 24, into);
	into.direct = into.words.every((word, i) => word === view.getUint32(at + 8 + i * 4));
	readQuoted(view, quoted + 40, into);
	into.state = state;
	return true;
}

function readWords(view: DataView, at: number, into: Answer): void {
	for (let i = 0; i < 4; i++) into.words[i] = view.getUint32(at + i * 4);
	into.wordCount = 4;
}

function readTcp(view: DataView, at: number, length: number, into: Answer): boolean {
	if (length < 20) return false;
	const flags = view.getUint8(at + 13);
	const isReset = (flags & 0x04) !== 0;
	// Both kinds of answer to a SYN acknowledge it.
	if ((flags & 0x10) === 0 || (!isReset && (flags & 0x02) === 0)) return false;
	into.port = view.getUint16(at);
	into.localPort = view.getUint16(at + 2);
	const acknowledged = view.getUint32(at + 8);
	into.proof = (acknowledged - 1) >>> 0;
	into.laxProof = isReset ? acknowledged : into.proof;
	into.state = isReset ? "closed" : "open";
	into.direct = true;
	return true;
}

/** The eight bytes of the probe's TCP header that every ICMP error carries (RFC 792). */
function readQuoted(view: DataView, at: number, into: Answer): void {
	into.localPort = view.getUint16(at);
	into.port = view.getUint16(at + 2);
	into.proof = view.getUint32(at + 4);
	into.laxProof = into.proof;
}

/** RFC 792, RFC 1812 5.2.7.1. A port that is unreachable is what a connect calls refused. */
function stateOfIcmp4(type: number, code: number): PairState | null {
	if (type === 11) return "unreachable";
	if (type !== 3 || code === 4) return null;
	if (code === 3) return "closed";
	return code === 9 || code === 10 || code === 13 ? "filtered" : "unreachable";
}

/** RFC 4443 3.1, 3.3. */
function stateOfIcmp6(type: number, code: number): PairState | null {
	if (type === 3) return "unreachable";
	if (type !== 1) return null;
	if (code === 4) return "closed";
	return code === 1 || code === 5 || code === 6 ? "filtered" : "unreachable";
}
