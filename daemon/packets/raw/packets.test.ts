/** Packets as bytes: probes have right checksums, the kernel's filter and the reader agree on what is an answer, and no bytes do harm. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAddress } from "../../scope/address.ts";
import { AddressSet } from "../../scope/address-set.ts";
import { Scope } from "../../scope/scope.ts";
import { type Answer, newAnswer, readAnswer4, readAnswer6 } from "./answer.ts";
import { dumpRequest, linkRequest, readDump, readLink, readRoute, routeRequest } from "./netlink.ts";
import { filter4, filter6, filterArp, snapLength } from "./packet-filter.ts";
import { PacketGuard } from "./packet-guard.ts";
import { coprimeStride, PortOrder } from "./port-order.ts";
import { ResultColumns } from "./result-columns.ts";
import { prepareSyn4, prepareSyn6, syn4Length, syn6Length, writeSyn4, writeSyn6 } from "./syn-packet.ts";

const word = fc.integer({ min: 0, max: 0xffffffff });
const port = fc.integer({ min: 0, max: 65_535 });
const block = 0xf000;

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** RFC 1071, written as the definition says. */
function sum(view: DataView, from: number, to: number, start = 0): number {
	let total = start;
	for (let at = from; at < to; at += 2) total += view.getUint16(at);
	while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 65_536);
	return total;
}

function syn4(from: number, to: number, fromPort: number, toPort: number, sequence: number): DataView {
	const view = new DataView(new ArrayBuffer(syn4Length));
	prepareSyn4(view, 0);
	writeSyn4(view, 0, from, to, fromPort, toPort, sequence);
	return view;
}

/** What a host says to a SYN: its addresses and ports turned round, the sequence number acknowledged. */
function reply4(probe: DataView, flags: number, acknowledged = (probe.getUint32(24) + 1) >>> 0): DataView {
	const view = new DataView(probe.buffer.slice(0));
	view.setUint32(12, probe.getUint32(16));
	view.setUint32(16, probe.getUint32(12));
	view.setUint16(20, probe.getUint16(22));
	view.setUint16(22, probe.getUint16(20));
	view.setUint32(28, acknowledged);
	view.setUint8(33, flags);
	return view;
}

function icmp4(probe: DataView, type: number, code: number, from: number): DataView {
	const view = new DataView(new ArrayBuffer(20 + 8 + 28));
	view.setUint16(0, 0x4500);
	view.setUint8(9, 1);
	view.setUint32(12, from);
	view.setUint32(16, probe.getUint32(12));
	view.setUint8(20, type);
	view.setUint8(21, code);
	for (let i = 0; i < 28; i++) view.setUint8(28 + i, probe.getUint8(i));
	return view;
}

/** Runs a classic BPF program as the kernel would; 0 also for a read past the end. */
function runFilter(program: Uint8Array, packet: DataView): number {
	const code = viewOf(program);
	let a = 0;
	let x = 0;
	for (let at = 0; at < program.length; at += 8) {
		const [operation, yes, no] = [code.getUint16(at, true), code.getUint8(at + 2), code.getUint8(at + 3)];
		const k = code.getUint32(at + 4, true);
		try {
			if (operation === 0x30) a = packet.getUint8(k);
			else if (operation === 0x28) a = packet.getUint16(k);
			else if (operation === 0x50) a = packet.getUint8(x + k);
			else if (operation === 0x48) a = packet.getUint16(x + k);
			else if (operation === 0xb1) x = (packet.getUint8(k) & 15) * 4;
			else if (operation === 0x54) a &= k;
			else if (operation === 0x15) at += 8 * (a === k ? yes : no);
			else if (operation === 0x45) at += 8 * ((a & k) !== 0 ? yes : no);
			else if (operation === 0x06) return k;
			else throw new Error(`operation ${operation}`);
		} catch (err) {
			if (err instanceof RangeError) return 0;
			throw err;
		}
	}
	throw new Error("the program has no end");
}

const flags = { syn: 0x02, synAck: 0x12, reset: 0x04, resetAck: 0x14, ack: 0x10 };

test("both checksums of a probe are right, whatever is in it", () => {
	fc.assert(
		fc.property(word, word, port, port, word, (from, to, fromPort, toPort, sequence) => {
			const view = syn4(from, to, fromPort, toPort, sequence);
			expect(sum(view, 0, 20)).toBe(0xffff);
			const pseudo = sum(view, 12, 20) + 6 + (syn4Length - 20);
			expect(sum(view, 20, syn4Length, pseudo)).toBe(0xffff);
			expect([view.getUint16(20), view.getUint16(22), view.getUint32(24)]).toEqual([fromPort, toPort, sequence]);
		}),
	);
});

