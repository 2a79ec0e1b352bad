/** Handlers of the duplicates area. */
import { AppError } from "../../../protocol/errors.ts";
import type { DuplicateGroup } from "../../../protocol/model/duplicate.ts";
import { rejudgeOne } from "../../assess/rejudge-one.ts";
import {
	carryOutKeep,
	carryOutMerge,
	carryOutReject,
	carryOutUndo,
	carryOutUnreject,
} from "../../duplicates/carry-out.ts";
import { compareAssets, compareChosen } from "../../duplicates/compare.ts";
import { keepEntry, mergeEntry, rejectEntry, undoEntry } from "../../duplicates/entries.ts";
import { listMerges } from "../../duplicates/merge-record.ts";
import { noAsset, planMerge, refuseObstacles } from "../../duplicates/plan-merge.ts";
import {
	countDuplicateGroups,
	duplicateFields,
	findDuplicateGroup,
	groupedWith,
	listDuplicateGroups,
	listDuplicateMembers,
} from "../../store/duplicates.ts";
import { mergeListFields } from "../../store/merge-list.ts";
import { listNotSame } from "../../store/not-same.ts";
import { saveSignatures } from "../../store/signatures.ts";
import { transaction } from "../../store/sql.ts";
import { isoOf } from "../../store/time.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";
import { watchHub } from "../watch-hub.ts";

export function duplicatesHandlers(services: Services): AreaHandlers<"duplicates"> {
	const { store, hub, audit, duplicates, knowledge } = services;
	const { db, clock } = store;
	/** The assets are compared again before the answer. */
	const changed = <T>(value: T, assets: readonly number[]): T => {
		duplicates.lookAt(assets);
		hub.post({ kind: "inventory-changed" });
		hub.post({ kind: "findings-changed" });
		hub.post({ kind: "duplicates-changed" });
		return value;
	};
	return {
		list: (params) => listDuplicateGroups(db, compileListing(params, duplicateFields, clock.now()).query),
		get: ({ id }) => compareAssets(db, getGroup(services, id)),
		compare: ({ assets }) => compareChosen(db, asGroup(services, assets)),
		preview: (wish) => planMerge(db, wish).preview,
		merge: ({ why, ...wish }, { user }) => {
			const plan = planMerge(db, wish);
			refuseObstacles(plan.preview, wish.force);
			const said = { by: user, why, automatic: false };
			const around = groupedWith(db, plan.order.assets);
			const merge = carryOutMerge(store, plan, said, (record) => audit.write(mergeEntry(record)));
			return changed(merge, around);
		},
		merges: (params) => listMerges(db, compileListing(params, mergeListFields, clock.now()).query),
		undo: ({ merge, why, notSame }, { user }) => {
			// Apart: what it remembers of the numbers given must have been committed.
			saveSignatures(db, knowledge().version, knowledge().signatures);
			const said = { by: user, why, notSame };
			const undone = carryOutUndo(store, merge, said, {
				judgeAgain: (asset) => void rejudgeOne(store, knowledge(), asset),
				write: (record, sides) => audit.write(undoEntry(record, sides, user)),
			});
			return changed(
				undone,
				undone.assets.map(({ id }) => id),
			);
		},
		keep: ({ merge, why }, { user }) => {
			const kept = carryOutKeep(store, merge, { by: user, why }, (record) => audit.write(keepEntry(record, user, why)));
			hub.post({ kind: "duplicates-changed" });
			return kept;
		},
		reject: ({ assets: wanted, why }, { user }) => {
			const [only = 0] = wanted;
			const assets = wanted.length > 1 ? wanted : getGroup(services, only).members.map(({ id }) => id);
			asGroup(services, assets);
			const pairs = transaction(db, () => {
				audit.write(rejectEntry("reject", assets, user, why));
				return carryOutReject(store, assets, { by: user, why });
			});
			return changed({ pairs }, assets);
		},
		unreject: ({ assets }, { user }) => {
			const pairs = transaction(db, () => {
				audit.write(rejectEntry("unreject", assets, user, null));
				return carryOutUnreject(store, assets);
			});
			return changed({ pairs }, assets);
		},
		rejections: ({ limit }) => listNotSame(db, limit),
		search: (_params, { user }) => {
			audit.write({ who: user, action: "duplicates.search", object: "inventory" });
			duplicates.search();
			return duplicates.status();
		},
		status: () => duplicates.status(),
		auto: ({ above, dryRun, limit }, { user }) => {
			const found = above === null ? { groups: 0, previews: [] } : duplicates.sure(above, limit);
			if (dryRun) return { above, ...found };
			const before = { above: duplicates.status().auto };
			audit.write({ who: user, action: "duplicates.auto", object: "duplicates", before, after: { above } });
			duplicates.setAuto(above);
			return { above, ...found };
		},
	};
}

export function duplicatesStreams({ store, hub }: Services): AreaStreams<"duplicates"> {
	const total = () => countDuplicateGroups(store.db);
	return {
		watch: watchHub(hub, {
			everyMs: 1_000,
			when: (bulletin) => bulletin.kind === "duplicates-changed",
			snapshot: () => ({ total: total() }),
			event: () => ({ kind: "changed" as const, total: total() }),
		}),
	};
}

function getGroup({ store }: Services, id: number): DuplicateGroup {
	const group = findDuplicateGroup(store.db, id);
	if (group !== null) return group;
	throw new AppError("not-found", `Asset ${id} is in no group of duplicates.`, {
		hint: `See the groups with: vedette duplicates. Why it is in none with another: vedette duplicates why ${id} 2`,
	});
}

/** Assets that need not be a group, as one; throws `not-found`. */
function asGroup({ store: { db, clock } }: Services, wanted: readonly number[]): DuplicateGroup {
	const assets = [...new Set(wanted)].sort((a, b) => a - b);
	const members = listDuplicateMembers(db, assets);
	const missing = assets.find((asset) => !members.some(({ id }) => id === asset));
	if (missing !== undefined) throw noAsset(missing);
	if (assets.length < 2) {
		throw new AppError("invalid", "It takes two assets.", { hint: "Name both: vedette duplicates compare 1 2" });
	}
	return { id: assets[0] ?? 0, confidence: 0, members, reasons: [], foundAt: isoOf(clock.now()) };
}
