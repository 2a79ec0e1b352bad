/**
 * Where asset groups and tags are written down by name: exclusions, limits, credentials, rules of tags, purges and policy,
 * approved requests, and scans, maps and recipes that are not over. What such a name leads to must not be lost, or changed, unseen.
 */
import { AppError } from "../../../protocol/errors.ts";
import { groupTarget, readItem, tagTarget } from "../../../protocol/target/item.ts";
import type { Query } from "../../query/ast.ts";
import { parseQuery } from "../../query/parse.ts";
import { listCredentials } from "../../store/credentials.ts";
import { listLive } from "../../store/exception-cover.ts";
import { findGroup } from "../../store/groups.ts";
import { listUnfinishedMaps } from "../../store/maps.ts";
import { listPolicyRules } from "../../store/policy-rules.ts";
import { listPurgeRules } from "../../store/purges.ts";
import { listUnfinishedRecipes } from "../../store/recipes.ts";
import { listUnfinishedScans } from "../../store/scans.ts";
import { listGroups } from "../../store/settings-concurrency.ts";
import { holdingExclusions } from "../../store/settings-exclusions.ts";
import type { SettingsData } from "../../store/settings-schema.ts";
import type { Store } from "../../store/store.ts";
import { findTag, listTags } from "../../store/tags.ts";
import { namedInQuery } from "../../tags/named-in-query.ts";
import { ruleQuery } from "../../tags/rule-query.ts";

export interface NamingParts {
	readonly store: Pick<Store, "db" | "clock">;
	readonly settings: { readonly data: Pick<SettingsData, "concurrencyGroups" | "exclusions"> };
}

/** One place where a target is written. */
interface Place {
	readonly by: string;
	readonly target: string;
	/** The command that takes it out there. */
	readonly cure: string;
}

/** Most places that a refusal names. */
const mostNamed = 3;

/**
 * Does the change, within a transaction, and throws `conflict` when a target that is written down somewhere leads elsewhere
 * or nowhere by it: the transaction is then to be rolled back.
 */
export function keepingNames<T>(parts: NamingParts, change: () => T): T {
	const before = new Map([...placesOf(parts)].map(([key, place]) => [key, { place, id: meaningOf(parts, place) }]));
	const value = change();
	const after = placesOf(parts);
	const lost = [...before].flatMap(([key, { place, id }]) =>
		id === null || meaningOf(parts, after.get(key) ?? place) === id ? [] : [place],
	);
	if (lost.length > 0) throw refusal(lost);
	return value;
}

function refusal(lost: readonly Place[]): AppError {
	const named = lost.slice(0, mostNamed);
	const places = named.map(({ by, target }) => `${by} (${target})`).join(", ");
	const more = lost.length > named.length ? ` and ${lost.length - named.length} more` : "";
	return new AppError("conflict", `It is in use: ${places}${more} would lose what that stands for.`, {
		hint: `Take it out there first: ${[...new Set(named.map(({ cure }) => cure))].join("; ")}`,
		details: { places: lost.slice(0, 100).map(({ by, target }) => ({ by, target })) },
	});
}

/** By a key that stays the same while the place does. */
function placesOf({ store: { db, clock }, settings: { data } }: NamingParts): Map<string, Place> {
	const places = new Map<string, Place>();
	const add = (by: string, targets: readonly string[], cure: string) => {
		for (const [at, target] of targets.entries()) {
			if (/^(group|tag|tag-ranges):/i.test(target)) places.set(`${by} ${at}`, { by, target, cure });
		}
	};
	for (const { id, target } of holdingExclusions(data, clock.now()))
		add(`exclusion ${id}`, [target], `vedette exclude remove ${id} --comment WHY`);
	for (const { name, targets } of listGroups(data))
		add(`the limit ${JSON.stringify(name)}`, targets, `vedette limits remove ${JSON.stringify(name)}`);
	for (const { name, targets, excluded } of listCredentials(db)) {
		const cure = `vedette credential edit ${JSON.stringify(name)} --target …`;
		add(`the credential ${JSON.stringify(name)}`, [...targets, ...excluded], cure);
	}
	for (const { id, status, targets, exclusions } of listUnfinishedScans(db))
		add(`scan ${id}, which is ${status}`, [...targets, ...exclusions], `vedette scans cancel ${id}`);
	for (const { id, status, netblock, exclusions } of listUnfinishedMaps(db))
		add(`map ${id}, which is ${status}`, [...netblock, ...exclusions], `vedette map cancel ${id}`);
	for (const { id, request } of listUnfinishedRecipes(db)) {
		const targets =
			request.kind === "new-subnet"
				? request.netblock
				: [...request.targets, ...request.exclusions, tagTarget(request.tag)];
		add(`recipe ${id}`, targets, `vedette recipe cancel ${id}`);
	}
	for (const { name, query } of listPurgeRules(db)) {
		const cure = `vedette purge rule ${JSON.stringify(name)} --query …`;
		add(
			`the purge rule ${JSON.stringify(name)}`,
			targetsIn(() => parseQuery(query)),
			cure,
		);
	}
	for (const { name, findings, assets } of listPolicyRules(db)) {
		const cure = `vedette policy remove ${JSON.stringify(name)}`;
		const targets = [findings, assets].flatMap((query) => targetsIn(() => parseQuery(query)));
		add(`the policy rule ${JSON.stringify(name)}`, targets, cure);
	}
	for (const { id, scope } of listLive(db, clock.now())) {
		const targets = scope.kind === "query" ? targetsIn(() => parseQuery(scope.query)) : [];
		add(`request ${id}, which covers what comes later`, targets, `vedette except revoke ${id}`);
	}
	for (const { path, rule } of listTags(db)) {
		const cure = `vedette tag edit ${JSON.stringify(path)} --rule …`;
		add(
			`the rule of the tag ${JSON.stringify(path)}`,
			targetsIn(() => ruleQuery(rule)),
			cure,
		);
	}
	return places;
}

/** What a query names, as targets are written; one that cannot be read names nothing. */
function targetsIn(read: () => Query | null): string[] {
	try {
		return namedInQuery(read()).map(({ kind, name }) => (kind === "tag" ? tagTarget(name) : groupTarget(name)));
	} catch (err) {
		if (err instanceof AppError) return [];
		throw err;
	}
}

/** What it leads to now; null for nothing, or for nothing in particular. */
function meaningOf({ store: { db } }: NamingParts, { target }: Place): string | null {
	try {
		const item = readItem(target, null);
		const found =
			item.kind === "group" ? findGroup(db, item.title) : item.kind === "tag" ? findTag(db, item.name) : null;
		return found === null ? null : `${item.kind} ${found.id}`;
	} catch (err) {
		if (err instanceof AppError) return null;
		throw err;
	}
}
