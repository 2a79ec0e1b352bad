/** What an asset is compared by. */
import type { DatabaseSync } from "node:sqlite";
import type { IdentifierKind } from "../store/identifiers.ts";
import { all } from "../store/sql.ts";

export interface Profile {
	readonly id: number;
	readonly name: string;
	readonly network: number;
	readonly os: string | null;
	/** Poisoned ones are left out. */
	readonly identifiers: readonly ProfileIdentifier[];
	/** What answers there, as `port/protocol product version`; only of what was recognised with a version. Sorted. */
	readonly services: readonly string[];
}

export interface ProfileIdentifier {
	readonly kind: IdentifierKind;
	readonly value: string;
	/** 0: it means the same in every network. */
	readonly network: number;
	/** False: only claimed, nothing answered to it. */
	readonly answered: boolean;
}

/** More of one asset tell nothing more, and a host can make up as many as it likes. */
const mostOfOne = 256;

/** Of assets that are there; of the others nothing. */
export function loadProfiles(db: DatabaseSync, ids: readonly number[]): Map<number, Profile> {
	const wanted = JSON.stringify(ids);
	const assets = all<{ id: number; name: string; network: number; os: string | null }>(
		db,
		"SELECT id, name, network, os FROM asset WHERE id IN (SELECT value FROM json_each(?))",
		wanted,
	);
	const identifiers = new Map<number, ProfileIdentifier[]>();
	for (const row of all<IdentifierRow>(db, identifierSelect, wanted)) {
		const { asset, answered, ...identifier } = row;
		const known = identifiers.get(asset);
		if (known === undefined) identifiers.set(asset, [{ ...identifier, answered: answered === 1 }]);
		else if (known.length < mostOfOne) known.push({ ...identifier, answered: answered === 1 });
	}
	const services = new Map<number, string[]>();
	for (const { asset, text } of all<{ asset: number; text: string }>(db, serviceSelect, wanted)) {
		const known = services.get(asset);
		if (known === undefined) services.set(asset, [text]);
		else if (known.length < mostOfOne) known.push(text);
	}
	return new Map(
		assets.map((asset) => [
			asset.id,
			{ ...asset, identifiers: identifiers.get(asset.id) ?? [], services: services.get(asset.id) ?? [] },
		]),
	);
}

interface IdentifierRow {
	asset: number;
	network: number;
	kind: IdentifierKind;
	value: string;
	answered: number;
}

// CROSS JOIN: from the few assets to their rows, never the other way round.
const identifierSelect = `SELECT i.asset, i.network, i.kind, i.value, i.answered FROM json_each(?) j
	CROSS JOIN identifier i ON i.asset = j.value
	WHERE NOT EXISTS (SELECT 1 FROM poisoned p WHERE p.network = i.network AND p.kind = i.kind AND p.value = i.value)`;

const serviceSelect = `SELECT DISTINCT s.asset, s.port || ' ' || s.protocol || ' ' || s.product || ' ' || s.version AS text
	FROM json_each(?) j CROSS JOIN service s ON s.asset = j.value
	WHERE s.product IS NOT NULL AND s.version IS NOT NULL ORDER BY s.asset, s.port, s.protocol`;
