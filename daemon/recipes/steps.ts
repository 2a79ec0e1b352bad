/** The steps of recipes: each does one of the ordinary methods and says how that stands. */
import type { Method, MethodParams, MethodResult } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import * as assets from "../../protocol/methods/assets.ts";
import * as maps from "../../protocol/methods/maps.ts";
import * as scans from "../../protocol/methods/scans.ts";
import * as tags from "../../protocol/methods/tags.ts";
import type { RecipeRequest, RecipeStep } from "../../protocol/model/recipe.ts";
import { plural } from "../../protocol/plural.ts";
import { AddressSet } from "../../protocol/target/address-set.ts";
import { rangeText, tagTarget } from "../../protocol/target/item.ts";
import { findAssetByAddress } from "../identity/resolve-asset.ts";
import { compileFilter } from "../query/compile.ts";
import { callAs } from "../rpc/call-as.ts";
import type { CallContext, Handler, Handlers } from "../rpc/handler.ts";
import { listMapAddresses, mapHostFields, networkOfMap } from "../store/maps.ts";
import { networkNames, networkOfScan } from "../store/networks.ts";
import { assetsOfScan, type StoredRecipe } from "../store/recipes.ts";
import type { Store } from "../store/store.ts";
import { findTag } from "../store/tags.ts";

export interface StepParts {
	readonly store: Store;
	readonly handlers: Pick<Handlers, "assets" | "maps" | "scans" | "tags">;
	/** In whose name: who started the recipe. */
	readonly context: CallContext;
	readonly recipe: StoredRecipe;
	readonly step: RecipeStep;
	/** The step of that name, with the scan or map it had. */
	before(name: RecipeStep["name"]): RecipeStep | undefined;
}

/** What has become of a step. Throws AppError when it cannot be done. */
export type Progress = Pick<RecipeStep, "state" | "text"> & Partial<Pick<RecipeStep, "scan" | "map">>;
/** Assets of one call. */
const atOnce = 10_000;
/** Live hosts in the netblock of a map that are approved, and those that are not. */
const approvedHosts = "flag:L and flag:N and flag:A";
const rogueHosts = "flag:L and flag:N and not flag:A";

type Step = (parts: StepParts) => Progress | Promise<Progress>;

/** The steps of a recipe before anything is done. */
export function stepsOf(request: RecipeRequest): RecipeStep[] {
	const step = (name: RecipeStep["name"], text: string): RecipeStep => ({
		...{ name, state: "pending", text, scan: null, map: null },
	});
	if (request.kind === "light-inventory") {
		return [
			step("light-scan", `scan lightly, with the profile ${request.lightProfile}`),
			step("tag", `tag what it finds ${request.tag}`),
			step("full-scan", `scan what carries the tag with the profile ${request.fullProfile}`),
		];
	}
	return [
		step("map", "find out which hosts there are"),
		step("approve", request.approve === "live" ? "approve every live host" : "wait for approval"),
		step("inventory", "add the approved hosts to the inventory"),
		step("scan", `scan them with the profile ${request.profile}, with logins where credentials fit`),
		step("tracking", request.tracking === "IP" ? "track them by address" : "track them by host name"),
	];
}

export function titleOf(request: RecipeRequest): string {
	const targets = request.kind === "light-inventory" ? request.targets : request.netblock;
	const first = targets.slice(0, 3).join(", ");
	const all = targets.length > 3 ? `${first} and ${targets.length - 3} more` : first;
	return request.kind === "light-inventory" ? `Inventory of ${all}` : `New subnet ${all}`;
}

export const stepActs: Readonly<Record<RecipeStep["name"], Step>> = {
	"light-scan": (parts) => {
		const { targets, exclusions, lightProfile } = inventoryOf(parts);
		return scan(parts, { targets, exclusions, profile: lightProfile });
	},
	tag: tagFound,
	"full-scan": (parts) => {
		const { tag, fullProfile } = inventoryOf(parts);
		return scan(parts, { targets: [tagTarget(tag)], profile: fullProfile });
	},
	map,
	approve,
	inventory: addApproved,
	scan: (parts) => {
		const addresses = approvedOf(parts);
		if (addresses.length === 0) return { state: "skipped", text: "no host was approved" };
		const targets = AddressSet.fromText(addresses.map((one) => [one, one])).ranges.map(rangeText);
		return scan(parts, { targets, profile: subnetOf(parts).profile });
	},
	tracking,
};

