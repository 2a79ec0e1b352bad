/** Handlers of the governor area. */
import { splitTargets } from "../../../protocol/target/item.ts";
import { AddressSet } from "../../scope/address-set.ts";
import { parseFixedAddresses } from "../../scope/targets.ts";
import { findGroup, removeGroup, setGroup } from "../../store/settings-concurrency.ts";
import { updateAudited } from "../audit-trail.ts";
import type { AreaHandlers } from "../handler.ts";
import { replanRuns } from "../replan.ts";
import type { Services } from "../services.ts";

export function governorHandlers(services: Services): AreaHandlers<"governor"> {
	const { settings, store, manager, governor, planning, concurrencyGroups } = services;
	const replan = (ranges: readonly (readonly [string, string])[]) => replanRuns(services, AddressSet.fromText(ranges));
	return {
		groups: () => {
			const items = [...concurrencyGroups()];
			return { items, total: items.length };
		},
		setGroup: async ({ name, targets, ...limits }, { user }) => {
			// A name that leads elsewhere tomorrow would be a limit that nobody sees moving.
			const addresses = parseFixedAddresses(targets, planning);
			const group = {
				...{ name, ...limits, targets: targets.flatMap(splitTargets), ranges: addresses.toText() },
				...{ setAt: new Date(store.clock.now()).toISOString(), setBy: user },
			};
			const before = findGroup(settings.data, name);
			const event = () => ({
				...{ who: user, action: "concurrency-group.set", object: `concurrency group ${name}` },
				...(before === null ? {} : { before: shown(before) }),
				after: shown(group),
			});
			await updateAudited(services, (data) => setGroup(data, group), event);
			return { group, ...(await replan([...group.ranges, ...(before?.ranges ?? [])])) };
		},
		removeGroup: async ({ name }, { user }) => {
			const before = findGroup(settings.data, name);
			const event = () => ({
				...{ who: user, action: "concurrency-group.remove", object: `concurrency group ${before?.name ?? name}` },
				...(before === null ? {} : { before: shown(before) }),
			});
			await updateAudited(services, (data) => removeGroup(data, name), event);
			return { removed: before?.name ?? name, ...(await replan(before?.ranges ?? [])) };
		},
		networks: ({ scan, limit }) => {
			manager.current(scan);
			return governor.figures(`scan-${scan}`, limit);
		},
	};
}

function shown({ targets, ratePerSecond, inFlight }: { targets: string[]; ratePerSecond: number; inFlight: number }) {
	return { targets: targets.slice(0, 20), ratePerSecond, inFlight };
}
