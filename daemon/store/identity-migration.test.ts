import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { addressKey } from "./address-key.ts";
import { findAsset } from "./assets.ts";
import { findKnownAsset } from "./candidates.ts";
import { listKnownIdentifiers } from "./identifiers.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { listNetworks } from "./networks.ts";
import { openStore } from "./store.ts";

const clock = { now: () => 1_700_000_000_000 };

test("a store of before keeps every identifier, and strong ones mean the same everywhere", () => {
	const folder = mkdtempSync(join(tmpdir(), "identity-"));
	const path = join(folder, "vedette.db");
	try {
		const old = new DatabaseSync(path);
		migrate(old, path, clock, readMigrations().slice(0, 16));
		const key = addressKey("192.0.2.1");
		old
			.prepare(
				"INSERT INTO asset (network, name, address, tracking, first_seen, last_seen) VALUES (1, 'a', ?, 'IP', 1, 2)",
			)
			.run(key);
		old.prepare("INSERT INTO asset_address (asset, address, last_seen) VALUES (1, ?, 2)").run(key);
		const identifiers = [
			["ip", "192.0.2.1"],
			["name", "a.example"],
			["machine-id", "5f2e9c0d4b7a4e1c8d3f6a9b0c1d2e3f"],
			["mac", "00:1b:21:aa:bb:cc"],
		];
		for (const [kind, value] of identifiers)
			old.prepare("INSERT INTO identifier VALUES (1, ?, ?, 1, 1, 2)").run(kind as string, value as string);
		old.close();

		const { db, close } = openStore(path, { clock });
		expect(findAsset(db, { id: 1 })).toMatchObject({ name: "a", addresses: ["192.0.2.1"], network: "default" });
		expect(findKnownAsset(db, 1)).toMatchObject({ trackedName: null, mainAddress: key, addresses: [key] });
		const known = listKnownIdentifiers(db, 1).map(({ kind, network, source, answered }) => [
			kind,
			network,
			source,
			answered,
		]);
		expect(known.sort()).toEqual([
			["ip", 1, "network", true],
			["mac", 1, "login", true],
			["machine-id", 0, "login", true],
			["name", 1, "network", true],
		]);
		expect(listNetworks(db).map(({ id, name, assets }) => [id, name, assets])).toEqual([[1, "default", 1]]);
		close();
	} finally {
		rmSync(folder, { recursive: true });
	}
});
