/** Handlers of the exclusions area. */
import { AppError } from "../../../protocol/errors.ts";
import { AddressSet } from "../../scope/address-set.ts";
import { parsePorts } from "../../scope/ports.ts";
import { fragilePorts } from "../../scope/scope.ts";
import { parseExclusions, splitTargets } from "../../scope/targets.ts";
import {
	addExclusions,
	exclusionHistory,
	exclusionsById,
	listExclusions,
	removeExclusions,
} from "../../store/settings-exclusions.ts";
import { updateAudited } from "../audit-trail.ts";
import type { AreaHandlers, CallContext } from "../handler.ts";
import { replanRuns } from "../replan.ts";
import type { Services } from "../services.ts";

export function exclusionsHandlers(services: Services): AreaHandlers<"exclusions"> {
	const { settings, store, planning } = services;
	const now = () => store.clock.now();
	const change = ({ user }: CallContext) => ({ at: new Date(now()).toISOString(), by: user });
	const ports = () => ({ always: rangesText([...fragilePorts]), further: settings.data.fragilePorts });
	return {
		list: () => {
			const items = listExclusions(settings.data, now());
			return { items, total: items.length };
		},
		history: ({ limit }) => {
			const events = exclusionHistory(settings.data, now());
			return { items: events.slice(0, limit), total: events.length };
		},
		add: async ({ targets, comment, expiresAt }, context) => {
			refusePast(expiresAt, now());
			const words = new Set(targets.flatMap(splitTargets).map((target) => target.toLowerCase()));
			const wanted = await Promise.all([...words].map((target) => read(target, services)));
			let ids: number[] = [];
			const event = () => ({
				...{ who: context.user, action: "exclusion.add", reason: comment },
				object: ids.length === 1 ? `exclusion ${ids[0]}` : `exclusions ${ids.join(", ")}`,
				after: { targets: wanted.map(({ target }) => target), expiresAt },
			});
			await updateAudited(
				services,
				(data) => {
					const added = wanted.map(({ target, addresses }) => ({
						target,
						ranges: addresses.toText(),
						comment,
						expiresAt,
					}));
					ids = addExclusions(data, added, change(context));
				},
				event,
			);
			const replanned = await replanRuns(services, new AddressSet(wanted.flatMap(({ addresses }) => addresses.ranges)));
			return { added: exclusionsById(settings.data, ids, now()), ...replanned };
		},
		remove: async ({ exclusions, comment }, context) => {
			const ids = [...new Set(exclusions)];
			const before = exclusionsById(settings.data, ids, now()).map(({ id, target, comment: why }) => ({
				id,
				target,
				why,
			}));
			const event = () => ({
				...{ who: context.user, action: "exclusion.remove", before, reason: comment },
				object: ids.length === 1 ? `exclusion ${ids[0]}` : `exclusions ${ids.join(", ")}`,
			});
			await updateAudited(services, (data) => removeExclusions(data, ids, comment, change(context)), event);
			return { removed: exclusionsById(settings.data, ids, now()) };
		},
		fragilePorts: () => ports(),
		setFragilePorts: async ({ further }, { user }) => {
			const before = planning.fragilePorts();
			const list = rangesText(further.trim() === "" ? [] : parsePorts(further));
			const event = { who: user, action: "fragile-ports.set", object: "fragile ports" };
			const was = settings.data.fragilePorts;
			await updateAudited(
				services,
				(data) => {
					data.fragilePorts = list;
				},
				() => ({ ...event, before: was, after: list }),
			);
			const isNew = [...planning.fragilePorts()].some((port) => !before.has(port));
			return { ...ports(), ...(isNew ? await replanRuns(services, null) : { scans: [], maps: [] }) };
		},
	};
}

function refusePast(expiresAt: string | null, now: number): void {
	if (expiresAt === null || Date.parse(expiresAt) > now) return;
	throw new AppError("invalid", `The exclusion would expire at once: ${expiresAt} is not in the future.`, {
		hint: "Give a later date, or none for an exclusion that stays.",
	});
}

async function read(target: string, { planning }: Services): Promise<{ target: string; addresses: AddressSet }> {
	return { target, addresses: await parseExclusions([target], planning) };
}

/** `[1, 2, 3, 7]` as `1-3,7`. */
function rangesText(ports: readonly number[]): string {
	const ranges: [number, number][] = [];
	for (const port of [...ports].sort((a, b) => a - b)) {
		const last = ranges.at(-1);
		if (last !== undefined && port === last[1] + 1) last[1] = port;
		else ranges.push([port, port]);
	}
	return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join();
}
