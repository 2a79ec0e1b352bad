/** Changes what assets are tracked by, or says what that would do. Nothing is recorded of a name that does not resolve. */
import type { DatabaseSync } from "node:sqlite";
import type { TrackingMethod } from "../../protocol/model/asset.ts";
import type { TrackingChange } from "../../protocol/model/identity.ts";
import { addressOfKey } from "../store/address-key.ts";
import { findAsset } from "../store/assets.ts";
import {
	assetNames,
	findKnownAsset,
	findTrackedByName,
	type KnownAsset,
	saveMainAddress,
	saveTracking,
} from "../store/candidates.ts";
import type { Tally } from "../store/counters.ts";
import { findAssetsByIdentifier, listKnownIdentifiers } from "../store/identifiers.ts";
import { leaveAddress } from "./leave-address.ts";

export type ChosenTracking = Extract<TrackingMethod, "IP" | "DNSNAME" | "NETBIOS">;

export interface TrackingOutcome extends TrackingChange {
	/** Assets that have lost an address by it and have others. */
	displaced: number[];
}

/** In the caller's transaction. Null when there is no such asset. `tally`: what changes of the figures; the caller writes it. */
export function trackAsset(db: DatabaseSync, tally: Tally, id: number, to: ChosenTracking): TrackingOutcome | null {
	const asset = findKnownAsset(db, id);
	if (asset === null) return null;
	const none = { displaced: [] as number[], purges: [] };
	const told = { asset: { id, name: asset.name }, from: asset.tracking, ...none };
	const refused = (why: string) => ({ ...told, outcome: "refused" as const, by: byOf(asset), why, loses: null });
	if (asset.tracking === "AGENT") return refused("its agent says who it is");
	if (asset.tracking === "INSTANCE_ID") return refused("its cloud says which machine it is");
	if (to === asset.tracking) return { ...told, outcome: "already", by: byOf(asset), why: null, loses: null };
	if (to === "IP") return toAddress(db, tally, asset, told, refused);
	const name = nameFor(db, asset, to);
	if (name === null)
		return refused(
			to === "NETBIOS"
				? "no NetBIOS name was ever seen: a scan of UDP port 137 asks for it"
				: "no host name was ever resolved for it: a scan by its name does",
		);
	const other = findTrackedByName(db, asset.network, to, name);
	if (other !== null && other !== id) return refused(`asset ${other} is tracked by ${name}`);
	saveTracking(db, id, to, name);
	return { ...told, outcome: "changes", by: name, why: null, loses: null };
}

function byOf({ trackedName, mainAddress }: KnownAsset): string {
	return trackedName ?? addressOfKey(mainAddress);
}

/** What was resolved for it, the name it goes by first; of what was never scanned, that name. */
function nameFor(db: DatabaseSync, asset: KnownAsset, to: "DNSNAME" | "NETBIOS"): string | null {
	const kind = to === "NETBIOS" ? "netbios" : "name";
	const inside = (source: string) => source !== "network";
	const names = listKnownIdentifiers(db, asset.id)
		.filter((one) => one.kind === kind && (one.answered || (inside(one.source) && one.value.includes("."))))
		.sort((a, b) => Number(b.answered) - Number(a.answered) || b.lastSeen - a.lastSeen || (a.value < b.value ? -1 : 1));
	return names.find(({ value }) => value === asset.name)?.value ?? names[0]?.value ?? null;
}

/**
 * Of several that have one address, the one seen there last keeps it. One that has others goes on without it; one that would be
 * left without any is told as `purges`, and the caller takes it out.
 */
