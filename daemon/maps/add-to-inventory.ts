/** Makes assets of hosts a map has found: tracked by their address, with their names, and without a single finding. */
import { gatherNames } from "../identity/identifiers.ts";
import { findAssetByAddress, resolveAsset } from "../identity/resolve-asset.ts";
import { updateAsset } from "../store/assets.ts";
import { Tally } from "../store/counters.ts";
import type { SeenIdentifier } from "../store/identifiers.ts";
import { findMapHost, networkOfMap } from "../store/maps.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { retagAsset } from "../tags/live-rules.ts";

const noFindings = { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 } as const;

/** All of them or none. What is in the inventory already stays as it is. Addresses that the map has not are left out. */
export function addToInventory(
	{ db, clock }: Store,
	map: number,
	addresses: readonly string[],
): { added: number; known: number } {
	const at = clock.now();
	const network = networkOfMap(db, map);
	return transaction(db, () => {
		const tally = new Tally();
		let added = 0;
		let known = 0;
		for (const address of addresses) {
			const host = findMapHost(db, map, address);
			if (host === null) continue;
			if (findAssetByAddress(db, network, address) !== null) {
				known++;
				continue;
			}
			// The same rule that names of scanned hosts go through: what is no host name names nothing.
			const names = host.names.flatMap((name) => gatherNames(name, []));
			const seenBy = { source: "network", answered: true } as const;
			const identifiers: SeenIdentifier[] = [
				{ kind: "ip", value: address, ...seenBy },
				...names.map((name) => ({ kind: "name", value: name, ...seenBy }) as const),
				...(host.netbios === null ? [] : [{ kind: "netbios", value: host.netbios.toUpperCase(), ...seenBy } as const]),
			];
			const name = names[0] ?? host.netbios ?? address;
			const { asset } = resolveAsset(db, tally, {
				...{ network, address, name, identifiers, records: [], scan: null, at },
			});
			if (asset === null) continue;
			const seen = { at, scanned: false, name: null, os: null, address, openPorts: 0, findings: noFindings };
			updateAsset(db, asset.id, seen);
			retagAsset(db, asset.id, at);
			added++;
		}
		tally.write(db, at);
		return { added, known };
	});
}
