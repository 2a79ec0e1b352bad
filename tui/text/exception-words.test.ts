import { expect, test } from "vitest";
import type { ExceptionPreview } from "../../protocol/model/exception.ts";
import { exceptionOf } from "../connect/sample-exceptions.test-support.ts";
import { previewWords, similarWords } from "./exception-words.ts";

test("those set apart already are named as part of what a request is compared with", () => {
	const preview: ExceptionPreview = {
		...{ subject: "Weak keys on 12 assets", findings: 12, assets: 12, excepted: 1, of: 80 },
		...{ first: [], similar: [], refusal: null, digest: "0" },
		bySeverity: { "1": 0, "2": 0, "3": 12, "4": 0, "5": 0 },
	};
	expect(previewWords(preview, false)).toEqual([
		"It hides 12 findings on 12 assets, of 80 that are open or set apart: 12 of severity 3.",
		"1 of them is set apart already.",
		"Findings that come later are not covered.",
	]);
});

test("of what has ended it is told who approved it when, and when it ended", () => {
	const one = exceptionOf(3, {});
	const dates = { decidedAt: "2026-03-01T10:00:00.000Z", decidedBy: "unix:7", decisionNote: "seen", subject: "Redis" };
	const ended = {
		...one,
		...dates,
		kind: "false-positive" as const,
		endedAt: "2026-05-30T10:00:00.000Z",
		endedBy: "daemon",
	};
	expect(similarWords({ ...ended, state: "expired" })).toBe(
		"3  false-positive, approved 2026-03-01 by unix:7: seen; expired 2026-05-30  (Redis)",
	);
	expect(similarWords({ ...ended, state: "rejected", endedAt: null, endedBy: null })).toBe(
		"3  false-positive, rejected 2026-03-01 by unix:7: seen  (Redis)",
	);
});
