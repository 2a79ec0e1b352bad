/**
 * What the whole console watches: the overview and the scans, subscribed to once. `scans.watch` sends the newest scans
 * and then each one that changes; they are kept newest first and no more of them than the snapshot had room for.
 */
import type { Client } from "../../protocol/client.ts";
import { watchOverview } from "../../protocol/methods/daemon.ts";
import { watch as watchScans } from "../../protocol/methods/scans.ts";
import type { Overview } from "../../protocol/model/overview.ts";
import type { Scan } from "../../protocol/model/scan.ts";

const keptScans = 200;

export interface Live {
	overview(): Overview | undefined;
	scans(): readonly Scan[];
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
					scans = withScan(scans, event.scan);
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

/** The scans with one replaced or, when it is new, put first. */
export function withScan(scans: readonly Scan[], scan: Scan): readonly Scan[] {
	const at = scans.findIndex(({ id }) => id === scan.id);
	return at >= 0 ? scans.with(at, scan) : [scan, ...scans].slice(0, keptScans);
}

export function isRunning(scan: Scan): boolean {
	return (
		scan.status === "running" || scan.status === "queued" || scan.status === "pausing" || scan.status === "cancelling"
	);
}