function call<M extends Method>(
	method: M,
	handler: Handler<M>,
	params: MethodParams<M>,
	{ context }: StepParts,
): Promise<MethodResult<M>> {
	return callAs(context, method, handler, params);
}

async function scan(
	parts: StepParts,
	wanted: { targets: readonly string[]; exclusions?: readonly string[]; profile: string },
): Promise<Progress> {
	const { handlers, recipe, step } = parts;
	if (step.scan === null) {
		const started = await call(
			scans.start,
			handlers.scans.start,
			{
				targets: [...wanted.targets],
				exclusions: [...(wanted.exclusions ?? [])],
				profile: wanted.profile,
				title: `${recipe.title}: ${step.name}`,
				confirm: recipe.confirmed,
				...networkOf(parts),
			},
			parts,
		);
		return { state: "running", text: `scan ${started.id} runs`, scan: started.id };
	}
	const now = await call(scans.get, handlers.scans.get, { scan: step.scan }, parts);
	const found = `${plural(now.hosts.alive, "host")} alive, ${plural(now.openPorts, "open port")}`;
	if (now.status === "finished") return { state: "done", text: `scan ${now.id}: ${found}` };
	if (now.status === "cancelled" || now.status === "error") {
		return { state: "failed", text: `scan ${now.id} ended early: ${now.reason ?? now.status}`, scan: null };
	}
	return { state: "running", text: `scan ${now.id} is ${now.status}: ${found}` };
}

async function tagFound(parts: StepParts): Promise<Progress> {
	const { store, handlers } = parts;
	const { tag, onlyNew } = inventoryOf(parts);
	const scanned = parts.before("light-scan")?.scan ?? null;
	if (scanned === null) throw new AppError("internal", "The light scan has no number.");
	const { startedAt, createdAt } = await call(scans.get, handlers.scans.get, { scan: scanned }, parts);
	const found = assetsOfScan(store.db, scanned, onlyNew ? Date.parse(startedAt ?? createdAt) : 0);
	if (found.length === 0) {
		if (findTag(store.db, tag) === null) return { state: "failed", text: "the light scan found no asset to tag" };
		return { state: "skipped", text: "the light scan found nothing more to tag" };
	}
	if (findTag(store.db, tag) === null) await call(tags.create, handlers.tags.create, { name: tag }, parts);
	let changed = 0;
	for (let from = 0; from < found.length; from += atOnce) {
		const ids = found.slice(from, from + atOnce);
		changed += (await call(tags.assign, handlers.tags.assign, { tag, ids }, parts)).changed;
	}
	return {
		state: "done",
		text: `${plural(found.length, "asset carries", "assets carry")} ${tag}, ${changed} of them new to it`,
	};
}

async function map(parts: StepParts): Promise<Progress> {
	const { handlers, recipe, step } = parts;
	const { netblock, domain } = subnetOf(parts);
	if (step.map === null) {
		const { maps: started } = await call(
			maps.start,
			handlers.maps.start,
			{
				targets: [`${domain}:[${netblock.join(", ")}]`],
				title: recipe.title,
				netblockSize: 65_536,
				...networkOf(parts),
			},
			parts,
		);
		const id = started[0]?.id ?? null;
		return { state: "running", text: `map ${id} runs`, map: id };
	}
	const now = await call(maps.get, handlers.maps.get, { map: step.map }, parts);
	if (now.status === "finished") return { state: "done", text: `map ${now.id}: ${plural(now.live, "live host")}` };
	if (now.status === "cancelled" || now.status === "error") {
		return { state: "failed", text: `map ${now.id} ended early: ${now.reason ?? now.status}`, map: null };
	}
	return { state: "running", text: `map ${now.id} is ${now.status}` };
}

/** Waits until somebody names hosts or says that all are meant (see `approveHosts`). */
async function approve(parts: StepParts): Promise<Progress> {
	if (subnetOf(parts).approve === "live") return approveHosts(parts, "live");
	const map = mapOf(parts);
	const rogues = await call(maps.hosts, parts.handlers.maps.hosts, { map, filter: rogueHosts, limit: 1 }, parts);
	if (rogues.total === 0) return { state: "done", text: "every live host is approved already" };
	return {
		state: "waiting",
		text: `${plural(rogues.total, "live host")} of map ${map} not approved: say which are to be`,
	};
}

