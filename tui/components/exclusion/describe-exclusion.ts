/** An exclusion and what happened to it, in words. */
import type { Exclusion, ExclusionEvent } from "../../../protocol/model/exclusion.ts";
import { when } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import type { Block } from "../reader/document.ts";

const states: Readonly<Record<Exclusion["state"], Piece>> = {
	holds: ["✓ holds", "good"],
	expired: ["○ expired", "warning"],
	removed: ["✗ removed", "faint"],
};

export function statePieces(state: Exclusion["state"]): Piece[] {
	return [states[state]];
}

export function untilText({ expiresAt }: Exclusion): string {
	return expiresAt === null ? "for good" : when(expiresAt);
}

export function describeExclusion(exclusion: Exclusion): Block[] {
	const ranges = exclusion.ranges.map(([first, last]) => (first === last ? first : `${first}-${last}`));
	return [
		{ kind: "field", name: "state", pieces: statePieces(exclusion.state) },
		{ kind: "field", name: "why", pieces: [[exclusion.comment]] },
		{ kind: "field", name: "until", pieces: [[untilText(exclusion)]] },
		{ kind: "field", name: "stands for", pieces: [[ranges.join(" ") || "not kept", "address"]] },
		{
			kind: "field",
			name: "added",
			pieces: [
				[when(exclusion.addedAt)],
				[exclusion.addedBy === null ? "" : ` by ${personName(exclusion.addedBy)}`, "muted"],
			],
		},
	];
}

const marks: Readonly<Record<ExclusionEvent["action"], Piece>> = {
	added: ["+", "warning"],
	removed: ["−", "bad"],
	expired: ["○", "muted"],
};

export function eventPieces(event: ExclusionEvent): Block[] {
	const by = event.by === null ? "" : ` by ${personName(event.by)}`;
	return [
		{
			kind: "pieces",
			pieces: [
				marks[event.action],
				[` ${when(event.at)} `, "muted"],
				[`${event.action} `],
				[event.target, "address"],
				[by, "muted"],
			],
		},
		{ kind: "text", text: event.comment, token: "muted", indent: 2 },
	];
}
