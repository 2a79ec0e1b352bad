/**
 * Tells by what is held of a host that a piece is missing from what a file has of it, though what is left is whole: where the
 * piece began in one report and ended in another, the one now ends as the other did, and the other is not there. Pure.
 */
import type { RecordOf } from "../evidence/record.ts";

/** Characters by which an output is known, and the shortest of which that can be said. */
const endLength = 24;
const shortest = 16;
/** Pairs of outputs that are compared whole. */
const mostPairs = 10_000;

type Reports = readonly Pick<RecordOf<"nessus">, "port" | "protocol" | "data">[];
interface Output {
	readonly plugin: number;
	readonly text: string;
}

/** `told`: what the file has of the host; `held`: what an earlier one had of it. */
export function isSeamed(told: Reports, held: Reports): boolean {
	const [now, before] = [outputsOf(told), outputsOf(held)];
	const missing = Map.groupBy(
		[...before].filter(([key, { text }]) => !now.has(key) && text.length >= shortest).map(([, output]) => output),
		({ text }) => text.slice(-endLength),
	);
	let pairs = 0;
	return [...now].some(([key, { plugin, text }]) => {
		const known = before.get(key);
		if (known?.text === text) return false;
		return (missing.get(text.slice(-endLength)) ?? []).some((other) => {
			// A service that moved to another port is spoken of there in the same words.
			if (known === undefined) return other.plugin !== plugin;
			// Many end alike: such a one must be made of the two.
			const endsAlike = known.text.slice(-endLength) === text.slice(-endLength);
			return !endsAlike || (pairs++ < mostPairs && isMadeOf(text, known.text, other.text));
		});
	});
}

/** By place and plugin. */
function outputsOf(records: Reports): Map<string, Output> {
	return new Map(
		records.flatMap(({ port, protocol, data }) =>
			data.reports.map(({ plugin, output }) => [`${port}/${protocol} ${plugin}`, { plugin, text: output }]),
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
