/**
 * Keeps the groups of duplicates in step with the evidence: what is new is looked at as it comes in, everything when it was
 * never looked at or somebody asks. Merges what is sure by itself when that is switched on. Never long at a time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../protocol/errors.ts";
import type { DuplicatesStatus, MergePreview } from "../../protocol/model/duplicate.ts";
import type { Hub } from "../hub.ts";
import { findMeta, saveMeta } from "../store/counters.ts";
import {
	clearPending,
	countDuplicateGroups,
	countPending,
	dropStaleGroups,
	groupedWith,
	listCommonValues,
	listSureGroups,
	saveCommonValues,
	saveDuplicateGroups,
	takePending,
} from "../store/duplicates.ts";
import { countContradictedMerges } from "../store/merge-conflicts.ts";
import { pairKey, readNotSame } from "../store/not-same.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { isoOf } from "../store/time.ts";
import { type MergePlan, planMerge } from "./plan-merge.ts";
import { runSearch } from "./run-search.ts";
import { type FoundPart, searchAround } from "./search.ts";

export interface KeeperParts {
	readonly store: Store;
	readonly hub: Hub;
	readonly onFault: (err: unknown) => void;
	/** Carries out a merge that nobody asked for in particular, with its entry in the audit log. */
	readonly merge: (plan: MergePlan) => void;
}

/** Raised when what is found changes: all is looked at again. */
const searchVersion = "2";
const pendingAtOnce = 8;
/** Written in one go: a few milliseconds. */
const groupsAtOnce = 20;
const rowsAtOnce = 500;
/** New evidence comes in bursts: a scan's hosts are looked at together. */
const settleMs = 500;
/** Between two steps at least. */
const pauseMs = 2;
/** And so many times as long as the step took: others have the greater part of the time. */
const restFor = 4;

export class DuplicateKeeper {
	readonly #parts: KeeperParts;
	readonly #closing = new AbortController();
	#working: Promise<void> = Promise.resolve();
	#timer: NodeJS.Timeout | undefined;
	#stop: () => void = () => undefined;
	#searching = false;
	/** Merges something spoke against when that was last told. */
	#contradicted = 0;

	constructor(parts: KeeperParts) {
		this.#parts = parts;
	}

