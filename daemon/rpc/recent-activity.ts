/** What goes on and went on lately, put together of what each part of the daemon knows of its own work. */
import type { Activity } from "../../protocol/model/activity.ts";
import type { Exception } from "../../protocol/model/exception.ts";
import type { NetworkMap } from "../../protocol/model/map.ts";
import type { Purge } from "../../protocol/model/purge.ts";
import type { Recipe } from "../../protocol/model/recipe.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { count, plural } from "../../protocol/plural.ts";
import { listExceptions } from "../store/exceptions.ts";
import { listMaps } from "../store/maps.ts";
import { listStoredMerges } from "../store/merge-list.ts";
import { listSides, type StoredMerge } from "../store/merges.ts";
import { listPurges } from "../store/purges.ts";
import { listRecipes } from "../store/recipes.ts";
import { listScans, listUnfinishedScans } from "../store/scans.ts";
import { isoOf } from "../store/time.ts";
import { carriedActivity } from "./carried-activity.ts";
import { fileImportNow } from "./handlers/imports-file.ts";
import type { Services } from "./services.ts";

/** What runs or waits first, then the newest. */
export function recentActivity(services: Services, limit: number): { items: Activity[]; total: number } {
	const all = [...going(services), ...lately(services, limit)];
	const isOn = ({ state }: Activity) => state === "running" || state === "waiting";
	const order = (a: Activity, b: Activity) =>
		Number(isOn(b)) - Number(isOn(a)) || (a.at < b.at ? 1 : a.at > b.at ? -1 : 0);
	const items = all.toSorted(order).slice(0, limit);
	return { items, total: items.length };
}

/** Work that is no row of the store. */
function going(services: Services): Activity[] {
	const { updater, library, duplicates, store } = services;
	const now = isoOf(store.clock.now());
	const one = { number: null, progress: null, by: null, state: "running" as const };
	const update = updater.progress;
	const searching = duplicates.status().searching;
	const file = fileImportNow(services);
	return [
		...(file === null ? [] : [ofFile(file)]),
		...(update === null
			? []
			: [
					{
						...one,
						kind: "update" as const,
						title: "Feeds are fetched",
						at: update.startedAt,
						note: stepsWords(update.steps),
					},
				]),
		...(library.importing === null || update !== null
			? []
			: [
					{
						...{ ...one, kind: "import" as const, title: library.importing.path, at: now },
						note: `${plural(library.importing.records, "record")} so far`,
					},
				]),
		...(searching
			? [{ ...one, kind: "search" as const, title: "The inventory is searched for duplicates", at: now, note: "" }]
			: []),
	];
}

function ofFile({ running, by, startedAt }: NonNullable<ReturnType<typeof fileImportNow>>): Activity {
	const { path, bytes, size, hosts, new: added, dryRun } = running;
	return {
		...{ kind: "import", number: null, title: path, state: "running", by, at: isoOf(startedAt) },
		progress: size === 0 ? null : Math.min(1, bytes / size),
		note: `${plural(hosts, "host")} so far, ${added} of them new${dryRun ? "; only looked at" : ""}`,
	};
}

function stepsWords(steps: readonly { readonly source: string; readonly state: string }[]): string {
	const over = steps.filter(({ state }) => ["updated", "unchanged", "older", "failed"].includes(state)).length;
	return `${over} of ${steps.length} sources`;
}

function lately({ store, maps, startedAt }: Services, limit: number): Activity[] {
	const { db, clock } = store;
	const newest = { where: null, sort: null, limit, cursor: null };
	const scans = new Map([...listUnfinishedScans(db), ...listScans(db, newest).items].map((scan) => [scan.id, scan]));
	return [
		...[...scans.values()].map(ofScan),
		...listMaps(db, newest).items.map(({ id }) => ofMap(maps.current(id))),
		...listRecipes(db, newest).items.map(ofRecipe),
		...listPurges(db, newest).items.map(ofPurge),
		...listStoredMerges(db, newest).items.map((merge) => ofMerge(merge, listSides(db, merge.id))),
		...listExceptions(db, newest).items.map(ofRequest),
		...carriedActivity(db, { limit, startedAt, now: clock.now() }),
	];
}

