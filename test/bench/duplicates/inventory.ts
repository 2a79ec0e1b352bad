/** A large made-up inventory: one asset in ten is there twice or three times, and some values are on far too many. */
import type { DatabaseSync } from "node:sqlite";
import { addressKey } from "../../../daemon/store/address-key.ts";

export interface Made {
	readonly assets: number;
	/** Groups that a search has to find. */
	readonly groups: number;
}

const golden = 500;
/** Assets that serve one certificate. */
const farm = 40;

/** Fills an empty store without scans; the same every time. */
export function fillInventory(db: DatabaseSync, machines: number): Made {
	const asset = db.prepare(
		`INSERT INTO asset (id, network, name, address, os, tracking, first_seen, last_seen, open_ports)
		VALUES (?, 1, ?, ?, 'Debian 12', 'IP', 1, 2, 2)`,
	);
	const address = db.prepare("INSERT INTO asset_address (asset, address, last_seen) VALUES (?, ?, 2)");
	const identifier = db.prepare(
		"INSERT INTO identifier (network, kind, value, asset, first_seen, last_seen) VALUES (?, ?, ?, ?, 1, 2)",
	);
	const service = db.prepare(
		`INSERT INTO service (asset, address, port, protocol, name, tls, product, version, last_seen)
		VALUES (?, ?, ?, 6, 'ssh', 0, 'OpenSSH', ?, 2)`,
	);
	let id = 0;
	let groups = 0;
	db.exec("BEGIN");
	for (let machine = 0; id < machines; machine++) {
		const copies = machine % 20 === 0 ? 2 : machine % 60 === 1 ? 3 : 1;
		if (copies > 1) groups++;
		for (let copy = 0; copy < copies; copy++) {
			id++;
			const ip = `10.${(id >> 16) & 255}.${(id >> 8) & 255}.${id & 255}`;
			const key = addressKey(ip);
			asset.run(id, `h${machine}.example.org`, key);
			address.run(id, key);
			identifier.run(1, "ip", ip, id);
			// Half of the machines have no name that both copies share.
			identifier.run(1, "name", machine % 2 === 0 ? `h${machine}.example.org` : `a${id}.example.org`, id);
			identifier.run(1, "ssh-host-key", `SHA256:ed25519-${machine}`, id);
			if (machine % 3 === 0) identifier.run(1, "ssh-host-key", `SHA256:rsa-${machine}`, id);
			if (machine % 5 === 0) identifier.run(0, "machine-id", machine.toString(16).padStart(32, "0"), id);
			if (id % 2_000 === 7 || id < golden * 7) {
				if (id % 7 === 3) identifier.run(1, "mac", "00:50:56:00:00:01", id);
			}
			if (id % 20 === 0) identifier.run(1, "tls-key", `farm-${Math.floor(id / 20 / farm)}`, id);
			for (const port of [22, 443]) service.run(id, key, port, `9.${machine % 9}`);
		}
	}
	db.exec("COMMIT");
	db.exec("DELETE FROM duplicate_pending");
	db.exec("ANALYZE");
	db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
	return { assets: id, groups };
}

/** What one would write first: every two assets that share a value. Returns how many pairs that makes. */
export function pairsBySelfJoin(db: DatabaseSync): number {
	return Number(
		db
			.prepare(
				`SELECT count(*) AS n FROM (SELECT DISTINCT a.asset, b.asset FROM identifier a JOIN identifier b
				ON b.network = a.network AND b.kind = a.kind AND b.value = a.value AND b.asset > a.asset WHERE a.kind <> 'ip')`,
			)
			.get()?.n,
	);
}
