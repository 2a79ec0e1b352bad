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
	saveGroup,
	saveGroupAddresses,
} from "../../store/groups.ts";
import { neverScanned, stretchesOf } from "../../store/never-scanned.ts";
import { transaction } from "../../store/sql.ts";
import { syncGroupTags } from "../../tags/system-tags.ts";
import type { AreaHandlers, CallContext } from "../handler.ts";
import type { Services } from "../services.ts";
import { keepingNames } from "./named-targets.ts";

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
	const change = (verb: "add" | "remove", title: string, texts: readonly string[], context: CallContext) => {
		const group = getGroup(db, title);
		const { addresses, names } = readMembers(texts, planning);
		return changed(context, `${verb}-addresses`, group, () => {
			const before = groupAddresses(db, group);
			const after = verb === "add" ? before.union(addresses) : before.subtract(addresses);
			saveGroupAddresses(db, group, after, clock.now());
			const kept = group.dnsNames.filter((name) => !names.has(name));
			const dnsNames = verb === "add" ? [...kept, ...names] : kept;
			const saved = saveGroup(db, group, { ...wordsOf(group), title: group.title, dnsNames }, clock.now());
			const named = Math.abs(saved.dnsNames.length - group.dnsNames.length);
			return { group: saved, changed: Math.abs(after.size - before.size) + named };
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
		create: ({ title, addresses: texts, ...words }, context) => {
			const { addresses, names } = readMembers(texts, planning);
			return changed(context, "create", null, () => {
				const dnsNames = [...new Set([...words.dnsNames.map(hostName), ...names])];
				const all = { ...words, owner: words.owner ?? context.user, dnsNames };
				const group = createGroup(db, title, all, clock.now());
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
		addAddresses: ({ group, addresses }, context) => change("add", group, addresses, context),
		removeAddresses: ({ group, addresses }, context) => change("remove", group, addresses, context),
		neverScanned: async ({ group, limit }) => {
			const found = await neverScanned(store, groupAddresses(db, getGroup(db, group)));
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
