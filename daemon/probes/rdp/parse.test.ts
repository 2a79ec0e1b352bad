import fc from "fast-check";
import { expect, it } from "vitest";
import { hostileBytes } from "../hostile.test-support.ts";
import { bodyLength, connectionRequest, parseConfirm, recogniseRdp } from "./parse.ts";

const confirm = (...negotiation: number[]) =>
	Buffer.from([3, 0, 0, 11 + negotiation.length, 6 + negotiation.length, 0xd0, 0, 0, 0x12, 0x34, 0, ...negotiation]);
const tls = confirm(2, 0x1f, 8, 0, 1, 0, 0, 0);
const hybridRequired = confirm(3, 0, 8, 0, 5, 0, 0, 0);
const bare = confirm();

it("asks for layers by their bits", () => {
	expect(connectionRequest(["tls", "hybrid", "hybrid-ex"]).readUInt32LE(15)).toBe(11);
	expect(connectionRequest(["rdp"]).readUInt32LE(15)).toBe(0);
	expect(connectionRequest(["tls"]).readUInt16BE(2)).toBe(connectionRequest(["tls"]).length);
});

it("reads a confirm", () => {
	expect(bodyLength(tls)).toBe(15);
	expect(parseConfirm(tls.subarray(4))).toEqual({ kind: "selected", layer: "tls" });
	expect(parseConfirm(hybridRequired.subarray(4))).toEqual({ kind: "failure", code: 5 });
	expect(parseConfirm(bare.subarray(4))).toEqual({ kind: "selected", layer: "rdp" });
	expect(parseConfirm(confirm(2, 0, 8, 0, 4, 0, 0, 0).subarray(4))).toEqual({ kind: "selected", layer: null });
	expect(parseConfirm(confirm(9, 0, 8, 0, 0, 0, 0, 0).subarray(4))).toBeNull();
});

it("is sure of negotiation data and less so of a bare ISO confirm", () => {
	expect(recogniseRdp(tls)).toBe(1);
	expect(recogniseRdp(bare)).toBe(0.6);
	expect(recogniseRdp(Buffer.from("HTTP/1.1 400"))).toBe(0);
	expect(recogniseRdp(Buffer.of(3, 0, 0, 7, 2, 0xf0, 0x80))).toBe(0);
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes([tls, hybridRequired, bare]), (bytes) => {
			const confidence = recogniseRdp(bytes);
			expect(confidence >= 0 && confidence <= 1).toBe(true);
			const length = bodyLength(bytes);
			if (length !== null) expect(length).toBeLessThanOrEqual(512);
			parseConfirm(bytes);
		}),
		{ numRuns: 4_000 },
	);
});
