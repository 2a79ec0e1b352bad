/** Datagrams that programs of the field read as what they are meant to be, and the one answer that is parsed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { datagramFor, netbiosNameOf } from "./datagrams.ts";

/** RFC 1002 section 4.2.18, with names of 15 characters, a type and flags. */
function nodeStatus(id: number, names: readonly (readonly [string, number, number])[]): Buffer {
	const head = Buffer.alloc(56);
	head.writeUInt16BE(id, 0);
	head.writeUInt16BE(0x8400, 2);
	head.writeUInt16BE(1, 6);
	head[12] = 32;
	head.write("CK".padEnd(32, "A"), 13);
	head.writeUInt16BE(0x21, 46);
	head.writeUInt16BE(1, 48);
	const rows = names.map(([name, type, flags]) => {
		const row = Buffer.alloc(18);
		row.write(name.padEnd(15, " "), 0, 15, "latin1");
		row[15] = type;
		row.writeUInt16BE(flags, 16);
		return row;
	});
	return Buffer.concat([head, Buffer.from([names.length]), ...rows, Buffer.alloc(46)]);
}

test("the machine's name is the unique one of type 0", () => {
	const names = [
		["WORKGROUP", 0, 0x8400],
		["FILES-01", 0x20, 0x0400],
		["FILES-01", 0, 0x0400],
	] as const;
	expect(netbiosNameOf(nodeStatus(7, names), 7)).toBe("FILES-01");
	expect(netbiosNameOf(nodeStatus(7, names), 8), "another question's answer").toBeNull();
	expect(netbiosNameOf(nodeStatus(7, [["WORKGROUP", 0, 0x8400]]), 7)).toBeNull();
	expect(netbiosNameOf(nodeStatus(7, [["\u001b[2J", 0, 0]]), 7), "not printable").toBeNull();
	expect(netbiosNameOf(datagramFor(137, 7), 7), "our own question").toBeNull();
});

test("no bytes do harm", () => {
	const bytes = fc.oneof(
		fc.uint8Array({ maxLength: 300 }),
		fc.tuple(fc.nat(270), fc.nat(255)).map(([at, value]) => {
			const message = nodeStatus(1, Array(12).fill(["HOST", 0, 0x0400] as const));
			message[at] = value;
			return message;
		}),
	);
	fc.assert(
		fc.property(bytes, fc.nat(65_535), (message, id) => {
			const name = netbiosNameOf(message, id);
			if (name !== null) expect(name).toMatch(/^[\x20-\x7e]{1,15}$/);
		}),
		{ numRuns: 100_000 },
	);
});

test("lengths inside the datagrams are those outside", () => {
	const offer = datagramFor(500, 1);
	expect(offer.readUInt32BE(24)).toBe(offer.length);
	expect(offer.readUInt16BE(30)).toBe(offer.length - 28);
	expect(datagramFor(137, 1)).toHaveLength(50);
	expect(datagramFor(111, 1)).toHaveLength(40);
	expect(datagramFor(123, 1)).toHaveLength(48);
	expect(datagramFor(9_999, 1)).toHaveLength(0);
});
