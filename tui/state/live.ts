/**
 * What the whole console watches: the overview, the scans and the maps, subscribed to once. Scans and maps come as the
 * newest and then each one that changes; they are kept newest first and no more of them than the snapshot had room for.
 */
import type { Client } from "../../protocol/client.ts";
import { watchOverview } from "../../protocol/methods/daemon.ts";
import { watch as watchMaps } from "../../protocol/methods/maps.ts";
import { watch as watchScans } from "../../protocol/methods/scans.ts";
import type { NetworkMap } from "../../protocol/model/map.ts";
import type { Overview } from "../../protocol/model/overview.ts";
import type { Scan } from "../../protocol/model/scan.ts";

const kept = 200;

export interface Live {
	overview(): Overview | undefined;
	scans(): readonly Scan[];
	maps(): readonly NetworkMap[];
	/** When the overview last came; undefined before the first. Unix milliseconds. */
	overviewAt(): number | undefined;
	onChange(listener: () => void): () => void;
	close(): void;
}

export function watchLive(client: Client, now: () => number): Live {
	const listeners = new Set<() => void>();
	let overview: Overview | undefined;
	let overviewAt: number | undefined;
	let scans: readonly Scan[] = [];
	let maps: readonly NetworkMap[] = [];
	const tell = () => {
		for (const listener of [...listeners]) listener();
	};
	const takeOverview = (next: Overview) => {
		overview = next;
		overviewAt = now();
		tell();
	};
	const subscriptions = [
		client.subscribe(watchOverview, {}, { onSnapshot: takeOverview, onEvent: (event) => takeOverview(event.overview) }),
		client.subscribe(
			watchScans,
			{},
			{
				onSnapshot(snapshot) {
					scans = snapshot.scans;
					tell();
				},
				onEvent(event) {
					scans = withNewest(scans, event.scan);
					tell();
				},
			},
		),
		client.subscribe(
			watchMaps,
			{},
			{
				onSnapshot(snapshot) {
					maps = snapshot.maps;
					tell();
				},
				onEvent(event) {
					maps = withNewest(maps, event.map);
					tell();
				},
			},
		),
	];
	// A refused subscription shows as what is missing on screen; the connection's state says why.
	for (const { ready } of subscriptions) ready.catch(() => undefined);
	return {
		overview: () => overview,
		scans: () => scans,
		maps: () => maps,
		overviewAt: () => overviewAt,
		onChange(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		close() {
			for (const subscription of subscriptions) subscription.close();
			listeners.clear();
		},
	};
}

/** The rows with one replaced or, when it is new, put first. */
function withNewest<Row extends { readonly id: number }>(rows: readonly Row[], row: Row): readonly Row[] {
	const at = rows.findIndex(({ id }) => id === row.id);
	return at >= 0 ? rows.with(at, row) : [row, ...rows].slice(0, kept);
}

export function isRunning({ status }: Pick<Scan | NetworkMap, "status">): boolean {
	return status === "running" || status === "queued" || status === "pausing" || status === "cancelling";
}
