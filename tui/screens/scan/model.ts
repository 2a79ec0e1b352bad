/** A scan being watched: the scan, its rate over time, and what it finds, newest first and bounded. Pure. */
import type { StreamEvent, StreamSnapshot } from "../../../protocol/define.ts";
import type { follow } from "../../../protocol/methods/scans.ts";
import type { Scan, ScanResult } from "../../../protocol/model/scan.ts";

/** Results by what they are, and two that are no results: what is sent where, and what was covered. */
export const streams = ["everything", "findings", "services", "log", "networks", "coverage"] as const;
export type StreamName = (typeof streams)[number];

/** A text instead of results. */
export function textOf(stream: StreamName): "networks" | "coverage" | undefined {
	return stream === "networks" || stream === "coverage" ? stream : undefined;
}

export interface LiveModel {
	readonly scan: Scan | undefined;
	/** Newest first. */
	readonly results: readonly ScanResult[];
	readonly stream: StreamName;
	readonly cursor: number;
	/** Probes a second at each report, oldest first. */
	readonly rates: readonly number[];
}

export type LiveEvent =
	| { readonly kind: "snapshot"; readonly snapshot: StreamSnapshot<typeof follow> }
	| StreamEvent<typeof follow>
	| { readonly kind: "stream" }
	| { readonly kind: "move"; readonly by: number };

const keptResults = 2_000;
const keptRates = 600;

export const emptyLive: LiveModel = {
	scan: undefined,
	results: [],
	stream: "everything",
	cursor: 0,
	rates: [],
};

export function reduceLive(model: LiveModel, event: LiveEvent): LiveModel {
	switch (event.kind) {
		case "snapshot":
			return {
				...model,
				scan: event.snapshot.scan,
				results: event.snapshot.results.toReversed(),
				rates: [...model.rates, event.snapshot.scan.rate],
			};
		case "scan":
			return { ...model, scan: event.scan, rates: [...model.rates, event.scan.rate].slice(-keptRates) };
		case "results":
			return addResults(model, event.results);
		case "stream":
			return {
				...model,
				stream: streams[(streams.indexOf(model.stream) + 1) % streams.length] ?? "everything",
				cursor: 0,
			};
		case "move": {
			const last = shownResults(model).length - 1;
			return { ...model, cursor: Math.max(0, Math.min(model.cursor + event.by, last)) };
		}
	}
}

/** The cursor stays on its line while new ones come above it; on the first line it follows them. */
function addResults(model: LiveModel, added: readonly ScanResult[]): LiveModel {
	const results = [...added.toReversed(), ...model.results].slice(0, keptResults);
	const above = added.filter((result) => isShown(result, model.stream)).length;
	return { ...model, results, cursor: model.cursor === 0 ? 0 : Math.min(model.cursor + above, keptResults - 1) };
}

/** The lines of the chosen stream, newest first. */
export function shownResults(model: LiveModel): readonly ScanResult[] {
	return model.stream === "everything"
		? model.results.filter((result) => result.kind !== "log")
		: model.results.filter((result) => isShown(result, model.stream));
}

export function logOf(model: LiveModel): readonly Extract<ScanResult, { kind: "log" }>[] {
	return model.results.filter((result) => result.kind === "log");
}

function isShown(result: ScanResult, stream: StreamName): boolean {
	if (stream === "everything") return result.kind !== "log";
	if (stream === "findings") return result.kind === "finding";
	if (textOf(stream) !== undefined) return false;
	return stream === "services" ? result.kind === "service" || result.kind === "host" : result.kind === "log";
}