	/** From now on new evidence is looked at. */
	begin(): void {
		const { store, hub } = this.#parts;
		this.#stop = hub.listen(({ kind }) => {
			if (kind === "inventory-changed") this.#soon();
		});
		if (findMeta(store.db, "duplicates-version") === searchVersion) this.#soon();
		else this.search();
	}

	/** Starts a search of everything unless one is going on. */
	search(): void {
		if (this.#searching) return;
		this.#searching = true;
		this.#queue(async () => {
			try {
				await this.#searchAll();
			} finally {
				this.#searching = false;
			}
			await this.#mergeSure();
		});
	}

	/** Looks at a few assets at once, so that the list asked for next is right. */
	lookAt(assets: readonly number[]): void {
		const { db, clock } = this.#parts.store;
		const found = searchAround(db, groupedWith(db, assets), readRejected(db));
		if (found !== null) saveDuplicateGroups(db, found.groups, found.looked, clock.now());
		else this.#soon();
	}

	/** Resolves when all that is waiting now has been looked at. */
	settled(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#queue(() => this.#lookAtPending());
		return this.#working;
	}

	status(): DuplicatesStatus {
		const { db } = this.#parts.store;
		const searched = JSON.parse(findMeta(db, "duplicates-searched") ?? "null") as { at: number; tookMs: number } | null;
		return {
			groups: countDuplicateGroups(db),
			searching: this.#searching,
			pending: countPending(db),
			searchedAt: searched === null ? null : isoOf(searched.at),
			tookMs: searched?.tookMs ?? null,
			auto: this.#above(),
			contradicted: countContradictedMerges(db),
			common: listCommonValues(db, 50),
		};
	}

	/** What would be merged from a confidence on: previews of the groups nothing speaks against. */
	sure(above: number, limit: number): { groups: number; previews: MergePreview[] } {
		const { db } = this.#parts.store;
		let groups = 0;
		const previews: MergePreview[] = [];
		for (const { assets } of listSureGroups(db, above, 1_000)) {
			const plan = surePlan(db, assets, above);
			if (plan === null) continue;
			groups++;
			if (previews.length < limit) previews.push(plan.preview);
		}
		return { groups, previews };
	}

	/** Switches merging by itself on, from a confidence on, or off; what is sure already is merged beside everything else. */
	setAuto(above: number | null): void {
		saveMeta(this.#parts.store.db, "duplicates-auto", above === null ? "off" : String(above));
		if (above !== null) this.#queue(() => this.#mergeSure());
	}

	async close(): Promise<void> {
		this.#stop();
		clearTimeout(this.#timer);
		this.#closing.abort(new AppError("cancelled", "The daemon is closing."));
		await this.#working;
	}

	#above(): number | null {
		const kept = findMeta(this.#parts.store.db, "duplicates-auto");
		return kept === null || kept === "off" ? null : Number(kept);
	}

	#soon(): void {
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			this.#queue(() => this.#lookAtPending());
		}, settleMs).unref();
	}

	#queue(work: () => Promise<void>): void {
		this.#working = this.#working.then(work).catch((err: unknown) => {
			if (!this.#closing.signal.aborted) this.#parts.onFault(err);
		});
	}

	async #lookAtPending(): Promise<void> {
		const { db, clock } = this.#parts.store;
		let changed = false;
		let tooMany = false;
		for (;;) {
			if (this.#closing.signal.aborted) return;
			const began = performance.now();
			const rejected = readRejected(db);
			const taken = transaction(db, () => {
				const assets = takePending(db, pendingAtOnce);
				if (assets.length === 0) return 0;
				const found = searchAround(db, groupedWith(db, assets), rejected);
				if (found === null) tooMany = true;
				else changed = saveDuplicateGroups(db, found.groups, found.looked, clock.now()) || changed;
				return assets.length;
			});
			if (taken === 0) break;
			const rest = Math.max(pauseMs, restFor * (performance.now() - began));
			await sleep(rest, undefined, { ref: false });
		}
		const contradicted = countContradictedMerges(db);
		if (changed || this.#contradicted !== contradicted) this.#tell();
		this.#contradicted = contradicted;
		if (tooMany) this.search();
		else if (changed) await this.#mergeSure();
	}

	async #searchAll(): Promise<void> {
		const { db, clock } = this.#parts.store;
		const startedAt = clock.now();
		const began = performance.now();
		clearPending(db);
		await runSearch(this.#parts.store, (part) => this.#take(part, startedAt), this.#closing.signal);
		for (let after: number | null = 0; after !== null; ) {
			after = dropStaleGroups(db, startedAt, after, rowsAtOnce);
			await sleep(pauseMs, undefined, { ref: false });
			this.#closing.signal.throwIfAborted();
		}
		const searched = { at: startedAt, tookMs: Math.round(performance.now() - began) };
		saveMeta(db, "duplicates-searched", JSON.stringify(searched));
		saveMeta(db, "duplicates-version", searchVersion);
		this.#tell();
	}

	async #take({ groups, common }: FoundPart, at: number): Promise<void> {
		const { db } = this.#parts.store;
		if (common.length > 0) saveCommonValues(db, common, at);
		for (let from = 0; from < groups.length; from += groupsAtOnce) {
			saveDuplicateGroups(db, groups.slice(from, from + groupsAtOnce), [], at);
			await new Promise<void>((resolve) => setImmediate(resolve));
		}
	}

	/** What somebody has to look at is left alone. */
	async #mergeSure(): Promise<void> {
		const above = this.#above();
		if (above === null) return;
		const { db } = this.#parts.store;
		let merged = 0;
		for (const { assets } of listSureGroups(db, above, 100_000)) {
			if (this.#closing.signal.aborted || this.#above() !== above) return;
			const plan = surePlan(db, assets, above);
			if (plan === null) continue;
			this.#parts.merge(plan);
			merged++;
			await sleep(pauseMs, undefined, { ref: false });
		}
		if (merged > 0) this.#tell();
	}

	#tell(): void {
		this.#parts.hub.post({ kind: "duplicates-changed" });
	}
}

/** Null: not so sure any more, or something speaks against it. */
function surePlan(db: Store["db"], assets: readonly number[], above: number): MergePlan | null {
	const plan = planMerge(db, { assets, fields: {}, force: false });
	const { confidence, obstacles, impossible, evidence } = plan.preview;
	const doubted = evidence.some(({ against }) => against.length > 0);
	return impossible === null && obstacles.length === 0 && !doubted && (confidence ?? 0) >= above ? plan : null;
}

function readRejected(db: Store["db"]): (a: number, b: number) => boolean {
	const said = readNotSame(db);
	return (a, b) => said.has(pairKey(a, b));
}
