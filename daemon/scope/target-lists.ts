/** Lists of targets that were handed over in parts, kept in memory until they are used. */
import { AppError } from "../../protocol/errors.ts";
import { listLimits } from "../../protocol/methods/lists.ts";
import { groupTarget, readItem, splitTargets, tagTarget } from "../../protocol/target/item.ts";
import { RangeList } from "../../protocol/target/range-list.ts";
import { type AddressRange, AddressSet } from "./address-set.ts";
import type { TargetMeaning } from "./targets.ts";

export interface ListPart {
	readonly title?: string | undefined;
	/** Base64 of pairs of 32-bit numbers in network order. */
	readonly packed: string;
	readonly targets: readonly string[];
}

interface TargetList {
	title: string;
	readonly v4: RangeList;
	readonly others: AddressRange[];
	readonly names: Set<string>;
	/** The asset groups and tags in it, as targets are written. */
	readonly groups: Set<string>;
	pairs: number;
	usedAt: number;
}

const keptMs = 3_600_000;
const mostLists = 16;
const mostOthers = 100_000;

export class TargetLists {
	readonly #now: () => number;
	readonly #lists = new Map<number, TargetList>();
	#next = 1;

	/** `now` in milliseconds. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** Adds to a list, or begins one. Throws `invalid`, `not-found` or `too-large`; then nothing of the part is added. */
	add(id: number | undefined, part: ListPart): { list: number; ranges: number; names: number } {
		this.#forget();
		const pairs = readPacked(part.packed);
		const items = part.targets.flatMap(splitTargets).map((text) => ({ text, item: readItem(text) }));
		const nested = items.find(({ item }) => item.kind === "list");
		if (nested !== undefined) {
			throw new AppError("invalid", "A list of targets holds no other lists.", { details: { text: nested.text } });
		}
		const number = id ?? this.#next;
		const list = id === undefined ? newList(this.#now()) : this.#get(id);
		refuseTooMany(list, pairs.length / 2);
		this.#makeRoom(list, pairs.length / 2);
		for (let i = 0; i < pairs.length; i += 2) list.v4.add(pairs[i] ?? 0, pairs[i + 1] ?? 0);
		list.pairs += pairs.length / 2;
		for (const { item } of items) {
			if (item.kind === "range") list.others.push(item.range);
			else if (item.kind === "name") list.names.add(item.name);
			else if (item.kind === "group") list.groups.add(groupTarget(item.title));
			else if (item.kind === "tag") list.groups.add(tagTarget(item.name, item.ranges));
		}
		Object.assign(list, { usedAt: this.#now(), ...(part.title === undefined ? {} : { title: part.title }) });
		this.#lists.set(number, list);
		if (id === undefined) this.#next++;
		return { list: number, ranges: list.pairs + list.others.length, names: list.names.size };
	}

	/** Null when there is none of this number any more. `group` says what its asset groups and tags stand for. */
	find(id: number, group: (target: string) => TargetMeaning): TargetMeaning | null {
		const list = this.#lists.get(id);
		if (list === undefined) return null;
		list.usedAt = this.#now();
		const groups = [...list.groups].map(group);
		const own = new AddressSet({ v4: list.v4.merged(), v6: [] }).union(new AddressSet(list.others));
		return {
			title: list.title,
			addresses: groups.reduce((all, one) => all.union(one.addresses), own),
			names: [...new Set([...list.names, ...groups.flatMap(({ names }) => names)])],
		};
	}

	/** Targets as they are to be shown: lists by their titles. */
	shown(targets: readonly string[]): string[] {
		return targets.map((text) => text.replace(/^list:(\d+)$/, (_, id) => this.#lists.get(Number(id))?.title ?? text));
	}

	#get(id: number): TargetList {
		const list = this.#lists.get(id);
		if (list !== undefined) return list;
		throw new AppError("not-found", `There is no list ${id} (any more).`, { hint: "Begin a new one." });
	}

	#forget(): void {
		for (const [id, { usedAt }] of this.#lists) if (this.#now() - usedAt > keptMs) this.#lists.delete(id);
	}

	/** The list used longest ago gives way. */
	#makeRoom(list: TargetList, more: number): void {
		const others = () => [...this.#lists].filter(([, one]) => one !== list).sort(([, a], [, b]) => a.usedAt - b.usedAt);
		for (let kept = others(); kept.length > 0; kept = others()) {
			const pairs = kept.reduce((sum, [, one]) => sum + one.pairs, list.pairs + more);
			if (pairs <= listLimits.ranges && kept.length < mostLists) return;
			const [oldest] = kept;
			if (oldest !== undefined) this.#lists.delete(oldest[0]);
		}
	}
}

function newList(now: number): TargetList {
	const nothing = { others: [], names: new Set<string>(), groups: new Set<string>(), pairs: 0 };
	return { title: "a list", v4: new RangeList(), ...nothing, usedAt: now };
}

function refuseTooMany(list: TargetList, more: number): void {
	if (list.pairs + more <= listLimits.ranges && list.others.length <= mostOthers) return;
	throw new AppError("too-large", "The list has too many separate ranges for one scan.", {
		hint: `The most is ${listLimits.ranges.toLocaleString("en-US")}: hand it over in parts, or write blocks where you can.`,
	});
}

function readPacked(packed: string): Uint32Array {
	const bytes = Buffer.from(packed, "base64");
	if (bytes.length % 8 !== 0) throw new AppError("invalid", "A packed range has eight bytes.");
	const pairs = new Uint32Array(bytes.length / 4);
	for (let i = 0; i < pairs.length; i++) pairs[i] = bytes.readUInt32BE(i * 4);
	for (let i = 0; i < pairs.length; i += 2) {
		if ((pairs[i] ?? 0) > (pairs[i + 1] ?? 0)) throw new AppError("invalid", "A packed range runs backwards.");
	}
	return pairs;
}
