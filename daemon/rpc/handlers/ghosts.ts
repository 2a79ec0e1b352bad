/** Handlers of the ghosts area. */

import { AppError } from "../../../protocol/errors.ts";
import type { GhostRule } from "../../../protocol/model/ghost.ts";
import type { GhostRow } from "../../evidence/ghost-sighting.ts";
import { ghostEntries } from "../../ghosts/entries.ts";
import { readRules } from "../../ghosts/rules.ts";
import { AddressSet } from "../../scope/address-set.ts";
import { parseExclusions, splitTargets } from "../../scope/targets.ts";
import { type GhostOrigin, listGhostRows } from "../../store/ghosts.ts";
import { addGhostRules, listGhostRules, removeGhostRules } from "../../store/settings-ghosts.ts";
import { updateAudited } from "../audit-trail.ts";
import type { AreaHandlers, CallContext } from "../handler.ts";
import type { Services } from "../services.ts";

/** Rows looked through for the latest of each network. */
const mostRows = 100_000;

export function ghostsHandlers(services: Services): AreaHandlers<"ghosts"> {
	const { store, settings, manager, maps } = services;
	const answer = async (rules: GhostRule[]) => {
		const addresses = AddressSet.fromText(rules.flatMap((rule) => rule.ranges));
		return { rules, scans: await manager.replan(addresses) };
	};
	const say =
		(says: GhostRule["says"]) =>
		async ({ targets, comment }: { targets: string[]; comment: string | null }, { user }: CallContext) => {
			const words = [...new Set(targets.flatMap(splitTargets).map((target) => target.toLowerCase()))];
			const wanted = await Promise.all(
				words.map(async (target) => ({ target, ranges: await rangesOf(target), says, comment: comment || null })),
			);
			const change = { at: new Date(store.clock.now()).toISOString(), by: user };
			let ids: number[] = [];
			const action = says === "real" ? "ghost.accept" : "ghost.reject";
			await updateAudited(
				services,
				(data) => {
					ids = addGhostRules(data, wanted, change);
				},
				() => ({ who: user, action, object: "ghosts", after: words, reason: comment || null }),
			);
			return answer(listGhostRules(settings.data).filter((rule) => ids.includes(rule.id)));
		};
	return {
		list: ({ scan, map, limit }) => {
			if (scan !== undefined && map !== undefined) throw new AppError("invalid", "Give a scan or a map, not both.");
			if (scan !== undefined) manager.current(scan);
			if (map !== undefined) maps.current(map);
			const origin: GhostOrigin | null = scan !== undefined ? { scan } : map !== undefined ? { map } : null;
			const rows = listGhostRows(store.db, origin, mostRows);
			const entries = ghostEntries(origin === null ? latest(rows) : rows, readRules(settings.data.ghostRules));
			return { items: entries.slice(0, limit), total: entries.length };
		},
		rules: () => {
			const items = listGhostRules(settings.data);
			return { items, total: items.length };
		},
		accept: say("real"),
		reject: say("ghost"),
		forget: async ({ rules }, { user }) => {
			let removed: GhostRule[] = [];
			await updateAudited(
				services,
				(data) => {
					removed = removeGhostRules(data, rules);
				},
				() => ({ who: user, action: "ghost.forget", object: "ghosts", before: removed.map(({ target }) => target) }),
			);
			return answer(removed);
		},
	};
}

/** Of each network the rows of the scan or map that saw it last. Rows come newest first. */
function latest(rows: readonly GhostRow[]): GhostRow[] {
	const seenBy = new Map<string, string>();
	return rows.filter(({ network, scan, map }) => {
		const origin = `${scan}/${map}`;
		if (!seenBy.has(network)) seenBy.set(network, origin);
		return seenBy.get(network) === origin;
	});
}

/** Names are refused: what is said holds for addresses. */
async function rangesOf(target: string): Promise<[string, string][]> {
	let named = false;
	const resolve = async () => {
		named = true;
		return [];
	};
	try {
		return (await parseExclusions([target], { resolve })).toText();
	} catch (err) {
		throw named ? notAnAddress(target) : err;
	}
}

function notAnAddress(target: string): AppError {
	return new AppError("invalid", `"${target}" is not an address, a block or a range.`, {
		hint: "What is said about ghosts holds for addresses; write 192.0.2.7, 192.0.2.0/24 or 192.0.2.10-20.",
	});
}