test("an answer is read for what it proves, and passes the filter; what is no answer does neither", () => {
	const inBlock = fc.integer({ min: block, max: 0xffff });
	fc.assert(
		fc.property(word, word, inBlock, port, word, (from, to, fromPort, toPort, sequence) => {
			const probe = syn4(from, to, fromPort, toPort, sequence);
			const answer = newAnswer();
			const read = (view: DataView) => readAnswer4(view, 0, view.byteLength, answer);
			const taken = (view: DataView) => runFilter(filter4(block), view) === snapLength;
			const proven = { port: toPort, localPort: fromPort, proof: sequence, wordCount: 1 };
			for (const [flag, state] of [
				[flags.synAck, "open"],
				[flags.resetAck, "closed"],
			] as const) {
				const reply = reply4(probe, flag);
				expect([taken(reply), read(reply)]).toEqual([true, true]);
				expect(answer).toMatchObject({ ...proven, state, direct: true });
				expect(answer.words[0]).toBe(to);
			}
			for (const flag of [flags.syn, flags.ack]) {
				expect([taken(reply4(probe, flag)), read(reply4(probe, flag))]).toEqual([false, false]);
			}
			expect(taken(probe)).toBe(false);
			expect(read(reply4(probe, flags.reset))).toBe(false);
			const elsewhere = syn4(from, to, fromPort & 0x0fff, toPort, sequence);
			expect(taken(reply4(elsewhere, flags.synAck))).toBe(false);
			// Some stacks acknowledge without counting the SYN.
			expect(read(reply4(probe, flags.resetAck, sequence))).toBe(true);
			expect(answer.laxProof).toBe(sequence);
		}),
	);
});

test.each([
	[3, 3, "closed"],
	[3, 0, "unreachable"],
	[3, 1, "unreachable"],
	[3, 9, "filtered"],
	[3, 10, "filtered"],
	[3, 13, "filtered"],
	[11, 0, "unreachable"],
	[3, 4, null],
	[0, 0, null],
	[5, 0, null],
])("ICMP type %i code %i about a probe is %s", (type, code, state) => {
	const probe = syn4(0x7f000001, 0x7f000002, 0xf123, 80, 0xdeadbeef);
	const answer = newAnswer();
	for (const from of [0x7f000002, 0x7f000009]) {
		const view = icmp4(probe, type, code, from);
		expect(readAnswer4(view, 0, view.byteLength, answer)).toBe(state !== null);
		if (state === null) continue;
		expect(runFilter(filter4(block), view)).toBe(snapLength);
		expect(answer).toMatchObject({
			state,
			port: 80,
			localPort: 0xf123,
			proof: 0xdeadbeef,
			direct: from === 0x7f000002,
		});
		expect(answer.words[0]).toBe(0x7f000002);
	}
});

describe("IPv6", () => {
	const packet = (next: number, payload: Uint8Array, from: number[]): DataView => {
		const bytes = new Uint8Array(40 + payload.length);
		bytes[0] = 0x60;
		bytes[6] = next;
		bytes.set(payload, 40);
		const view = viewOf(bytes);
		from.forEach((part, i) => {
			view.setUint32(8 + i * 4, part);
		});
		return view;
	};
	const target = [0xfd990000, 0, 0, 7];
	const segment = (flag: number) => {
		const view = new DataView(new ArrayBuffer(syn6Length));
		prepareSyn6(view, 0);
		writeSyn6(view, 0, 443, 0xf010, 0);
		view.setUint32(8, 0x1235);
		view.setUint8(13, flag);
		return new Uint8Array(view.buffer);
	};

	test.each([
		[flags.synAck, "open"],
		[flags.resetAck, "closed"],
	])("flags %i are %s", (flag, state) => {
		const view = packet(6, segment(flag), target);
		const answer = newAnswer();
		expect(readAnswer6(view, 0, view.byteLength, answer)).toBe(true);
		expect(answer).toMatchObject({ state, port: 443, localPort: 0xf010, proof: 0x1234, wordCount: 4 });
		expect([...answer.words]).toEqual(target);
		expect(runFilter(filter6(block), view)).toBe(snapLength);
	});

	test.each([
		[1, 0, "unreachable"],
		[1, 1, "filtered"],
		[1, 3, "unreachable"],
		[1, 4, "closed"],
		[1, 6, "filtered"],
		[3, 0, "unreachable"],
		[2, 0, null],
		[135, 0, null],
	])("ICMPv6 type %i code %i about a probe is %s", (type, code, state) => {
		const probe = new Uint8Array(8 + 40 + syn6Length);
		const view = viewOf(probe);
		probe.set([type, code], 0);
		probe[8] = 0x60;
		probe[14] = 6;
		target.forEach((part, i) => {
			view.setUint32(8 + 24 + i * 4, part);
		});
		writeSyn6(view, 48, 0xf010, 443, 99);
		const whole = packet(58, probe, [0xfe800000, 0, 0, 1]);
		const answer = newAnswer();
		expect(readAnswer6(whole, 0, whole.byteLength, answer)).toBe(state !== null);
		if (state === null) return;
		expect(answer).toMatchObject({ state, port: 443, localPort: 0xf010, proof: 99, direct: false });
		expect([...answer.words]).toEqual(target);
		expect(runFilter(filter6(block), whole)).toBe(snapLength);
	});
});

