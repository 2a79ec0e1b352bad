import fc from "fast-check";
import { expect, test } from "vitest";
import { netbiosIn, readNodeStatus } from "./netbios.ts";

/** A node status response with these names: text, type, group or not. */
function response(names: readonly [string, number, boolean][], mac = "001b21aabbcc"): Buffer {
	const head = Buffer.alloc(57);
	head.writeUInt16BE(0x8400, 2);
	head[12] = 32;
	head.writeUInt16BE(0x21, 46);
	head[56] = names.length;
	const rows = names.map(([text, type, group]) => {
		const row = Buffer.alloc(18, 0x20);
		row.write(text.padEnd(15).slice(0, 15), 0, "latin1");
		row[15] = type;
		row.writeUInt16BE(group ? 0x8400 : 0x0400, 16);
		return row;
	});
	return Buffer.concat([head, ...rows, Buffer.from(mac, "hex"), Buffer.alloc(40)]);
}

test("the unique name of type 0, and the adapter", () => {
	const bytes = response([
		["LAB", 0, true],
		["FILES", 0x20, false],
		["Files", 0, false],
	]);
	expect(readNodeStatus(bytes)).toEqual({ name: "Files", mac: "00:1b:21:aa:bb:cc" });
	const escaped = [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
	const place = { kind: "banner", address: "192.0.2.1", source: "network", complete: true, observedAt: 0 } as const;
	const record = (port: number) => ({ ...place, port, protocol: "udp" as const, data: { text: escaped, trigger: "" } });
	expect(netbiosIn(record(137))?.name).toBe("Files");
	expect(netbiosIn(record(138))).toBeNull();
});

test("cut short: what is left is told", () => {
	const bytes = response([["FILES", 0, false]]);
	expect(readNodeStatus(bytes.subarray(0, 76))).toEqual({ name: "FILES", mac: null });
	expect(readNodeStatus(bytes.subarray(0, 60))).toEqual({ name: null, mac: null });
	expect(readNodeStatus(bytes.subarray(0, 40))).toBeNull();
});

test("any bytes: never thrown, printable names alone", () => {
	const valid = response([["X", 0, false]]);
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(valid.length), (noise, at) => {
			for (const bytes of [noise, Buffer.concat([valid.subarray(0, at), noise])]) {
				const name = readNodeStatus(bytes)?.name ?? "X";
				expect(name).toMatch(/^[\x20-\x7e]{1,15}$/);
			}
		}),
	);
});
