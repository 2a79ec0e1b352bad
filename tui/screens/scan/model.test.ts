import { expect, test } from "vitest";
import type { ScanResult } from "../../../protocol/model/scan.ts";
import { scanOf } from "../../connect/sample-scans.test-support.ts";
import { emptyLive, type LiveModel, logOf, reduceLive, shownResults } from "./model.ts";

const at = "2026-03-01T12:00:00.000Z";
const host = (address: string): ScanResult => ({ kind: "host", at, address, alive: true, how: "tcp/22" });
const log: ScanResult = { kind: "log", at, level: "info", text: "started" };
const finding: ScanResult = {
	kind: "finding",
	at,
	id: 1,
	address: "127.0.0.1",
	port: 22,
	severity: 3,
	type: "confirmed",
	title: "weak",
	change: "new",
};

function watched(...results: ScanResult[]): LiveModel {
	return reduceLive(emptyLive, { kind: "snapshot", snapshot: { scan: scanOf(7, {}), results } });
}

test("the newest stands first, the log apart", () => {
	const model = reduceLive(watched(host("a"), log), { kind: "results", results: [host("b"), host("c")] });
	expect(shownResults(model)).toEqual([host("c"), host("b"), host("a")]);
	expect(logOf(model)).toEqual([log]);
});

test("on the first line the cursor follows, on another it stays with its line", () => {
	const atTop = reduceLive(watched(host("a")), { kind: "results", results: [host("b")] });
	expect(atTop.cursor).toBe(0);
	const moved = reduceLive(atTop, { kind: "move", by: 1 });
	const more = reduceLive(moved, { kind: "results", results: [host("c"), log] });
	expect(shownResults(more)[more.cursor]).toEqual(host("a"));
});

test("the stream can be narrowed to findings, and what is kept is bounded", () => {
	let model = reduceLive(watched(host("a"), finding, log), { kind: "stream" });
	expect(shownResults(model)).toEqual([finding]);
	for (let round = 0; round < 30; round++) {
		model = reduceLive(model, { kind: "results", results: Array.from({ length: 100 }, () => host("x")) });
		model = reduceLive(model, { kind: "scan", scan: scanOf(7, {}) });
	}
	expect(model.results.length).toBe(2_000);
	expect(model.rates.length).toBe(31);
});
