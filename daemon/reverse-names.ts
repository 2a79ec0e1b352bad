/**
 * Host names of addresses whose assets are tracked by them: asked of the name server while the address is scanned, so that a scan
 * by address finds the asset. Nobody else's names are asked for.
 */
import type { DatabaseSync } from "node:sqlite";
import { type NameServer, openNameServer } from "./maps/names.ts";
import { addressKey } from "./store/address-key.ts";
import { networkOfScan } from "./store/networks.ts";
import { first } from "./store/sql.ts";

/** Questions a second, over all scans. */
const ratePerSecond = 50;
/** Of one question; it is put twice. */
const timeoutMs = 1_500;

/** Of one address: more tell nothing. */
const mostNames = 8;

export interface ReverseNames {
	/** Empty for an address nobody tracks by name, and when nobody answers. Never rejects. */
	of(scan: number, address: string): Promise<readonly string[]>;
	close(): void;
}

/** `resolver`: `address:port`; empty: the servers this machine uses. */
export function openReverseNames(db: DatabaseSync, resolver: () => string): ReverseNames {
	let open: { readonly resolver: string; readonly server: NameServer } | null = null;
	const serverNow = () => {
		const wanted = resolver();
		if (open?.resolver !== wanted) {
			open?.server.cancel();
			const server = openNameServer({ resolver: wanted === "" ? null : wanted, ratePerSecond, timeoutMs });
			open = { resolver: wanted, server };
		}
		return open.server;
	};
	return {
		async of(scan, address) {
			if (!isTrackedByName(db, networkOfScan(db, scan), address)) return [];
			const names = await serverNow()
				.namesOf(address)
				.catch(() => []);
			return names.slice(0, mostNames);
		},
		close: () => open?.server.cancel(),
	};
}

function isTrackedByName(db: DatabaseSync, network: number, address: string): boolean {
	const text = `SELECT 1 FROM identifier i JOIN asset a ON a.id = i.asset AND a.tracking = 'DNSNAME'
		JOIN asset_address x ON x.asset = a.id AND x.address = ?
		WHERE i.network = ? AND i.kind = 'ip' AND i.value = ? AND i.answered = 1 LIMIT 1`;
	return first(db, text, addressKey(address), network, address) !== undefined;
}
