/** What an update of the knowledge does and comes to, in words that the console and the command line share. */

import type { RefusedDocuments } from "../../protocol/model/knowledge.ts";
import type { UpdateProgress, UpdateStep } from "../../protocol/model/knowledge-update.ts";
import { count, duration, plural } from "./format.ts";

/** `812 B`, `34.1 MB`. */
export function bytesText(bytes: number): string {
	const units = ["B", "kB", "MB", "GB", "TB"];
	let [value, unit] = [bytes, 0];
	for (; value >= 1_000 && unit < units.length - 1; unit++) value /= 1_000;
	return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** What happens now: of the step that is under way. */
export function runningText({ steps, bytesPerSecond, etaSeconds }: UpdateProgress): string {
	const step = steps.find(({ state }) => state === "downloading" || state === "importing");
	if (step === undefined) return "beginning";
	if (step.state === "importing") return `${step.source}: ${plural(step.records, "record")} taken in`;
	const whole = step.totalBytes === null ? "" : ` of ${bytesText(step.totalBytes)}`;
	const pace = bytesPerSecond === null ? "" : `, ${bytesText(bytesPerSecond)}/s`;
	const left = etaSeconds === null ? "" : `, ${duration(etaSeconds)} left`;
	const trouble = step.trouble === null ? "" : ` (attempt ${step.attempt}: ${step.trouble})`;
	return `${step.source}: ${bytesText(step.bytes)}${whole}${pace}${left}${trouble}`;
}

/** How it stands with one source, in a few words. */
export function stepText(step: UpdateStep): string {
	switch (step.state) {
		case "waiting":
			return "waits";
		case "downloading":
			return `${bytesText(step.bytes)}${step.totalBytes === null ? "" : ` of ${bytesText(step.totalBytes)}`}`;
		case "downloaded":
			return `${bytesText(step.bytes)} here`;
		case "importing":
			return `${plural(step.records, "record")} so far`;
		case "updated": {
			const resumed = step.resumedFrom > 0 ? `, gone on from ${bytesText(step.resumedFrom)}` : "";
			return `${plural(step.records, "record")} from ${bytesText(step.bytes)}${resumed}`;
		}
		case "unchanged":
			return "nothing new";
		case "older":
		case "failed":
			return step.why ?? "no reason was given";
	}
}

/** What of a feed was left out, and why; nothing when nothing was. Not made harmless. */
export function refusedLines({ documents, first }: RefusedDocuments): string[] {
	if (documents === 0) return [];
	const more = documents > first.length ? [`  and ${count(documents - first.length)} more`] : [];
	const lines = first.map(({ document, why }) => `  ${document}: ${why}`);
	return [`${plural(documents, "document is", "documents are")} left out:`, ...lines, ...more];
}