function toAddress(
	db: DatabaseSync,
	tally: Tally,
	asset: KnownAsset,
	told: Pick<TrackingOutcome, "asset" | "from" | "displaced" | "purges">,
	refused: (why: string) => TrackingOutcome,
): TrackingOutcome {
	if (asset.addresses.length === 0) return refused("it has no address at present");
	const shares = asset.addresses.map((key) => ({ key, rivals: rivalsAt(db, asset, key) }));
	const lost = shares.filter(({ rivals }) => rivals.some(({ later }) => later));
	if (lost.length === shares.length) return refused(`${rivalNames(db, lost)} was seen later at its address`);
	const won = shares.filter(({ rivals }) => rivals.length > 0 && !rivals.some(({ later }) => later));
	const displaced = [...new Set(won.flatMap(({ rivals }) => rivals.map((rival) => rival.asset)))];
	const wonKeys = new Set(won.map(({ key }) => key));
	const purges = displaced.filter((id) => findKnownAsset(db, id)?.addresses.every((key) => wonKeys.has(key)));
	const keep = (id: number) => !purges.includes(id);
	const kept = shares.flatMap((share) => (lost.includes(share) ? [] : share.key));
	const main = kept.includes(asset.mainAddress) ? asset.mainAddress : (kept[0] ?? asset.mainAddress);
	const leave = (id: number, key: string) => {
		const known = findKnownAsset(db, id);
		if (known !== null) leaveAddress(db, tally, known, key);
	};
	for (const { key, rivals } of won) for (const rival of rivals) if (keep(rival.asset)) leave(rival.asset, key);
	for (const { key } of lost) leave(asset.id, key);
	saveMainAddress(db, asset.id, main);
	saveTracking(db, asset.id, "IP", null);
	const loses = [
		...won.flatMap(({ key, rivals }) => {
			const staying = rivals.filter(({ asset: id }) => keep(id));
			if (staying.length === 0) return [];
			return `${rivalNames(db, [{ rivals: staying }])} is left without ${addressOfKey(key)}, seen there earlier`;
		}),
		...purges.map((id) => goneWords(db, id)),
		...lost.map((share) => `${addressOfKey(share.key)} stays with ${rivalNames(db, [share])}, seen there later`),
	];
	return {
		...told,
		...{ outcome: "changes", by: addressOfKey(main), why: null, loses: loses.join("; ") || null },
		displaced: displaced.filter(keep),
		purges: purges.flatMap((id) => toldPurge(db, id)),
	};
}

function toldPurge(db: DatabaseSync, id: number): TrackingChange["purges"] {
	const asset = findAsset(db, { id });
	if (asset === null) return [];
	const findings = Object.values(asset.findings).reduce((sum, n) => sum + n, 0);
	return [{ id, name: asset.name, findings, lastSeen: asset.lastSeen }];
}

function goneWords(db: DatabaseSync, id: number): string {
	const [gone] = toldPurge(db, id);
	if (gone === undefined) return `asset ${id} is purged`;
	const { name, findings, lastSeen } = gone;
	const open = `${findings} open finding${findings === 1 ? "" : "s"}`;
	return `the older record, asset ${id} (${name}), last seen ${lastSeen.slice(0, 10)}, is purged with ${open}`;
}

interface Rival {
	asset: number;
	/** Seen there after the asset was. */
	later: boolean;
}

function rivalsAt(db: DatabaseSync, asset: KnownAsset, key: string): Rival[] {
	const seen = findAssetsByIdentifier(db, asset.network, { kind: "ip", value: addressOfKey(key) }).filter(
		(one) => one.answered,
	);
	const own = seen.find((one) => one.asset === asset.id)?.lastSeen ?? 0;
	return seen
		.filter((one) => one.asset !== asset.id && findKnownAsset(db, one.asset)?.addresses.includes(key))
		.map((one) => ({ asset: one.asset, later: one.lastSeen > own }));
}

function rivalNames(db: DatabaseSync, shares: readonly { rivals: readonly Rival[] }[]): string {
	const ids = [...new Set(shares.flatMap(({ rivals }) => rivals.map(({ asset }) => asset)))];
	const names = assetNames(db, ids);
	return ids.map((id) => `asset ${id} (${names.get(id) ?? "gone"})`).join(", ");
}
