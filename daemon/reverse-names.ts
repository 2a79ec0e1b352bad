/**
 * Names of addresses whose assets are tracked by them, so that a scan by address finds the asset: host names are asked of the name
 * server while the address is scanned, NetBIOS names of the host itself. Nobody else's are asked for.
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
	/** An asset at the address is tracked by its NetBIOS name. */
	isNetbios(scan: number, address: string): boolean;
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
			if (!isTracked(db, networkOfScan(db, scan), "DNSNAME", address)) return [];
			const names = await serverNow()
				.namesOf(address)
				.catch(() => []);
			return names.slice(0, mostNames);
		},
		isNetbios: (scan, address) => isTracked(db, networkOfScan(db, scan), "NETBIOS", address),
		close: () => open?.server.cancel(),
	};
}

function isTracked(db: DatabaseSync, network: number, by: "DNSNAME" | "NETBIOS", address: string): boolean {
	const text = `SELECT 1 FROM identifier i JOIN asset a ON a.id = i.asset AND a.tracking = ?
		JOIN asset_address x ON x.asset = a.id AND x.address = ?
		WHERE i.network = ? AND i.kind = 'ip' AND i.value = ? AND i.answered = 1 LIMIT 1`;
	return first(db, text, by, addressKey(address), network, address) !== undefined;
}