test("no bytes make a reader throw or look past its end", () => {
	const likely = fc.tuple(fc.constantFrom(0x45, 0x46, 0x4f, 0x60, 0x40), fc.uint8Array({ maxLength: 160 }));
	fc.assert(
		fc.property(likely, fc.constantFrom(1, 6, 58, 17), fc.nat(20), ([first, rest], protocol, pad) => {
			const bytes = new Uint8Array(pad + 1 + rest.length);
			bytes[pad] = first;
			bytes.set(rest, pad + 1);
			if (rest.length > 9) {
				bytes[pad + 9] = protocol;
				bytes[pad + 6] = first === 0x60 ? protocol : 0;
			}
			const answer: Answer = newAnswer();
			for (let length = 0; length <= bytes.length - pad; length++) {
				// A view that ends with the packet: a read behind it throws.
				const view = new DataView(bytes.buffer, 0, pad + length);
				readAnswer4(view, pad, length, answer);
				readAnswer6(view, pad, length, answer);
			}
			readRoute(bytes);
			readLink(bytes);
			readDump(bytes, () => {});
		}),
		{ numRuns: 2_000 },
	);
});

test("a route is read from what the kernel writes, and from nothing less", () => {
	// RTM_NEWROUTE for 198.18.4.7 via 198.18.0.2 dev 3 src 198.18.0.1
	const attributes = [
		[8, 0, 1, 0, 198, 18, 4, 7],
		[8, 0, 4, 0, 3, 0, 0, 0],
		[8, 0, 7, 0, 198, 18, 0, 1],
		[8, 0, 5, 0, 198, 18, 0, 2],
	].flat();
	const bytes = Uint8Array.from([
		60,
		0,
		0,
		0,
		24,
		0,
		0,
		0,
		...new Array(8).fill(0),
		2,
		32,
		0,
		0,
		254,
		0,
		0,
		1,
		0,
		0,
		0,
		0,
		...attributes,
	]);
	expect(readRoute(bytes)).toEqual({ kind: "unicast", interface: 3, source: 0xc6120001, gateway: 0xc6120002 });
	bytes[23] = 2;
	expect(readRoute(bytes)).toMatchObject({ kind: "local" });
	// Broadcast, unreachable, and a message that is cut.
	for (const type of [3, 7]) {
		bytes[23] = type;
		expect(readRoute(bytes)).toEqual({ kind: "none" });
	}
	bytes[23] = 1;
	for (let cut = 0; cut < bytes.length; cut++) expect(readRoute(bytes.subarray(0, cut))).toEqual({ kind: "none" });
	expect(routeRequest(0xc6120407).subarray(-4)).toEqual(Uint8Array.of(198, 18, 4, 7));
	expect(linkRequest(3)).toHaveLength(32);
});

