/** Handlers of the networks area. */
import { AppError } from "../../../protocol/errors.ts";
import type { Network } from "../../../protocol/model/identity.ts";
import {
	createNetwork,
	defaultNetwork,
	deleteNetwork,
	findNetwork,
	listNetworks,
	networkUses,
	updateNetwork,
} from "../../store/networks.ts";
import { transaction } from "../../store/sql.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

export function networksHandlers({ store, audit }: Services): AreaHandlers<"networks"> {
	const { db, clock } = store;
	const get = (id: number): Network => {
		const found = listNetworks(db).find((network) => network.id === id);
		if (found !== undefined) return found;
		throw new AppError("not-found", `There is no network ${id}.`, { hint: listHint });
	};
	return {
		list: () => {
			const items = listNetworks(db);
			return { items, total: items.length };
		},
		add: ({ name, comment }, { user }) =>
			transaction(db, () => {
				const id = createNetwork(db, { name, comment, at: clock.now(), by: user });
				if (id === null) throw isTaken(name);
				audit.write({ who: user, action: "network.add", object: name, after: { comment } });
				return get(id);
			}),
		edit: ({ network, name, comment }, { user }) =>
			transaction(db, () => {
				const before = get(networkNamed(store, network));
				const rival = name === undefined ? null : findNetwork(db, name);
				if (rival !== null && rival !== before.id) throw isTaken(name ?? "");
				updateNetwork(db, before.id, { ...(name && { name }), ...(comment === undefined ? {} : { comment }) });
				const after = get(before.id);
				audit.write({ who: user, action: "network.edit", object: before.name, before, after });
				return after;
			}),
		remove: ({ network }, { user }) =>
			transaction(db, () => {
				const before = get(networkNamed(store, network));
				const { assets, scans, groups } = networkUses(db, before.id);
				if (before.id === defaultNetwork)
					throw new AppError("conflict", "What names no network is in this one: it stays.", {
						hint: "It can be renamed: vedette network edit",
					});
				if (assets + scans + groups > 0)
					throw new AppError(
						"conflict",
						`${assets} assets, ${scans} scans and maps and ${groups} asset groups are in ${before.name}.`,
						{
							hint: `Purge the assets first: vedette purge run 'network:"${before.name}"'; a network that was scanned stays.`,
						},
					);
				deleteNetwork(db, before.id);
				audit.write({ who: user, action: "network.remove", object: before.name, before });
				return before;
			}),
	};
}

const listHint = "See them with: vedette network list";

/** The number of a network by its name; the default one when none is named. Throws `not-found`. */
export function networkNamed({ db }: Pick<Services["store"], "db">, name: string | undefined): number {
	if (name === undefined) return defaultNetwork;
	const found = findNetwork(db, name);
	if (found !== null) return found;
	throw new AppError("not-found", `There is no network ${JSON.stringify(name)}.`, {
		hint: `${listHint}; make it with: vedette network add`,
	});
}

function isTaken(name: string): AppError {
	return new AppError("conflict", `There is a network ${JSON.stringify(name)} already.`, { hint: listHint });
}
