/** The two streams of the scans area: all scans, and one scan with its results as they come. */
import type { Scan, ScanResult } from "../../../protocol/model/scan.ts";
import type { Bulletin, Hub } from "../../hub.ts";
import type { AreaStreams } from "../handler.ts";
import { listening, throttle } from "../watch-hub.ts";
import { scanRow } from "./scan-row.ts";

type Sources = AreaStreams<"scans">;

/** Results of a fast scan are sent in bunches. Milliseconds. */
const resultsEveryMs = 100;
/** Largest bunch in one event; the rest follows in the next. */
const resultsAtOnce = 500;

export function watchScans(hub: Hub, list: () => Scan[]): Sources["watch"] {
	return (_params, emit) => {
		const tell = (bulletin: Bulletin) => {
			if (bulletin.kind === "scan") emit({ kind: "scan", scan: scanRow(bulletin.scan) });
		};
		return listening(hub, tell, () => ({ scans: list().map(scanRow) }));
	};
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
			if (bulletin.kind === "scan" && bulletin.scan.id === params.scan)
				emit({ kind: "scan", scan: scanRow(bulletin.scan) });
			if (bulletin.kind !== "results" || bulletin.scan !== params.scan) return;
			waiting.push(...bulletin.results);
			flush.call();
		};
		const snapshot = () => ({ scan: scanRow(source.scan(params.scan)), results: source.results(params.scan) });
		return listening(hub, tell, snapshot, flush.cancel);
	};
}
