/** Handlers of the asset groups area. */
import { AppError } from "../../../protocol/errors.ts";
import type { AssetGroup, GroupWords } from "../../../protocol/model/group.ts";
import { groupTarget, hostName, readItem, splitTargets } from "../../../protocol/target/item.ts";
import { type AddressRange, AddressSet } from "../../scope/address-set.ts";
import type { TargetSources } from "../../scope/targets.ts";
import { renameTarget } from "../../store/credentials.ts";
import {
	createGroup,
	deleteGroup,
	getGroup,
	groupAddresses,
	listGroups,
	networkOfGroup,
	saveGroup,
	saveGroupAddresses,
} from "../../store/groups.ts";
import { neverScanned, stretchesOf } from "../../store/never-scanned.ts";
import { transaction } from "../../store/sql.ts";
import { syncGroupTags } from "../../tags/system-tags.ts";
import type { AreaHandlers, CallContext } from "../handler.ts";
import type { Services } from "../services.ts";
import { keepingNames } from "./named-targets.ts";
import { networkNamed } from "./networks.ts";

export function groupsHandlers(services: Services): AreaHandlers<"groups"> {
	const { store, audit, hub, planning } = services;
	const { db, clock } = store;
	/** Changes a group and writes what it was and became; the inventory's queries may ask for it. */
	const changed = <T>({ user }: CallContext, verb: string, before: AssetGroup | null, change: () => T): T => {
		const made = transaction(db, () => {
			const value = keepingNames(services, () => {
				const done = change();
				syncGroupTags(db, clock.now());
				return done;
			});
			const after = value as { group?: AssetGroup; deleted?: AssetGroup } & Partial<AssetGroup>;
			const group = after.group ?? after.deleted ?? after;
			audit.write({
				who: user,
				action: `group.${verb}`,
				object: `group ${before?.title ?? group.title ?? ""}`,
				before,
				after: after.deleted === undefined ? group : null,
			});
			return value;
		});
		hub.post({ kind: "inventory-changed" });
		return made;
	};
	const change = (
		verb: "add" | "remove" | "set",
		wanted: { group: string; addresses: string[]; domains: string[]; netbiosNames: string[] },
		context: CallContext,
	) => {
		const group = getGroup(db, wanted.group);
		const { addresses, names } = readMembers(wanted.addresses, planning);
		refuseNothing(wanted);
		return changed(context, `${verb}-addresses`, group, () => {
			const before = groupAddresses(db, group);
			const only = { add: before.union(addresses), remove: before.subtract(addresses), set: addresses };
			// Saying anew which domains there are says nothing of the addresses.
			const keeps = verb === "set" && wanted.addresses.length === 0;
			const after = keeps ? before : only[verb];
			saveGroupAddresses(db, group, after, clock.now());
			const lists = {
				dnsNames: keeps ? group.dnsNames : changedList(verb, group.dnsNames, names),
				domains: changedWords(verb, group.domains, wanted.domains),
				netbiosNames: changedWords(verb, group.netbiosNames, wanted.netbiosNames),
			};
			const saved = saveGroup(db, group, { ...wordsOf(group), title: group.title, ...lists }, clock.now());
			const changedWordCount =
				differing(group.dnsNames, saved.dnsNames) +
				differing(group.domains, saved.domains) +
				differing(group.netbiosNames, saved.netbiosNames);
			const moved = before.subtract(after).size + after.subtract(before).size;
			return { group: saved, changed: moved + changedWordCount };
		});
	};
	return {
		list: () => {
			const items = listGroups(db);
			return { items, total: items.length };
		},
		get: ({ group: title, limit }) => {
			const group = getGroup(db, title);
			return { group, ranges: groupAddresses(db, group).toText().slice(0, limit) };
		},
		create: ({ title, addresses: texts, network: named, ...words }, context) => {
			const network = networkNamed(store, named);
			const { addresses, names } = readMembers(texts, planning);
			return changed(context, "create", null, () => {
				const dnsNames = [...new Set([...words.dnsNames.map(hostName), ...names])];
				const all = { ...words, owner: words.owner ?? context.user, dnsNames };
				const group = createGroup(db, title, all, clock.now(), network);
				if (addresses.count > 0) saveGroupAddresses(db, group, addresses, clock.now());
				return getGroup(db, title);
			});
		},
		edit: ({ group: wanted, cvss, ...words }, context) => {
			const group = getGroup(db, wanted);
			const given = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
			const merged = { ...wordsOf(group), title: group.title, ...given, cvss: { ...group.cvss, ...dropAbsent(cvss) } };
			const dnsNames = [...new Set(merged.dnsNames.map(hostName))];
			return changed(context, "edit", group, () => {
				const saved = saveGroup(db, group, { ...merged, dnsNames }, clock.now());
				renameTarget(db, groupTarget(group.title), groupTarget(saved.title));
				return saved;
			});
		},
		remove: ({ group: title }, context) => {
			const group = getGroup(db, title);
			return changed(context, "delete", group, () => {
				deleteGroup(db, group);
				return { deleted: group };
			});
		},
		addAddresses: (wanted, context) => change("add", wanted, context),
		removeAddresses: (wanted, context) => change("remove", wanted, context),
		setAddresses: (wanted, context) => change("set", wanted, context),
		neverScanned: async ({ group, limit }) => {
			const wanted = getGroup(db, group);
			const found = await neverScanned(store, groupAddresses(db, wanted), networkOfGroup(db, wanted));
			const stretches = stretchesOf(found);
			return {
				items: stretches.slice(0, limit),
				total: stretches.length,
				neverAsked: found.neverAsked.size,
				neverAnswered: found.neverAnswered.size,
			};
		},
	};
}

