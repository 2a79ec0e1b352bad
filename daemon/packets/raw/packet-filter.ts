/** Classic BPF programs for the kernel: only what may be an answer to us is handed up at all. Pure. */

/** An instruction: operation, operand, and for a jump the labels to go to; without one it goes on. */
interface Step {
	readonly label?: string;
	readonly code: number;
	readonly k?: number;
	readonly yes?: string;
	readonly no?: string;
}

/** linux/bpf_common.h */
const op = {
	loadByte: 0x30,
	loadHalf: 0x28,
	loadByteAtX: 0x50,
	loadHalfAtX: 0x48,
	/** X = 4 × the low half of the byte: the length of an IPv4 header. */
	loadHeaderLength: 0xb1,
	and: 0x54,
	jumpIfEqual: 0x15,
	jumpIfAnySet: 0x45,
	return: 0x06,
} as const;

/** Ports 4,096 in number, aligned: those that probes are sent from. */
export const portBlockSize = 4_096;
const blockMask = 0xffff & ~(portBlockSize - 1);
/** Bytes of a packet that are worth having. */
export const snapLength = 160;

const verdict: readonly Step[] = [
	{ label: "take", code: op.return, k: snapLength },
	{ label: "drop", code: op.return, k: 0 },
];

const afterPort = (port: Step, flags: Step, block: number): readonly Step[] => [
	port,
	{ code: op.and, k: blockMask },
	{ code: op.jumpIfEqual, k: block, no: "drop" },
	flags,
	{ code: op.jumpIfAnySet, k: 0x04, yes: "take" },
	{ code: op.and, k: 0x12 },
	{ code: op.jumpIfEqual, k: 0x12, yes: "take", no: "drop" },
];

/** For packets that begin with the IPv4 header: resets and SYN-ACKs to the block of ports; ICMP errors. */
export function filter4(block: number): Uint8Array {
	return assemble([
		{ code: op.loadByte, k: 9 },
		{ code: op.jumpIfEqual, k: 1, yes: "icmp" },
		{ code: op.jumpIfEqual, k: 6, no: "drop" },
		{ code: op.loadHalf, k: 6 },
		{ code: op.jumpIfAnySet, k: 0x1fff, yes: "drop" },
		{ code: op.loadHeaderLength, k: 0 },
		...afterPort({ code: op.loadHalfAtX, k: 2 }, { code: op.loadByteAtX, k: 13 }, block),
		{ label: "icmp", code: op.loadHeaderLength, k: 0 },
		{ code: op.loadByteAtX, k: 0 },
		{ code: op.jumpIfEqual, k: 3, yes: "take" },
		{ code: op.jumpIfEqual, k: 11, yes: "take", no: "drop" },
		...verdict,
	]);
}

/** The same for packets that begin with the IPv6 header. */
export function filter6(block: number): Uint8Array {
	return assemble([
		{ code: op.loadByte, k: 6 },
		{ code: op.jumpIfEqual, k: 58, yes: "icmp" },
		{ code: op.jumpIfEqual, k: 6, no: "drop" },
		...afterPort({ code: op.loadHalf, k: 42 }, { code: op.loadByte, k: 53 }, block),
		{ label: "icmp", code: op.loadByte, k: 40 },
		{ code: op.jumpIfEqual, k: 1, yes: "take" },
		{ code: op.jumpIfEqual, k: 3, yes: "take", no: "drop" },
		...verdict,
	]);
}

/** Resets to one port. A raw IPv4 socket sees the IP header too, an IPv6 one begins with TCP's. */
export function filterReset(family: 4 | 6, port: number): Uint8Array {
	const [header, destination, flags]: Step[] =
		family === 4
			? [
					{ code: op.loadHeaderLength, k: 0 },
					{ code: op.loadHalfAtX, k: 2 },
					{ code: op.loadByteAtX, k: 13 },
				]
			: [
					{ code: op.loadByte, k: 0 },
					{ code: op.loadHalf, k: 2 },
					{ code: op.loadByte, k: 13 },
				];
	return assemble([
		header,
		destination,
		{ code: op.jumpIfEqual, k: port, no: "drop" },
		flags,
		{ code: op.jumpIfAnySet, k: 0x04, yes: "take", no: "drop" },
		...verdict,
	] as Step[]);
}

/** ARP replies (RFC 826: operation 2), for packets that begin with the ARP header. */
export function filterArp(): Uint8Array {
	return assemble([{ code: op.loadHalf, k: 6 }, { code: op.jumpIfEqual, k: 2, yes: "take", no: "drop" }, ...verdict]);
}

/** Nothing at all, for a socket that only sends. */
export function filterNothing(): Uint8Array {
	return assemble([{ code: op.return, k: 0 }]);
}

/** `struct sock_filter[]`, little-endian: code, two jump distances, operand. */
function assemble(steps: readonly Step[]): Uint8Array {
	const places = new Map(steps.flatMap(({ label }, i) => (label === undefined ? [] : [[label, i] as const])));
	const bytes = new Uint8Array(steps.length * 8);
	const view = new DataView(bytes.buffer);
	const distance = (from: number, label: string | undefined) =>
		label === undefined ? 0 : (places.get(label) ?? from) - from - 1;
	steps.forEach(({ code, k = 0, yes, no }, i) => {
		view.setUint16(i * 8, code, true);
		view.setUint8(i * 8 + 2, distance(i, yes));
		view.setUint8(i * 8 + 3, distance(i, no));
		view.setUint32(i * 8 + 4, k, true);
	});
	return bytes;
}
