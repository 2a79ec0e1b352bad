/** How the last login to an asset went, in words: from its evidence, whose shape is the daemon's. */
import type { EvidenceRecordView } from "../../protocol/model/asset.ts";
import type { Token } from "../theme/look.ts";

export interface LoginTold {
	readonly text: string;
	readonly token: Token;
	/** What stood in the way and what to do about it; empty where nothing did. */
	readonly why: string;
	/** When it was tried. */
	readonly at: string;
}

/** Null: no scan with logins has been there. */
export function lastLogin(records: readonly EvidenceRecordView[]): LoginTold | null {
	const record = records
		.filter(({ kind }) => kind === "login")
		.reduce<EvidenceRecordView | null>((last, one) => (last && last.observedAt > one.observedAt ? last : one), null);
	if (record === null) return null;
	const told = { ...(record.data as object | null) } as Readonly<Record<string, unknown>>;
	const [text, token] = outcomeWords(told);
	const why = [told.reason, told.hint].filter((part) => typeof part === "string").join(" ");
	return { text, token, why: told.outcome === "passed" ? "" : why, at: record.observedAt };
}

function outcomeWords({ outcome, user, credential }: Readonly<Record<string, unknown>>): [string, Token] {
	const who = typeof user === "string" ? ` as ${user}` : "";
	const by = typeof credential === "string" ? ` with ${credential}` : "";
	switch (outcome) {
		case "passed":
			return [`passed${who}${by}`, "good"];
		case "insufficient":
			return [`passed${who}${by}, without the rights it needs`, "warning"];
		case "not-attempted":
			return ["not tried", "muted"];
		case "locked":
			return ["not tried: the secrets are locked", "warning"];
		default:
			return [`failed${who}${by}`, "bad"];
	}
}