function stateOf(status: Scan["status"] | NetworkMap["status"]): Activity["state"] {
	switch (status) {
		case "finished":
			return "done";
		case "error":
			return "failed";
		case "cancelled":
		case "paused":
			return "stopped";
		case "waiting":
		case "queued":
			return "waiting";
		default:
			return "running";
	}
}

function ofScan(scan: Scan): Activity {
	const { id, title, status, progress, hosts, reason } = scan;
	const state = stateOf(status);
	const open = Object.values(scan.findings).reduce((sum, n) => sum + n, 0);
	return {
		...{ kind: "scan", number: id, title, state, by: null, at: scan.finishedAt ?? scan.startedAt ?? scan.createdAt },
		progress: state === "done" || state === "failed" ? null : progress,
		note: reason ?? `${hosts.alive} of ${plural(hosts.total, "host")} alive, ${plural(open, "finding")}`,
	};
}

function ofMap(map: NetworkMap): Activity {
	const { id, title, status, progress, hosts } = map;
	const state = stateOf(status);
	return {
		...{ kind: "map", number: id, title, state, by: null, at: map.finishedAt ?? map.startedAt ?? map.createdAt },
		progress: state === "done" || state === "failed" ? null : progress,
		note: map.reason ?? `${plural(map.live, "live host")} of ${count(hosts)}`,
	};
}

const recipeStates = {
	...({ running: "running", waiting: "waiting", finished: "done", failed: "failed", cancelled: "stopped" } as const),
} satisfies Record<Recipe["status"], Activity["state"]>;

function ofRecipe({ id, title, status, steps, by, createdAt, finishedAt }: Recipe): Activity {
	const done = steps.filter(({ state }) => state === "done" || state === "skipped").length;
	const state = recipeStates[status];
	return {
		...{ kind: "recipe", number: id, title, state, by, at: finishedAt ?? createdAt },
		progress: state === "running" ? done / Math.max(1, steps.length) : null,
		note:
			steps.find((step) => step.state === "failed" || step.state === "waiting")?.text ||
			`${done} of ${steps.length} steps`,
	};
}

function ofPurge({ id, at, by, query, rule, assets, restored, state }: Purge): Activity {
	const back = restored > 0 ? `, ${restored} put back` : "";
	return {
		...{ kind: "purge", number: id, title: rule === null ? query : `rule ${rule}`, progress: null, by, at },
		...{
			state: restored > 0 && state === "undone" ? "stopped" : "done",
			note: `${plural(assets, "asset")} purged${back}`,
		},
	};
}

function ofMerge(merge: StoredMerge, sides: readonly { readonly asset: number; readonly name: string }[]): Activity {
	const { id, survivor, undone } = merge;
	const names = (stays: boolean) =>
		sides.filter(({ asset }) => (asset === survivor) === stays).map(({ asset, name }) => `${asset} ${name}`);
	return {
		...{ kind: "merge", number: id, title: `${names(false).join(", ")} into ${names(true).join("")}`, progress: null },
		...{ state: undone === null ? "done" : "stopped", by: (undone ?? merge).by, at: isoOf((undone ?? merge).at) },
		note: undone === null ? merge.why : "undone",
	};
}

function ofRequest(request: Exception): Activity {
	const { id, subject, state, requester, requestedAt, decidedAt, decidedBy, endedAt, endedBy, findings } = request;
	return {
		...{ kind: "request", number: id, title: subject, progress: null, by: endedBy ?? decidedBy ?? requester },
		state: state === "requested" ? "waiting" : state === "approved" || state === "expired" ? "done" : "stopped",
		...{ at: endedAt ?? decidedAt ?? requestedAt, note: `${state}, ${plural(findings, "finding")}` },
	};
}
