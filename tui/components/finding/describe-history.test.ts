import { expect, test } from "vitest";
import type { FindingEvent } from "../../../protocol/model/finding.ts";
import { findingOf } from "../../connect/sample-findings.test-support.ts";
import { drawReader } from "../reader/document.ts";
import { describeHistory } from "./describe-history.ts";

test("what came of a test is told in full, however narrow the screen is", () => {
	const note =
		"Tested again by scan 5 for ana: open before, fixed now. Seen before: INFO was answered without a password.";
	const at = "2026-02-03T09:12:44.000Z";
	const event: FindingEvent = { at, kind: "verified", scan: 5, source: null, result: note };
	const finding = findingOf(1, {});
	const detail = { finding, events: [event], evidence: [] } as unknown as Parameters<typeof describeHistory>[0];
	const drawn = drawReader(describeHistory(detail, Date.parse(at)), 60, 40, 0).join("\n");
	const plain = drawn.replace(/\u001b\[[\d;]*m/g, "").replace(/\s+/g, " ");
	expect(plain).toContain("tested again scan 5");
	expect(plain).toContain(note);
});
