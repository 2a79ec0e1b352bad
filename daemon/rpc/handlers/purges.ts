/** Handlers of the purges area. */
import { AppError } from "../../../protocol/errors.ts";
import type { PurgePreview, PurgeRule } from "../../../protocol/model/purge.ts";
import { rejudgeOne } from "../../assess/rejudge-one.ts";
import { getPurge, previewPurge, runPurge, undoPurge } from "../../inventory/purge.ts";
import {
	deletePurgeRule,
	findPurgeRule,
	listPurgedAssets,
	listPurgeRules,
	listPurges,
	purgedAssetFields,
	purgeFields,
	savePurgeRule,
} from "../../store/purges.ts";
import { transaction } from "../../store/sql.ts";
import { isoOf } from "../../store/time.ts";
import { retagAsset } from "../../tags/live-rules.ts";
import type { AreaHandlers } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";

const dayMs = 86_400_000;

export function purgesHandlers({ store, hub, audit, knowledge }: Services): AreaHandlers<"purges"> {
	const { db, clock } = store;
	const changed = () => {
		hub.post({ kind: "inventory-changed" });
		hub.post({ kind: "findings-changed" });
	};
	return {
		preview: ({ filter }) => previewPurge(store, filter),
		run: async ({ filter, expected, reason, everything }, { user }) => {
			const agree = (assets: number, of: number) => refuse({ assets, of, expected, everything });
			const onBegin = (id: number, assets: number) =>
				audit.write({
					...{ who: user, action: "purge.run", object: `purge ${id}`, reason },
					after: { query: filter, assets },
				});
			try {
				return await runPurge(store, { query: filter, by: user, reason, rule: null, agree, onBegin });
			} finally {
				changed();
			}
		},
		undo: async ({ purge, assets, beside }, { user }) => {
			// What is known has changed while it was away, and so may tags have.
			const onRestored = (asset: number) => {
				rejudgeOne(store, knowledge(), asset);
				retagAsset(db, asset, clock.now());
			};
			const onBegin = () =>
				audit.write({ who: user, action: "purge.undo", object: `purge ${purge}`, after: { assets: assets ?? "all" } });
			try {
				return await undoPurge(store, purge, { assets: assets ?? null, beside, by: user, onBegin, onRestored });
			} finally {
				changed();
			}
		},
		list: (params) => listPurges(db, compileListing(params, purgeFields, clock.now()).query),
		assets: ({ purge, ...params }) => {
			getPurge(store, purge);
			return listPurgedAssets(db, purge, compileListing(params, purgedAssetFields, clock.now()).query);
		},
		rules: () => {
			const items = listPurgeRules(db);
			return { items, total: items.length };
		},
		saveRule: (wish, { user }) => {
			const before = findPurgeRule(db, wish.name);
			const query = wish.query ?? before?.query;
			if (query === undefined) {
				throw new AppError("invalid", `There is no rule "${wish.name}": a new one needs a query.`, {
					hint: 'For example: vedette purge rule "gone" --query "lastSeen<now-90d"',
				});
			}
			const preview = previewPurge(store, query);
			if (preview.everything) throw everythingMatches(preview, "A rule must not empty the inventory.", "Narrow it.");
			const now = clock.now();
			const rule: PurgeRule = {
				name: before?.name ?? wish.name,
				query,
				reason: wish.reason ?? before?.reason ?? "Not seen for too long.",
				most: wish.most ?? before?.most ?? Math.max(10, Math.ceil(preview.of / 10)),
				enabled: wish.enabled ?? before?.enabled ?? true,
				madeAt: before?.madeAt ?? isoOf(now),
				madeBy: before?.madeBy ?? user,
				nextAt: before?.nextAt ?? isoOf(now + dayMs),
				lastAt: before?.lastAt ?? null,
				lastOutcome: before?.lastOutcome ?? null,
			};
			transaction(db, () => {
				savePurgeRule(db, rule);
				audit.write({ who: user, action: "purge.save-rule", object: `purge rule ${rule.name}`, before, after: rule });
			});
			return { rule, matches: preview.assets };
		},
		removeRule: ({ name }, { user }) => {
			const deleted = findPurgeRule(db, name);
			if (deleted === null) {
				throw new AppError("not-found", `There is no purge rule "${name}".`, {
					hint: "List them with: vedette purge rules",
				});
			}
			transaction(db, () => {
				deletePurgeRule(db, deleted.name);
				audit.write({ who: user, action: "purge.delete-rule", object: `purge rule ${deleted.name}`, before: deleted });
			});
			return { deleted };
		},
	};
}

function refuse(found: { assets: number; of: number; expected: number; everything: boolean }): void {
	const { assets, of, expected, everything } = found;
	if (assets !== expected) {
		throw new AppError("conflict", `${assets} assets match now, ${expected} were expected: nothing was purged.`, {
			hint: "Look again at what would go, then purge.",
		});
	}
	if (assets === of && !everything) {
		const hint = "Narrow it; or, if all of it is to go: vedette purge run QUERY --everything";
		throw everythingMatches({ assets }, "Nothing was purged.", hint);
	}
}

function everythingMatches({ assets }: Pick<PurgePreview, "assets">, outcome: string, hint: string): AppError {
	return new AppError("conflict", `That query matches every asset there is (${assets}). ${outcome}`, { hint });
}
