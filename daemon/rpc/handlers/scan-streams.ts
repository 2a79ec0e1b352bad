/** The two streams of the scans area: all scans, and one scan with its results as they come. */
import type { Scan, ScanResult } from "../../../protocol/model/scan.ts";
import { wireLimits } from "../../../protocol/wire.ts";
import type { Bulletin, Hub } from "../../hub.ts";
import type { AreaStreams } from "../handler.ts";
import { listening, throttle } from "../watch-hub.ts";

/** Half of what one message may hold: a character may take more than one byte. */
const snapshotCharacters = wireLimits.answerBytes / 2;

type Sources = AreaStreams<"scans">;

/** Results of a fast scan are sent in bunches. Milliseconds. */
const resultsEveryMs = 100;
/** Largest bunch in one event; the rest follows in the next. */
const resultsAtOnce = 500;

export function watchScans(hub: Hub, list: () => Scan[]): Sources["watch"] {
	return (_params, emit) => {
		const tell = (bulletin: Bulletin) => {
			if (bulletin.kind === "scan") emit({ kind: "scan", scan: bulletin.scan });
		};
		return listening(hub, tell, () => ({ scans: asManyAsFit(list()) }));
	};
}

/** Requests may name ten thousand targets each: the newest scans are sent as far as they fit into one message. */
function asManyAsFit(scans: Scan[]): Scan[] {
	let left = snapshotCharacters;
	return scans.filter((scan) => {
		left -= 2_000 + lengthOf(scan.targets) + lengthOf(scan.exclusions);
		return left > 0;
	});
}

function lengthOf(texts: readonly string[]): number {
	return texts.reduce((sum, text) => sum + text.length + 4, 0);
}

export function followScan(
	hub: Hub,
	source: { scan: (id: number) => Scan; results: (id: number) => ScanResult[] },
): Sources["follow"] {
	return (params, emit) => {
		const waiting: ScanResult[] = [];
		const flush = throttle(resultsEveryMs, () => {
			while (waiting.length > 0) emit({ kind: "results", results: waiting.splice(0, resultsAtOnce) });
		});
		const tell = (bulletin: Bulletin) => {
			if (bulletin.kind === "scan" && bulletin.scan.id === params.scan) emit({ kind: "scan", scan: bulletin.scan });
			if (bulletin.kind !== "results" || bulletin.scan !== params.scan) return;
			waiting.push(...bulletin.results);
			flush.call();
		};
		const snapshot = () => ({ scan: source.scan(params.scan), results: source.results(params.scan) });
		return listening(hub, tell, snapshot, flush.cancel);
	};
}
