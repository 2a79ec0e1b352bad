/**
 * Names of addresses where assets may be that are tracked by them, so that a scan by address finds the asset: host names are asked
 * of the name server while the address is scanned, NetBIOS names of the host itself. What is tracked by a name is what changes its
 * address, within its network as a rule: so the names of its neighbours are asked for too, and nobody else's.
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
	/** Empty for an address where and near which nobody is tracked by name, and when nobody answers. Never rejects. */
	of(scan: number, address: string): Promise<readonly string[]>;
	/** An asset at the address or near it is tracked by its NetBIOS name. */
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
			if (!isTrackedNear(db, networkOfScan(db, scan), "DNSNAME", address)) return [];
			const names = await serverNow()
				.namesOf(address)
				.catch(() => []);
			return names.slice(0, mostNames);
		},
		isNetbios: (scan, address) => isTrackedNear(db, networkOfScan(db, scan), "NETBIOS", address),
		close: () => open?.server.cancel(),
	};
}

function isTrackedNear(db: DatabaseSync, network: number, by: "DNSNAME" | "NETBIOS", address: string): boolean {
	const near = neighbourhood(addressKey(address));
	const text = `SELECT 1 FROM asset_address x JOIN asset a ON a.id = x.asset
		WHERE x.address >= ? AND x.address < ? AND a.tracking = ? AND a.network = ? LIMIT 1`;
	return first(db, text, near, `${near}g`, by, network) !== undefined;
}

/** What the sort keys of an address's /24, of IPv6 its /64, begin with; after them comes `g`, which is no digit. */
function neighbourhood(key: string): string {
	return key.slice(0, key.startsWith("4") ? 7 : 17);
}
