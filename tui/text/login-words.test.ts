import fc from "fast-check";
import { expect, test } from "vitest";
import type { EvidenceRecordView } from "../../protocol/model/asset.ts";
import { lastLogin } from "./login-words.ts";

const loginAt = (observedAt: string, data: unknown): EvidenceRecordView => ({
	...{ kind: "login", address: "127.0.0.1", port: 0, protocol: "tcp", source: "login", complete: true, scan: 1 },
	...{ observedAt, data },
});
const [before, after] = ["2026-02-01T10:00:00.000Z", "2026-02-02T10:00:00.000Z"];

test.each([
	[{ outcome: "passed", user: "root", credential: "lab" }, "passed as root with lab", "good", ""],
	[
		{ outcome: "failed", user: "ana", reason: "It was refused.", hint: "Try." },
		"failed as ana",
		"bad",
		"It was refused. Try.",
	],
	[
		{ outcome: "not-attempted", reason: "No credential is for this host." },
		"not tried",
		"muted",
		"No credential is for this host.",
	],
	[{ outcome: "insufficient", user: "ana" }, "passed as ana, without the rights it needs", "warning", ""],
])("%o is told as %s", (data, text, token, why) => {
	expect(lastLogin([loginAt(before, data)])).toEqual({ text, token, why, at: before });
});

test("the last of several counts, whatever their order", () => {
	const [passed, failed] = [loginAt(after, { outcome: "passed" }), loginAt(before, { outcome: "failed" })];
	expect(lastLogin([passed, failed])?.text).toBe("passed");
	expect(lastLogin([failed, passed])?.text).toBe("passed");
	expect(lastLogin([])).toBeNull();
});

test("whatever the evidence holds, words are made of it", () => {
	fc.assert(
		fc.property(fc.anything(), (data) => {
			expect(lastLogin([loginAt(before, data)])?.text).toMatch(/^(passed|not tried|failed)/);
		}),
	);
});
