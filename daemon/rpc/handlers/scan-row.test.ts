import { expect, test } from "vitest";
import type { Scan } from "../../../protocol/model/scan.ts";
import { scanRow } from "./scan-row.ts";

const scan = { id: 1, targets: ["127.0.0.1"], exclusions: [] as string[] } as unknown as Scan;

test("a scan of few targets is a row as it is", () => {
	expect(scanRow(scan)).toEqual(scan);
});

test("of many targets the first are told and how many there are, within a bound", () => {
	const many = Array.from({ length: 10_000 }, (_, i) => `host-${i}.example`);
	const row = scanRow({ ...scan, targets: many, exclusions: many.map((name) => name.repeat(12)) });
	expect(row).toMatchObject({ targetsTotal: 10_000, exclusionsTotal: 10_000, targets: many.slice(0, 20) });
	expect(JSON.stringify(row).length).toBeLessThan(3_000);
	expect(scanRow({ ...scan, targets: ["x".repeat(2_000), "y"] })).toMatchObject({ targetsTotal: 2 });
});
