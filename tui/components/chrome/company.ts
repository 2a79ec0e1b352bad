/** What the lines around the screen say of others, and of a screen that is held still. Pure. */

import type { AttachedConsole, ConsolePlace } from "../../../protocol/model/console.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { placeWords } from "../../state/place.ts";
import { namesOf } from "../../state/presence.ts";
import { count, duration, plural } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";

/** `ana looks at this scan`, for the breadcrumb; empty where nobody does. */
export function alsoHere(people: readonly AttachedConsole[], { about }: ConsolePlace): Piece[] {
	if (people.length === 0 || about === null) return [];
	const verb = new Set(people.map(({ name }) => name)).size === 1 ? "looks" : "look";
	return [[`${namesOf(people)} ${verb} at this ${about.kind}`, "accent"], ["  "]];
}

/** `with ana`, `with 3 others`, and who follows, for the status line. */
export function company(others: readonly AttachedConsole[], followers: readonly AttachedConsole[]): Piece[] {
	if (followers.length > 0)
		return [[`${namesOf(followers)} ${followers.length === 1 ? "follows" : "follow"} you`, "accent"]];
	const [first, second] = others;
	if (first === undefined) return [];
	return [[second === undefined ? `with ${first.name}` : `with ${count(others.length)} others`, "muted"]];
}

/** `frozen 12 s, 37 results waiting · P goes on`; `since` undefined: nothing is held. Milliseconds. */
export function frozenPieces(since: number | undefined, waiting: number, now: number): Piece[] {
	if (since === undefined) return [];
	const held = waiting === 0 ? "" : `, ${plural(waiting, "result")} waiting`;
	return [
		[`frozen ${duration(Math.max(1, (now - since) / 1_000))}${held}`, "warning"],
		[" · ", "faint"],
		[keyOf("everywhere", "freeze"), "key"],
		[" goes on", "muted"],
	];
}

/** Rows that come within this are not said to be waited for. Milliseconds. */
const heldQuietlyMs = 500;

/** `3 keys wait for rows Esc`. */
export function heldPieces(held: { readonly count: number; readonly since: number } | undefined, now: number): Piece[] {
	if (held === undefined || now - held.since < heldQuietlyMs) return [];
	return [
		[`${plural(held.count, "key")} ${held.count === 1 ? "waits" : "wait"} for rows `, "warning"],
		[keyOf("everywhere", "back"), "key"],
	];
}

/** Where the two are of different times, some things may be missing on one side. */
export function versionPieces(daemon: string, own: string): Piece[] {
	return daemon === own ? [] : [[`daemon is ${daemon}, this ${own}`, "warning"]];
}

/** `following ana Esc`, and apart from it, for where there is room: `at why of finding 3`. */
export function followPieces(followed: Pick<AttachedConsole, "name" | "place"> | undefined): readonly Piece[][] {
	if (followed === undefined) return [];
	return [
		[
			[`following ${followed.name} `, "accent"],
			[keyOf("everywhere", "back"), "key"],
		],
		[[`at ${placeWords(followed.place)}`, "muted"]],
	];
}
