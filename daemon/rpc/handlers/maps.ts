/** Handlers of the maps area. */
import { AppError } from "../../../protocol/errors.ts";
import type { ListParams } from "../../../protocol/model/listing.ts";
import type { NetworkMap } from "../../../protocol/model/map.ts";
import { isOver } from "../../../protocol/model/run-status.ts";
import { addToInventory } from "../../maps/add-to-inventory.ts";
import { planMaps, readResolver, refuseTooLarge } from "../../maps/request.ts";
import { parseDomain, parseNetblock } from "../../maps/targets.ts";
import { canonicalAddress } from "../../scope/address.ts";
import {
	approvedFields,
	changeApproved,
	differenceFields,
	findMapDomain,
	findNetblock,
	listApproved,
	listDifferences,
	listMapAddresses,
	listMapDomains,
	listMapHosts,
	listMaps,
	mapFields,
	mapHostFields,
	networkOfMap,
	saveNetblock,
} from "../../store/maps.ts";
import { transaction } from "../../store/sql.ts";
import { updateAudited } from "../audit-trail.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";
import { networkOfTargets } from "./network-of-targets.ts";
import { networkNamed } from "./networks.ts";

/** Addresses of one domain's approved list or netblock that may be named at once. */
const mostAddresses = 65_536;

export function mapsHandlers(services: Services): AreaHandlers<"maps"> {
	const { store, hub, maps, planning, audit } = services;
	const { db, clock } = store;
	return {
		start: async (params, { user }) => {
			const network = networkOfTargets(services, params.network, params.targets);
			const plans = await planMaps(params, planning, (domain) => findNetblock(db, domain));
			const planned = plans.map((plan) => ({ ...plan, networkId: network }));
			const started = maps.start(planned, (ids) => {
				for (const id of ids) audit.write({ who: user, action: "map.start", object: `map ${id}`, after: params });
			});
			return { maps: started };
		},
		list: (params) => {
			const page = listMaps(db, compileListing(params, mapFields, clock.now()).query);
			return { ...page, items: page.items.map(({ id }) => maps.current(id)) };
		},
		get: ({ map }) => maps.current(map),
		coverage: ({ map }) => {
			const coverage = maps.coverage(map);
			if (coverage !== null) return coverage;
			throw new AppError("not-found", `Map ${map} is from before coverage was kept.`, {
				hint: "Map again to have it.",
			});
		},
		hosts: (params) => {
			maps.current(params.map);
			return listMapHosts(db, params.map, compileListing(params, mapHostFields, clock.now()).query);
		},
		compare: (params) => {
			sameDomain(maps.current(params.before), maps.current(params.after));
			return differences(services, params, params.before, params.after, false);
		},
		rogues: (params) => {
			const map = maps.current(params.map);
			if (params.before !== undefined) sameDomain(maps.current(params.before), map);
			return differences(services, params, params.before ?? null, map.id, true);
		},
		approve: (params, { user }) => {
			const { map, mode } = params;
			const domain = params.domain === undefined ? null : parseDomain(params.domain);
			const addresses = chosenAddresses(services, params);
			const own = map === undefined ? null : maps.current(map).domain;
			const network =
				params.network === undefined && map !== undefined ? networkOfMap(db, map) : networkNamed(store, params.network);
			const changed = domain ?? own;
			if (changed === null) {
				throw new AppError("invalid", "Say which domain the addresses belong to.", {
					hint: "`none` for plain addresses.",
				});
			}
			return transaction(db, () => {
				audit.write({ who: user, action: "map.approve", object: changed, after: { mode, network, addresses } });
				return {
					domain: changed,
					...changeApproved(db, { domain: changed, network, addresses, mode, by: user, at: clock.now() }),
				};
			});
		},
		approved: (params) => {
			const network = params.network === undefined ? null : networkNamed(store, params.network);
			const of = { domain: parseDomain(params.domain), network };
			return listApproved(db, of, compileListing(params, approvedFields, clock.now()).query);
		},
		domains: () => ({ domains: listMapDomains(db) }),
		setDomain: (params, { user }) => {
			const domain = parseDomain(params.domain);
			if (params.netblock.length > 0) refuseTooLarge(domain, parseNetblock(params.netblock), mostAddresses);
			const before = findMapDomain(db, domain).netblock;
			transaction(db, () => {
				audit.write({ who: user, action: "map.netblock", object: domain, before, after: params.netblock });
				saveNetblock(db, domain, params.netblock);
			});
			return findMapDomain(db, domain);
		},
		resolver: () => ({ resolver: services.settings.data.mapResolver || null }),
		setResolver: async ({ resolver }, { user }) => {
			const next = resolver === null ? "" : (readResolver(resolver) ?? "");
			const before = services.settings.data.mapResolver;
			await updateAudited(
				services,
				(data) => {
					data.mapResolver = next;
				},
				() => ({ who: user, action: "map.resolver", object: "name server of maps", before, after: next }),
			);
			return { resolver: next || null };
		},
		addToInventory: (params, { user }) => {
			const { map } = params;
			const addresses = chosenAddresses(services, params.addresses === undefined ? params : { ...params, filter: "" });
			const outcome = transaction(db, () => {
				audit.write({ who: user, action: "map.add-to-inventory", object: `map ${map}`, after: { addresses } });
				return addToInventory(store, map, addresses);
			});
			if (outcome.added > 0) hub.post({ kind: "inventory-changed" });
			return outcome;
		},
		pause: async ({ map }, { user }) => {
			const before = maps.current(map).status;
			const paused = await maps.pause(map);
			audit.note({ who: user, action: "map.pause", object: `map ${map}`, before, after: paused.status });
			return paused;
		},
		resume: ({ map, ignoreWindow }, { user }) => {
			const before = maps.current(map).status;
			const reason = ignoreWindow ? "Its window is to be ignored." : null;
			if (before === "paused" || (before === "waiting" && ignoreWindow))
				audit.write({ who: user, action: "map.resume", object: `map ${map}`, before, reason });
			return maps.resume(map, { ignoreWindow });
		},
		cancel: async ({ map }, { user }) => {
			const now = maps.current(map);
			const before = now.status;
			if (!isOver(now)) audit.write({ who: user, action: "map.cancel", object: `map ${map}`, before });
			return maps.cancel(map);
		},
	};
}

