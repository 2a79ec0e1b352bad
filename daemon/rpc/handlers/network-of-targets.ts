/** The network that what is named as a target lies in: said in so many words, else that of the asset groups it names. */
import { AppError } from "../../../protocol/errors.ts";
import { readItem, splitTargets } from "../../../protocol/target/item.ts";
import { findGroup, networkOfGroup } from "../../store/groups.ts";
import { networkNames } from "../../store/networks.ts";
import type { Services } from "../services.ts";
import { networkNamed } from "./networks.ts";

/** Its number. Throws `not-found`, and `invalid` where a group lies in another one. */
export function networkOfTargets(
	{ store }: Pick<Services, "store">,
	name: string | undefined,
	targets: readonly string[],
): number {
	const groups = targets.flatMap((text) => splitTargets(text)).flatMap((text) => groupNamed(store.db, text));
	const wanted = name === undefined ? (groups[0]?.network ?? null) : networkNamed(store, name);
	const other = groups.find(({ network }) => network !== wanted);
	if (wanted === null || other === undefined) return wanted ?? networkNamed(store, undefined);
	const names = networkNames(store.db);
	throw new AppError(
		"invalid",
		`The asset group ${JSON.stringify(other.title)} is in the network ${names.get(other.network)}, not in ${names.get(wanted)}.`,
		{ hint: "One scan, map or recipe looks at one network: name the others apart." },
	);
}

/** The built-in group is of no network in particular. What cannot be read is told where the targets are. */
function groupNamed(db: Services["store"]["db"], text: string): { title: string; network: number }[] {
	try {
		const item = readItem(text, null);
		const group = item.kind === "group" ? findGroup(db, item.title) : null;
		const network = group === null ? null : networkOfGroup(db, group);
		return group === null || network === null ? [] : [{ title: group.title, network }];
	} catch {
		return [];
	}
}