test("a dump of routes is read part by part, and what is cut is no part", () => {
	// RTM_NEWROUTE for 198.18.4.64/27 and for the default, then NLMSG_DONE.
	const entry = (prefix: number, destination: readonly number[]) => {
		const attributes = destination.length === 0 ? [] : [8, 0, 1, 0, ...destination];
		return [28 + attributes.length, 0, 0, 0, 24, 0, 2, 0, ...zeros(8), 2, prefix, ...zeros(10), ...attributes];
	};
	const zeros = (count: number) => new Array<number>(count).fill(0);
	const part = Uint8Array.from([...entry(27, [198, 18, 4, 64]), ...entry(0, [])]);
	const end = Uint8Array.from([20, 0, 0, 0, 3, 0, 2, 0, ...zeros(12)]);
	const read = (bytes: Uint8Array) => {
		const entries: [number, number][] = [];
		return { state: readDump(bytes, (...one) => entries.push(one)), entries };
	};
	const entries = [
		[27, 0xc6120440],
		[0, 0],
	];
	expect(read(part)).toEqual({ state: "more", entries });
	expect(read(Uint8Array.from([...part, ...end]))).toEqual({ state: "done", entries });
	for (let cut = 1; cut < part.length; cut++) {
		if (cut !== 36) expect(read(part.subarray(0, cut)).state).toBe("failed");
	}
	// NLMSG_ERROR
	expect(read(Uint8Array.from([20, 0, 0, 0, 2, 0, 0, 0, ...zeros(12)])).state).toBe("failed");
	expect(dumpRequest("routes")[4]).toBe(26);
	expect(dumpRequest("rules")[4]).toBe(34);
});

test("only ARP replies pass the ARP filter", () => {
	const view = new DataView(new ArrayBuffer(28));
	for (const [operation, passes] of [
		[1, false],
		[2, true],
		[3, false],
	] as const) {
		view.setUint16(6, operation);
		expect(runFilter(filterArp(), view) > 0).toBe(passes);
	}
});

test("the guard of packets lets through what the scope does, and nothing else", () => {
	const range = fc.tuple(word, fc.nat(70_000)).map(([first, more]) => {
		const last = Math.min(0xffffffff, first + more);
		const text = (value: number) => formatAddress({ family: 4, value: BigInt(value) });
		return [text(first), text(last)] as [string, string];
	});
	const edges = (ranges: readonly (readonly [string, string])[]) =>
		AddressSet.fromText(ranges).ranges.flatMap(({ first, last }) => [first - 1n, first, last, last + 1n]);
	fc.assert(
		fc.property(fc.array(range, { maxLength: 6 }), fc.array(range, { maxLength: 6 }), word, (allow, deny, some) => {
			const scope = Scope.fromGuard({ allow, deny });
			const guard = new PacketGuard(scope);
			for (const value of [BigInt(some), ...edges(allow), ...edges(deny)]) {
				if (value < 0n || value > 0xffffffffn) continue;
				expect(guard.mayLeave(Number(value))).toBe(scope.mayProbe(formatAddress({ family: 4, value })));
			}
		}),
	);
	const bare = new PacketGuard(null);
	expect([0, 0x7f000001, 0xe0000001, 0xffffffff].map((one) => bare.mayLeave(one))).toEqual([false, true, false, false]);
});

test("the order of ports visits each once, and knows its way back", () => {
	fc.assert(
		fc.property(
			fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 400 }),
			fc.boolean(),
			fc.nat(),
			(ports, given, host) => {
				const order = new PortOrder(ports, given);
				const visited = ports.map((_, step) => order.portAt(step, host));
				expect(visited.toSorted((a, b) => a - b)).toEqual(ports.toSorted((a, b) => a - b));
				if (given) expect(visited).toEqual(ports);
				for (const one of ports) expect(order.portAt(order.stepOf(one, host), host)).toBe(one);
				for (const other of [0, 65_535, (ports[0] ?? 0) + 1]) {
					if (!ports.includes(other)) expect(order.stepOf(other, host)).toBe(-1);
				}
			},
		),
	);
	for (let size = 1; size < 300; size++) {
		const seen = new Set(Array.from({ length: size }, (_, i) => (i * coprimeStride(size)) % size));
		expect(seen.size).toBe(size);
	}
});

test("results come out whole and in order, however many hosts there are", () => {
	const result = fc.tuple(fc.constantFrom(0, 1, 5, 70_000, (1 << 21) + 3), port, fc.nat(3));
	fc.assert(
		fc.property(fc.array(result, { maxLength: 200 }), (list) => {
			const columns = new ResultColumns();
			for (const [i, [host, one, state]] of list.entries()) columns.add(host, one, state, i);
			expect(columns.length).toBe(list.length);
			const { hosts, ports, states, rtts } = columns.drain();
			const out = Array.from(hosts, (host, i) => [host, ports[i], states[i]]);
			expect(Array.from(rtts, (i) => list[i])).toEqual(out);
			expect(out.map(([host = 0, one = 0]) => host * 65_536 + one)).toEqual(
				list.map(([host, one]) => host * 65_536 + one).sort((a, b) => a - b),
			);
			expect(columns.length).toBe(0);
		}),
	);
});