export function mapsStreams({ store, hub, maps }: Services): AreaStreams<"maps"> {
	return {
		watch: (_params, emit) => {
			const close = hub.listen((bulletin) => {
				if (bulletin.kind === "map") emit({ kind: "map", map: bulletin.map });
			});
			const newest = listMaps(store.db, { where: null, sort: null, limit: 200, cursor: null }).items;
			return { snapshot: { maps: newest.map(({ id }) => maps.current(id)) }, close };
		},
	};
}

function differences(
	{ store }: Services,
	params: Required<Pick<ListParams, "filter" | "limit">> & ListParams,
	before: number | null,
	after: number,
	rogues: boolean,
) {
	const { query } = compileListing(params, differenceFields(before, after), store.clock.now());
	return listDifferences(store.db, { before, after, rogues }, query);
}

/** The addresses named, or those of the map's hosts that match. Throws `invalid` for both, neither, or one the map has not. */
function chosenAddresses(
	{ store, maps }: Services,
	chosen: { map?: number | undefined; filter: string; addresses?: readonly string[] | undefined },
): string[] {
	const { map, filter, addresses } = chosen;
	if (addresses !== undefined) {
		if (filter !== "") throw new AppError("invalid", "Give either addresses or a filter, not both.");
		if (map !== undefined) maps.current(map);
		const set = parseNetblock(addresses);
		refuseTooLarge("the list", set, mostAddresses);
		return [...set];
	}
	if (map === undefined) {
		throw new AppError("invalid", "Say which hosts: a map or addresses.", {
			hint: 'For example {"map": 1, "filter": "flag:L"}.',
		});
	}
	maps.current(map);
	const listing = { filter, limit: 1, cursor: undefined, sort: undefined };
	const { query } = compileListing(listing, mapHostFields, store.clock.now());
	return listMapAddresses(store.db, map, query.where).flatMap((one) => canonicalAddress(one) ?? []);
}

function sameDomain(before: NetworkMap, after: NetworkMap): void {
	if (before.domain === after.domain) return;
	throw new AppError(
		"invalid",
		`Map ${before.id} is of ${before.domain} and map ${after.id} of ${after.domain}: they cannot be compared.`,
		{ hint: "Compare two maps of one domain; list them with: vedette map list" },
	);
}
