/**
 * Tells by what is held of a host that a piece is missing from what a file has of it, though what is left is whole: where the
 * piece began in one report and ended in another, the one now ends as the other did, and the other is not there. Pure.
 */
import type { DataOf, RecordOf } from "../evidence/record.ts";

/** Characters by which an output is known, and the shortest of which that can be said. */
const endLength = 24;
const shortest = 16;
/** Of all outputs that are compared whole. Characters. */
const mostCompared = 20_000_000;

type Reports = readonly Pick<RecordOf<"nessus">, "port" | "protocol" | "data">[];
type Report = DataOf<"nessus">["reports"][number];
interface Output {
	readonly plugin: number;
	readonly text: string;
	/** Nobody asked for it again: it is not missing, nor does anything follow from its words. */
	readonly isElsewhere: boolean;
}

/**
 * `told`: what the file has of the host under one of its names; `held`: what earlier ones had of it, `isElsewhere` of reports that
 * were made under another name.
 */
export function isSeamed(told: Reports, held: Reports, isElsewhere: (report: Report) => boolean): boolean {
	const [now, before] = [outputsOf(told, () => false), outputsOf(held, isElsewhere)];
	const missing = byEnd(
		[...before].filter(([key, one]) => !now.has(key) && !one.isElsewhere).map(([, output]) => output),
	);
	const speakers = new Map(
		[...byEnd([...before.values(), ...now.values()])].map(([end, all]) => [end, new Set(all.map((one) => one.plugin))]),
	);
	let left = mostCompared;
	for (const [key, { plugin, text }] of now) {
		const known = before.get(key);
		if (known?.text === text || known?.isElsewhere === true) continue;
		const others = missing.get(endOf(text)) ?? [];
		if (known === undefined) {
			// In the same words a service is spoken of that moved to another port, and what many plugins print ends.
			const isOfTwo = speakers.get(endOf(text))?.size === 2;
			if (isOfTwo && others.some((other) => other.plugin !== plugin)) return true;
			continue;
		}
		if (others.length > 0 && endOf(known.text) !== endOf(text)) return true;
		// Many end alike: such a one must be made of the two.
		for (const other of others) {
			left -= text.length;
			if (left < 0) return false;
			if (isMadeOf(text, known.text, other.text)) return true;
		}
	}
	return false;
}

function endOf(text: string): string {
	return text.slice(-endLength);
}

/** Those that are long enough to be known by their ends. */
function byEnd(outputs: readonly Output[]): Map<string, Output[]> {
	return Map.groupBy(
		outputs.filter(({ text }) => text.length >= shortest),
		({ text }) => endOf(text),
	);
}

/** By place and plugin. */
function outputsOf(records: Reports, isElsewhere: (report: Report) => boolean): Map<string, Output> {
	return new Map(
		records.flatMap(({ port, protocol, data }) =>
			data.reports.map((report) => {
				const { plugin, output: text } = report;
				return [`${port}/${protocol} ${plugin}`, { plugin, text, isElsewhere: isElsewhere(report) }];
			}),
		),
	);
}

/** It begins as the one does, and goes on as the other ends. */
function isMadeOf(text: string, one: string, other: string): boolean {
	let head = 0;
	while (head < text.length && text[head] === one[head]) head++;
	let tail = 0;
	while (tail < text.length && text.at(-1 - tail) === other.at(-1 - tail)) tail++;
	return head + tail >= text.length;
}
