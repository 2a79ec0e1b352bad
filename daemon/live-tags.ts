/**
 * Keeps what tags stand for in step where they spare hosts: in exclusions and in concurrency groups. A host that begins to
 * carry such a tag is left alone, or sent less, by scans and maps that are running already.
 */
import { AppError } from "../protocol/errors.ts";
import type { ConcurrencyGroup } from "../protocol/model/network-figures.ts";
import { AddressSet } from "./scope/address-set.ts";
import { isTagTarget, taggedNow } from "./scope/exclusion-set.ts";
import { parseFixedAddresses, type TargetSources } from "./scope/targets.ts";
import { listGroups } from "./store/settings-concurrency.ts";
import { holdingExclusions } from "./store/settings-exclusions.ts";
import type { SettingsData } from "./store/settings-schema.ts";

export interface LiveTagsParts {
	readonly settings: { readonly data: Pick<SettingsData, "concurrencyGroups" | "exclusions"> };
	readonly sources: Pick<TargetSources, "group" | "tag">;
	readonly now: () => number;
	/** What may be sent to these addresses has changed. Must not throw. */
	readonly onChanged: (addresses: AddressSet) => void;
	/** Calls once after so many milliseconds; returns the way out of it. Absent: the system's timers. */
	readonly setTimer?: (ms: number, call: () => void) => () => void;
}

/** A scan changes the inventory with each host: its tags are looked at this much later. Milliseconds. */
const restMs = 1_000;

export class LiveTags {
	readonly #parts: LiveTagsParts;
	#stopTimer: (() => void) | null = null;
	/** The groups as they were read last, and the list they were read from. */
	#groups: { readonly from: readonly ConcurrencyGroup[]; readonly items: readonly ConcurrencyGroup[] };
	#excluded: AddressSet;

	constructor(parts: LiveTagsParts) {
		this.#parts = parts;
		this.#groups = this.#readGroups();
		this.#excluded = this.#readExcluded();
	}

	/** The concurrency groups with what they hold now; the same list until that changes. */
	groups(): readonly ConcurrencyGroup[] {
		if (this.#groups.from !== listGroups(this.#parts.settings.data)) this.#groups = this.#readGroups();
		return this.#groups.items;
	}

	/** Assets, or the tags they carry, may have changed. */
	inventoryChanged(): void {
		if (this.#stopTimer !== null || !this.#namesTags()) return;
		const setTimer = this.#parts.setTimer ?? realTimer;
		this.#stopTimer = setTimer(restMs, () => {
			this.#stopTimer = null;
			this.#review();
		});
	}

	close(): void {
		this.#stopTimer?.();
		this.#stopTimer = null;
	}

	#namesTags(): boolean {
		const { data } = this.#parts.settings;
		return (
			data.exclusions.some(({ removed, target }) => removed === null && isTagTarget(target)) ||
			listGroups(data).some(({ targets }) => targets.some(isTagTarget))
		);
	}

	#review(): void {
		const [excluded, groups] = [this.#readExcluded(), this.#readGroups()];
		let changed = excluded.subtract(this.#excluded);
		const before = new Map(this.groups().map((group) => [group.name, AddressSet.fromText(group.ranges)]));
		for (const { name, ranges } of groups.items) {
			const [then, now] = [before.get(name) ?? AddressSet.empty, AddressSet.fromText(ranges)];
			changed = changed.union(now.subtract(then)).union(then.subtract(now));
		}
		this.#excluded = excluded;
		if (changed.size === 0) return;
		this.#groups = groups;
		this.#parts.onChanged(changed);
	}

	#readExcluded(): AddressSet {
		const { settings, sources, now } = this.#parts;
		return holdingExclusions(settings.data, now())
			.filter(({ target }) => isTagTarget(target))
			.reduce((all, { target }) => all.union(taggedNow(target, sources) ?? AddressSet.empty), AddressSet.empty);
	}

	#readGroups() {
		const from = listGroups(this.#parts.settings.data);
		const items = from.map((group) => (group.targets.some(isTagTarget) ? this.#live(group) : group));
		return { from, items };
	}

	/** A group that names a tag that is gone holds what it held when it was set. */
	#live(group: ConcurrencyGroup): ConcurrencyGroup {
		try {
			return { ...group, ranges: parseFixedAddresses(group.targets, this.#parts.sources).toText() };
		} catch (err) {
			if (err instanceof AppError) return group;
			throw err;
		}
	}
}

function realTimer(ms: number, call: () => void): () => void {
	const timer = setTimeout(call, ms).unref();
	return () => clearTimeout(timer);
}
