/** Asset groups: what is said of them and which addresses they have. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import { type AssetGroup, cvssEnvironment, type GroupWords } from "../../protocol/model/group.ts";
import { type AddressRange, AddressSet } from "../../protocol/target/address-set.ts";
import { addressKey, addressOfKey } from "./address-key.ts";
import { defaultNetwork, networkNames } from "./networks.ts";
import { all, first, run, transaction } from "./sql.ts";
import { isoOf } from "./time.ts";

/** More would make every question about the group slow. */
const mostRanges = 100_000;
const mostGroups = 10_000;

/** The built-in group comes first, the others by title. */
export function listGroups(db: DatabaseSync): AssetGroup[] {
	return all<GroupRow>(db, "SELECT * FROM asset_group ORDER BY built_in DESC, title").map((row) => toGroup(db, row));
}

/** By title, without regard to case. */
export function findGroup(db: DatabaseSync, title: string): AssetGroup | null {
	const row = first<GroupRow>(db, "SELECT * FROM asset_group WHERE title = ?", title.trim());
	return row === undefined ? null : toGroup(db, row);
}

/** The number of the network a group's addresses are in; null for the built-in one, which is of none in particular. */
export function networkOfGroup(db: DatabaseSync, { id }: Pick<AssetGroup, "id">): number | null {
	const text = "SELECT network FROM asset_group WHERE id = ? AND built_in = 0";
	return first<{ network: number }>(db, text, id)?.network ?? null;
}

/** Throws `not-found`. */
export function getGroup(db: DatabaseSync, title: string): AssetGroup {
	const group = findGroup(db, title);
	if (group !== null) return group;
	throw new AppError("not-found", `There is no asset group ${JSON.stringify(title)}.`, {
		hint: "See which there are with: vedette group list",
	});
}

/** Throws `conflict` when there is one of that title. `at` in milliseconds. */
export function createGroup(
	db: DatabaseSync,
	title: string,
	words: GroupWords,
	at: number,
	network = defaultNetwork,
): AssetGroup {
	return transaction(db, () => {
		refuseTaken(db, title, null);
		if ((first<{ n: number }>(db, "SELECT count(*) AS n FROM asset_group")?.n ?? 0) > mostGroups) {
			throw new AppError("too-large", `There are ${mostGroups} asset groups already.`, { hint: "Delete some first." });
		}
		const insert = "INSERT INTO asset_group (title, network, created_at, updated_at) VALUES (?, ?, ?, ?)";
		run(db, insert, title, network, at, at);
		return saveGroup(db, getGroup(db, title), { title, ...words }, at);
	});
}

/** Writes everything that is said of a group. Throws `conflict` for a title another one has, and for the built-in group. */
export function saveGroup(
	db: DatabaseSync,
	{ id, title: before }: Pick<AssetGroup, "id" | "title">,
	words: GroupWords & { title: string },
	at: number,
): AssetGroup {
	return transaction(db, () => {
		refuseBuiltIn(db, id);
		refuseTaken(db, words.title, id);
		run(
			db,
			`UPDATE asset_group SET title = ?, comments = ?, division = ?, function = ?, location = ?, impact = ?, cvss = ?,
				dns_names = ?, netbios_names = ?, domains = ?, owner = ?, updated_at = max(?, created_at) WHERE id = ?`,
			...[words.title, words.comments, words.division, words.function, words.location, words.businessImpact],
			...[JSON.stringify(words.cvss), JSON.stringify(words.dnsNames), JSON.stringify(words.netbiosNames)],
			...[JSON.stringify(words.domains), words.owner, at, id],
		);
		return getGroup(db, words.title === "" ? before : words.title);
	});
}

/** Throws `conflict` for the built-in group. */
export function deleteGroup(db: DatabaseSync, { id }: Pick<AssetGroup, "id">): void {
	transaction(db, () => {
		refuseBuiltIn(db, id);
		run(db, "DELETE FROM asset_group WHERE id = ?", id);
	});
}

/** Of the built-in group: every address of the inventory and of every group. */
export function groupAddresses(db: DatabaseSync, { id, builtIn }: Pick<AssetGroup, "id" | "builtIn">): AddressSet {
	if (!builtIn) return rangesOf(all<RangeRow>(db, "SELECT first, last FROM asset_group_range WHERE grp = ?", id));
	const groups = all<RangeRow>(db, "SELECT first, last FROM asset_group_range");
	const inventory = all<RangeRow>(db, "SELECT DISTINCT address AS first, address AS last FROM asset_address");
	return rangesOf([...groups, ...inventory]);
}

