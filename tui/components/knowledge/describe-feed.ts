/** A feed and its source as text: how old, how much, under which terms, and what went wrong the last time. */
import type { UpdateStep } from "../../../protocol/model/knowledge-update.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { age, count, when } from "../../text/format.ts";
import { bytesText, refusedLines, stepText } from "../../text/update-words.ts";
import type { Piece } from "../../theme/line.ts";
import type { Block } from "../reader/document.ts";
import { type FeedRow, freshAt } from "./feed-rows.ts";

export function describeFeed(row: FeedRow, now: number): Block[] {
	const { feed, source, step } = row;
	const field = (name: string, ...pieces: Piece[]): Block => ({ kind: "field", name, pieces });
	const blocks: Block[] = [];
	if (source !== null && source.about !== "") blocks.push({ kind: "text", text: source.about }, { kind: "gap" });
	if (feed === null) blocks.push({ kind: "text", text: "Nothing of it is held yet.", token: "muted" });
	else {
		blocks.push(
			field("fresh", [`${age(freshAt(row), now)} ago`]),
			field("of", [when(feed.publishedAt), "muted"]),
			field("taken in", [when(feed.importedAt), "muted"]),
			field("checked", [feed.checkedAt === null ? "never: it came as a file" : when(feed.checkedAt), "muted"]),
			field("records", [count(feed.records), "number"]),
			field("ranges", [count(feed.ranges), "number"], [` (${count(feed.leftOut)} left out)`, "muted"]),
			field("hash", [feed.digest.slice(0, 32), "muted"]),
			field("file", [feed.file, "muted"]),
		);
	}
	const licence = feed?.licence ?? source?.licence ?? "";
	blocks.push(field("licence", licence === "" ? ["nobody said", "muted"] : [licence]));
	if (source !== null) {
		blocks.push(
			{ kind: "heading", text: `Source ${source.name}` },
			field("in updates", ...inUpdates(source.enabled, feed !== null)),
			...source.urls.map((url, index) => field(index === 0 ? "from" : "else from", [url])),
			...(source.sha256Url === null ? [] : [field("SHA-256", [source.sha256Url])]),
		);
	}
	if (step === null || (!row.isRunning && unfinished.includes(step.state))) return blocks;
	const bad = step.state === "failed" || step.state === "older";
	blocks.push({ kind: "heading", text: row.isRunning ? "This update" : "The last update" });
	blocks.push({ kind: "text", text: stepText(step), token: bad ? "bad" : "text" });
	if (step.hint !== null) blocks.push({ kind: "text", text: `→ ${step.hint}`, token: "muted" });
	if (step.trouble !== null && !bad) {
		blocks.push({ kind: "text", text: `Attempt ${step.attempt}, after: ${step.trouble}`, token: "muted" });
	}
	if (step.resumedFrom > 0) {
		blocks.push({ kind: "text", text: `Gone on from ${bytesText(step.resumedFrom)}.`, token: "muted" });
	}
	if (step.refused !== undefined) {
		blocks.push(...refusedLines(step.refused).map((text): Block => ({ kind: "text", text, token: "muted" })));
	}
	return blocks;
}

function inUpdates(isOn: boolean, isHeld: boolean): Piece[] {
	if (isOn) return [["yes", "good"]];
	const stays = isHeld ? ": what is held stays in force" : "";
	return [
		["no", isHeld ? "warning" : "muted"],
		[`${stays}; `, "muted"],
		[keyOf("knowledge", "switch"), "key"],
		[" switches it on", "muted"],
	];
}

/** What an update that was cut off leaves behind says nothing. */
const unfinished: readonly UpdateStep["state"][] = ["waiting", "downloading", "downloaded", "importing"];
