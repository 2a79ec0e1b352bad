/** Moments of the past as a client names them, as what the store compares: dates, and the ends of scans. */
import { AppError } from "../../protocol/errors.ts";
import type { FindingsCompared, Moment } from "../../protocol/model/comparison.ts";
import { type Span, scannedAddresses } from "../store/findings-at.ts";
import { networkOfScan } from "../store/networks.ts";
import { findScan } from "../store/scans.ts";
import type { Store } from "../store/store.ts";

type Told = Pick<FindingsCompared, "from" | "to" | "hosts">;
interface Point {
	/** Milliseconds. */
	readonly at: number;
	readonly scan: number | null;
	/** Number; null for a date. */
	readonly network: number | null;
}

/** The two in order, and what is compared of them. Throws `not-found`, `invalid` and `conflict`. */
export function readSpan(
	{ db, clock }: Store,
	one: Moment,
	other: Moment,
): { readonly span: Span; readonly told: Told } {
	const [from, to] = [one, other].map((moment) => pointOf(db, moment, clock.now())).toSorted((a, b) => a.at - b.at);
	if (from === undefined || to === undefined) throw new AppError("internal", "Two moments are two.");
	const told = { from: shown(from), to: shown(to), hosts: null };
	if (from.scan === null || to.scan === null) {
		return { span: { from: from.at, to: to.at, hosts: null, network: null }, told };
	}
	if (from.network !== to.network) {
		throw new AppError("conflict", `Scans ${from.scan} and ${to.scan} are of two networks.`, {
			hint: "Compare two scans of one network, or two dates.",
		});
	}
	const [before, after] = [new Set(scannedAddresses(db, from.scan)), new Set(scannedAddresses(db, to.scan))];
	const hosts = [...before].filter((address) => after.has(address));
	return {
		span: { from: from.at, to: to.at, hosts, network: from.network },
		told: {
			...told,
			hosts: { both: hosts.length, onlyFrom: before.size - hosts.length, onlyTo: after.size - hosts.length },
		},
	};
}

/** Clocks of two machines differ. Milliseconds. */
const clocksDifferMs = 300_000;

/** Milliseconds. Throws `invalid` for what is still to come. */
export function pastOf(at: string, now: number): number {
	const time = Date.parse(at);
	if (time <= now + clocksDifferMs) return Math.min(time, now);
	throw new AppError("invalid", `${at} is still to come.`, { hint: "Name a moment of the past." });
}

function pointOf(db: Store["db"], moment: Moment, now: number): Point {
	if (moment.kind === "date") return { at: pastOf(moment.at, now), scan: null, network: null };
	const found = findScan(db, moment.scan);
	if (found === null) {
		throw new AppError("not-found", `There is no scan ${moment.scan}.`, { hint: "List them with: vedette scans" });
	}
	// One that still runs is compared as far as it has come.
	return {
		at: found.finishedAt === null ? now : Date.parse(found.finishedAt),
		scan: found.id,
		network: networkOfScan(db, found.id),
	};
}

function shown({ at, scan }: Point): Told["from"] {
	return { at: new Date(at).toISOString(), scan };
}
