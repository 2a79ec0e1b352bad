/** Which tables hold rows of an asset, as the schema says it: a table that is added is merged, and taken apart, like the rest. */
import type { DatabaseSync } from "node:sqlite";
import { all } from "./sql.ts";

export interface AssetTable {
	readonly name: string;
	/** Without `asset`. */
	readonly columns: readonly string[];
	/** Primary key without `asset`. */
	readonly key: readonly string[];
	/** The asset is part of the key: two assets may have a row of one key each. */
	readonly perAsset: boolean;
	/** Its rows are about one address of the asset. */
	readonly byAddress: boolean;
}

const kept = new WeakMap<DatabaseSync, readonly AssetTable[]>();

/** Every table whose column `asset` refers to an asset. */
export function assetTables(db: DatabaseSync): readonly AssetTable[] {
	const known = kept.get(db);
	if (known !== undefined) return known;
	const names = all<{ name: string }>(
		db,
		`SELECT DISTINCT m.name FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f
		WHERE m.type = 'table' AND f."table" = 'asset' AND f."from" = 'asset' ORDER BY m.name`,
	);
	const tables = names.map(({ name }) => describe(db, name));
	kept.set(db, tables);
	return tables;
}

/** The columns of the asset's own row that can be written. */
export function assetColumns(db: DatabaseSync): string[] {
	return columnsOf(db, "asset").map(({ name }) => name);
}

function describe(db: DatabaseSync, name: string): AssetTable {
	const columns = columnsOf(db, name);
	const key = columns.filter(({ pk }) => pk > 0).map((column) => column.name);
	return {
		name,
		columns: columns.map((column) => column.name).filter((column) => column !== "asset"),
		key: key.filter((column) => column !== "asset"),
		perAsset: key.includes("asset"),
		byAddress: columns.some((column) => column.name === "address"),
	};
}

/** Without generated columns. */
function columnsOf(db: DatabaseSync, table: string): { name: string; pk: number }[] {
	return all<{ name: string; pk: number }>(db, "SELECT name, pk FROM pragma_table_info(?)", table);
}