/** Host names of a group; of the built-in one those of all. */
export function groupNames(db: DatabaseSync, { builtIn, dnsNames }: AssetGroup): string[] {
	if (!builtIn) return dnsNames;
	const rows = all<{ name: string }>(
		db,
		"SELECT DISTINCT n.value AS name FROM asset_group g, json_each(g.dns_names) n ORDER BY 1",
	);
	return rows.map(({ name }) => name);
}

/** Throws `too-large` for more ranges than a group has. */
export function saveGroupAddresses(db: DatabaseSync, { id }: AssetGroup, addresses: AddressSet, at: number): void {
	if (addresses.count > mostRanges) {
		throw new AppError("too-large", `${addresses.count} separate ranges are too many for one asset group.`, {
			hint: `The most is ${mostRanges}: write blocks where you can, or make several groups.`,
		});
	}
	transaction(db, () => {
		refuseBuiltIn(db, id);
		run(db, "DELETE FROM asset_group_range WHERE grp = ?", id);
		for (const [from, to] of addresses.toText()) {
			const keys = [addressKey(from), addressKey(to)] as const;
			run(db, "INSERT INTO asset_group_range (grp, first, last) VALUES (?, ?, ?)", id, ...keys);
		}
		run(db, "UPDATE asset_group SET updated_at = max(?, created_at) WHERE id = ?", at, id);
	});
}

interface RangeRow {
	first: string;
	last: string;
}

interface GroupRow {
	id: number;
	title: string;
	network: number;
	built_in: number;
	comments: string;
	division: string;
	function: string;
	location: string;
	impact: AssetGroup["businessImpact"];
	cvss: string;
	dns_names: string;
	netbios_names: string;
	domains: string;
	owner: string;
	created_at: number;
	updated_at: number;
}

function toGroup(db: DatabaseSync, row: GroupRow): AssetGroup {
	const builtIn = row.built_in === 1;
	const addresses = groupAddresses(db, { id: row.id, builtIn });
	return {
		id: row.id,
		title: row.title,
		builtIn,
		network: networkNames(db).get(row.network) ?? "default",
		comments: row.comments,
		division: row.division,
		function: row.function,
		location: row.location,
		businessImpact: row.impact,
		cvss: cvssEnvironment.parse(JSON.parse(row.cvss)),
		dnsNames: JSON.parse(row.dns_names) as string[],
		netbiosNames: JSON.parse(row.netbios_names) as string[],
		domains: JSON.parse(row.domains) as string[],
		owner: row.owner,
		addresses: addresses.size,
		ranges: addresses.count,
		virtualHosts: countVirtualHosts(db, addresses),
		createdAt: isoOf(row.created_at),
		updatedAt: isoOf(row.updated_at),
	};
}

function countVirtualHosts(db: DatabaseSync, addresses: AddressSet): number {
	const places = all<{ address: string; n: number }>(
		db,
		"SELECT address, count(*) AS n FROM virtual_host GROUP BY address",
	);
	return places.reduce((sum, { address, n }) => sum + (addresses.has(addressOfKey(address)) ? n : 0), 0);
}

function rangesOf(rows: readonly RangeRow[]): AddressSet {
	return new AddressSet(
		rows.flatMap(({ first, last }): AddressRange[] => {
			// An address with a zone is nobody's target.
			if (first.includes("%")) return [];
			return [{ family: first.startsWith("4") ? 4 : 6, first: numberOf(first), last: numberOf(last) }];
		}),
	);
}

function numberOf(key: string): bigint {
	return BigInt(`0x${key.slice(1)}`);
}

function refuseBuiltIn(db: DatabaseSync, id: number): void {
	const row = first<{ title: string }>(db, "SELECT title FROM asset_group WHERE id = ? AND built_in = 1", id);
	if (row === undefined) return;
	throw new AppError("conflict", `The asset group ${row.title} is built in: it cannot be changed.`, {
		hint: "Make one of your own with: vedette group create",
	});
}

function refuseTaken(db: DatabaseSync, title: string, id: number | null): void {
	const taken = first<{ id: number; title: string }>(db, "SELECT id, title FROM asset_group WHERE title = ?", title);
	if (taken === undefined || taken.id === id) return;
	throw new AppError("conflict", `There is an asset group ${JSON.stringify(taken.title)} already.`, {
		hint: "Choose another title, or add to that one with: vedette group add",
	});
}
