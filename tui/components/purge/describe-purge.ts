/** Purges and purge rules in words. */
import type { Purge, PurgedAsset, PurgePreview, PurgeRule } from "../../../protocol/model/purge.ts";
import { count, plural } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import type { Block } from "../reader/document.ts";

const dayOf = (at: string) => at.slice(0, 10);

export function stateOf({ state, undoUntil }: Purge): Piece[] {
	if (state === "undoable") return [[`until ${dayOf(undoUntil)}`, "good"]];
	return [[state === "undone" ? "undone" : "for good", "muted"]];
}

/** `assets` is undefined until they have come. */
export function describePurge(purge: Purge, assets: readonly PurgedAsset[] | undefined): Block[] {
	const { rule, restored, findings } = purge;
	return [
		{ kind: "heading", text: `Purge ${purge.id}` },
		{ kind: "field", name: "When", pieces: [[`${purge.at.slice(0, 16).replace("T", " ")} UTC`]] },
		{ kind: "field", name: "Who", pieces: [[personName(purge.by)]] },
		{ kind: "field", name: "Query", pieces: [[purge.query]] },
		{ kind: "field", name: "Reason", pieces: [[purge.reason]] },
		...(rule === null ? [] : [{ kind: "field", name: "Rule", pieces: [[rule]] } as Block]),
		{
			...{ kind: "field", name: "Took" },
			pieces: [[`${plural(purge.assets, "asset")}, ${plural(findings, "open finding")}`]],
		},
		{ kind: "field", name: "Put back", pieces: [[count(restored)]] },
		{ kind: "field", name: "Undo", pieces: stateOf(purge) },
		{ kind: "heading", text: "Assets" },
		...(assets ?? []).map(
			(asset): Block => ({
				kind: "pieces",
				pieces: [[`${asset.asset} `, "muted"], [asset.name], [`  ${asset.address}`, "address"], ...nowOf(asset)],
			}),
		),
	];
}

function nowOf({ restoredAt, kept }: PurgedAsset): Piece[] {
	if (restoredAt !== null) return [["  put back", "good"]];
	return kept ? [] : [["  gone", "muted"]];
}

/** What is asked before a purge. */
export function previewLines(preview: PurgePreview, query: string): string[] {
	const { assets, of, findings, services, records, first, stays, undoUntil } = preview;
	return [
		`${query} matches ${plural(assets, "asset")} of ${count(of)}.`,
		`They go with ${plural(findings, "open finding")}, ${plural(services, "open port")} and ${count(records)} pieces of evidence:`,
		...first.slice(0, 5).map(({ name, lastSeen }) => `  ${name}, last seen ${dayOf(lastSeen)}`),
		...(assets > 5 ? [`  and ${count(assets - 5)} more`] : []),
		"What stays:",
		...stays.map((sentence) => `  ${sentence}`),
		`Until ${dayOf(undoUntil)} it can be undone.`,
	];
}

export function describeRule(rule: PurgeRule): Block[] {
	return [
		{ kind: "heading", text: rule.name },
		{ kind: "field", name: "Query", pieces: [[rule.query]] },
		{ kind: "field", name: "Reason", pieces: [[rule.reason]] },
		{ kind: "field", name: "At most", pieces: [[`${plural(rule.most, "asset")}; when more match, none goes`]] },
		{
			kind: "field",
			name: "Next",
			pieces: [[rule.enabled ? `${rule.nextAt.slice(0, 16).replace("T", " ")} UTC` : "off"]],
		},
		{ kind: "field", name: "Made", pieces: [[`${dayOf(rule.madeAt)} by ${personName(rule.madeBy)}`]] },
		{ kind: "field", name: "Last", pieces: [[rule.lastOutcome ?? "never"]] },
	];
}