function refuseNothing(wanted: { addresses: string[]; domains: string[]; netbiosNames: string[] }): void {
	if (wanted.addresses.length + wanted.domains.length + wanted.netbiosNames.length > 0) return;
	throw new AppError("invalid", "Nothing is named.", {
		hint: "Name addresses, blocks, host names, domains or NetBIOS names.",
	});
}

function changedList(verb: "add" | "remove" | "set", before: readonly string[], named: Iterable<string>): string[] {
	const words = new Set(named);
	if (verb === "set") return [...words];
	const kept = before.filter((word) => !words.has(word));
	return verb === "add" ? [...kept, ...words] : kept;
}

/** What is not spoken of stays. */
function changedWords(verb: "add" | "remove" | "set", before: readonly string[], named: readonly string[]): string[] {
	return named.length === 0 ? [...before] : changedList(verb, before, named);
}

function differing(before: readonly string[], after: readonly string[]): number {
	const only = (one: readonly string[], other: readonly string[]) => one.filter((word) => !other.includes(word)).length;
	return only(before, after) + only(after, before);
}

/** Blocks of any size: a group may hold more than one scan takes. Throws `invalid`, also for a group in a group. */
function readMembers(texts: readonly string[], { list }: TargetSources): { addresses: AddressSet; names: Set<string> } {
	const ranges: AddressRange[] = [];
	const names = new Set<string>();
	let listed = AddressSet.empty;
	for (const text of texts.flatMap(splitTargets)) {
		const item = readItem(text, null);
		if (item.kind === "range") ranges.push(item.range);
		else if (item.kind === "name") names.add(item.name);
		else if (item.kind === "list") {
			const meaning = list?.(item.list) ?? null;
			if (meaning === null) throw new AppError("invalid", `There is no list ${item.list} any more.`);
			listed = listed.union(meaning.addresses);
			for (const name of meaning.names) names.add(name);
		} else {
			throw new AppError("invalid", "An asset group holds addresses and host names, no other groups and no tags.", {
				hint: "Name what is in it.",
				details: { text },
			});
		}
	}
	return { addresses: listed.union(new AddressSet(ranges)), names };
}

function wordsOf(group: AssetGroup): GroupWords {
	const { comments, division, function: purpose, location, businessImpact, cvss } = group;
	const { dnsNames, netbiosNames, domains, owner } = group;
	return {
		...{ comments, division, function: purpose, location, businessImpact, cvss },
		...{ dnsNames, netbiosNames, domains, owner },
	};
}

function dropAbsent<T extends object>(value: T | undefined): { [K in keyof T]: NonNullable<T[K]> } {
	return Object.fromEntries(Object.entries(value ?? {}).filter(([, one]) => one !== undefined)) as {
		[K in keyof T]: NonNullable<T[K]>;
	};
}