/** Approves the named hosts of the recipe's map, or every live one, or no more than are approved. Gives the step done. */
export async function approveHosts(
	parts: StepParts,
	hosts: readonly string[] | "live" | "approved",
): Promise<Progress> {
	const map = mapOf(parts);
	if (hosts === "approved") {
		const { length } = approvedOf(parts);
		if (length > 0) return { state: "done", text: `live hosts approved already: ${length}; no more are` };
		throw new AppError("conflict", `No live host of map ${map} is approved yet.`, {
			hint: `Approve some of its hosts first, or name them: vedette recipe go-on ${parts.recipe.id} --hosts ADDRESS,ADDRESS`,
		});
	}
	const wanted = hosts === "live" ? { filter: rogueHosts } : { addresses: [...hosts] };
	if (hosts === "live") {
		const open = await call(maps.hosts, parts.handlers.maps.hosts, { map, limit: 1, ...wanted }, parts);
		if (open.total === 0) return { state: "done", text: "every live host is approved already" };
	}
	const { domain, ...made } = await call(
		maps.approve,
		parts.handlers.maps.approve,
		{ map, mode: "add", ...wanted },
		parts,
	);
	return { state: "done", text: `${plural(made.added, "host")} approved for ${domain}` };
}

async function addApproved(parts: StepParts): Promise<Progress> {
	const addresses = approvedOf(parts);
	if (addresses.length === 0) return { state: "skipped", text: "no live host is approved" };
	const map = mapOf(parts);
	const made = await call(
		maps.addToInventory,
		parts.handlers.maps.addToInventory,
		{ map, filter: approvedHosts },
		parts,
	);
	return { state: "done", text: `${plural(made.added, "host")} added to the inventory, ${made.known} were in it` };
}

async function tracking(parts: StepParts): Promise<Progress> {
	if (subnetOf(parts).tracking === "IP") return { state: "done", text: "tracked by address" };
	const addresses = approvedOf(parts);
	if (addresses.length === 0) return { state: "skipped", text: "no host to track" };
	const { db } = parts.store;
	const network = networkOfMap(db, mapOf(parts));
	const ids = addresses.flatMap((address) => findAssetByAddress(db, network, address) ?? []);
	const made = await call(
		assets.track,
		parts.handlers.assets.track,
		{ assets: ids.slice(0, atOnce), by: "DNSNAME" },
		parts,
	);
	const left = made.refused === 0 ? "" : `, ${made.refused} have no name that was resolved and stay with their address`;
	return {
		state: "done",
		text: `${plural(made.changed + made.already, "host is", "hosts are")} tracked by name${left}`,
	};
}

/** Live hosts of the map in its netblock that are approved. */
function approvedOf({ store, before }: StepParts): string[] {
	const map = before("map")?.map ?? null;
	const { where } = compileFilter(approvedHosts, mapHostFields, { now: store.clock.now() });
	return map === null ? [] : listMapAddresses(store.db, map, where);
}

/** The full scan of a tag lies where the light one did. */
function networkOf({ recipe: { request }, before, store }: StepParts): { network?: string } {
	if (request.network !== undefined) return { network: request.network };
	const light = before("light-scan")?.scan ?? null;
	const map = before("map")?.map ?? null;
	const known = map !== null ? networkOfMap(store.db, map) : light !== null ? networkOfScan(store.db, light) : null;
	const name = known === null ? undefined : networkNames(store.db).get(known);
	return name === undefined ? {} : { network: name };
}

function mapOf({ before }: StepParts): number {
	const map = before("map")?.map ?? null;
	if (map === null) throw new AppError("internal", "The map has no number.");
	return map;
}

function inventoryOf({ recipe }: StepParts) {
	if (recipe.request.kind === "light-inventory") return recipe.request;
	throw new AppError("internal", "This step belongs to another recipe.");
}

function subnetOf({ recipe }: StepParts) {
	if (recipe.request.kind === "new-subnet") return recipe.request;
	throw new AppError("internal", "This step belongs to another recipe.");
}
