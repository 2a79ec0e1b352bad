/** Plausible requests for tests; `text` stands in for what people and hosts wrote. */
import type { MethodResult } from "../../protocol/define.ts";
import type { get } from "../../protocol/methods/exceptions.ts";
import type {
	CoveredFinding,
	Exception,
	ExceptionForCaller,
	ExceptionPreview,
} from "../../protocol/model/exception.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";

const at = "2026-02-03T09:12:44.000Z";
const digest = "d".repeat(32);

/** The first was rejected, the second is approved, the rest wait; odd ones were asked for by unix:1001, the others by oneself. */
export function exceptionOf(id: number, { text }: SampleOptions): Exception {
	const decided = id < 3;
	return {
		...{ id, kind: "false-positive", state: id === 1 ? "rejected" : id === 2 ? "approved" : "requested" },
		...{ scope: { kind: "query", query: text ?? "tags:lab", qids: [100_042], live: false }, live: false },
		...{ subject: text ?? "Redis server - no password needed on 61 assets", findings: 214, assets: 61 },
		...{
			reason: text ?? "tried by hand from two networks",
			requester: text ?? (id % 2 === 1 ? "unix:1001" : "unix:1000"),
		},
		...{ requestedAt: at, days: 90, until: id === 2 ? "2026-05-04T09:12:44.000Z" : null },
		...{ batch: null, previous: null, next: null, signed: false, endedBy: null, endedAt: null, endNote: null },
		...{ decidedBy: decided ? (text ?? "unix:1002") : null, decidedAt: decided ? at : null },
		...{ decisionNote: decided ? (text ?? "seen") : null, evidence: 1, comments: 0 },
	};
}

/** The fourth is one that this caller may not decide on. */
export function exceptionForMe(id: number, options: SampleOptions): ExceptionForCaller {
	return { ...exceptionOf(id, options), refusal: id === 4 ? "You asked for this: four eyes are needed." : null };
}

function coveredOf(id: number, { text }: SampleOptions): CoveredFinding {
	return {
		...{ id, qid: 100_042, title: text ?? "Redis server - no password needed", severity: 5, port: 6379 },
		...{ asset: { id, name: text ?? `cache-${id}.example.org` }, address: `10.0.0.${id}` },
	};
}

export function exceptionDetailOf(id: number, options: SampleOptions): MethodResult<typeof get> {
	const { text } = options;
	return {
		exception: exceptionForMe(id, options),
		findings: [coveredOf(1, options), coveredOf(2, options)],
		evidence: [{ id: 1, name: "proof.txt", bytes: 512, sha256: "0".repeat(64), who: text ?? "unix:1001", at }],
		history: [{ at, kind: "requested", who: text ?? "unix:1001", text: text ?? "tried by hand from two networks" }],
		similar: [exceptionOf(1, options)],
		singleOperator: id === 5,
	};
}

export function exceptionPreviewOf(findings: number, options: SampleOptions): ExceptionPreview {
	return {
		...{ subject: options.text ?? "Redis server - no password needed", findings, assets: 61, of: 900, excepted: 0 },
		bySeverity: { "1": 0, "2": 0, "3": 0, "4": 0, "5": findings },
		...{ first: [coveredOf(1, options)], similar: [exceptionOf(1, options)], refusal: null, digest },
	};
}
