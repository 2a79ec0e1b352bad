/**
 * Judges hosts again whose banners name packages of which feeds say something else now: what is suspected is compared with
 * what would be, and only hosts where that differs are judged as a whole.
 */
import type { Kind } from "../evidence/record.ts";
import { bannerFolder } from "../knowledge/banners/checks.ts";
import { bannerKinds, isBannerKind, packagedSoftware } from "../knowledge/banners/packaged.ts";
import type { Check, Knowledge } from "../knowledge/knowledge.ts";
import { listRecords, type StoredRecord } from "../store/evidence.ts";
import { isOpen, listPriorFindings, type PriorFinding } from "../store/finding-writes.ts";
import { all, transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { checksOfHost } from "./host-checks.ts";
import { newestOf, withoutReplaced } from "./newest-evidence.ts";
import { type Outcome, rejudgeOne } from "./rejudge-one.ts";
import type { Turns } from "./turns.ts";
import { evaluate, keyOf } from "./weigh.ts";

/** Assets found at a time. */
const batchSize = 200;

export async function rejudgeBanners(
	store: Store,
	knowledge: Knowledge,
	turns: Turns,
	told: (outcome: Outcome) => void,
): Promise<void> {
	for (let after = 0; ; await turns.next()) {
		const ids = listBannerAssets(store, after);
		if (ids.length === 0) return;
		transaction(store.db, () => {
			for (const id of ids) {
				if (isOutOfStep(store, knowledge, id)) told(rejudgeOne(store, knowledge, id));
				after = id;
				if (turns.isOver) break;
			}
		});
	}
}

function listBannerAssets({ db }: Store, after: number): number[] {
	const kinds = bannerKinds.map(() => "?").join(", ");
	return all<{ asset: number }>(
		db,
		`SELECT DISTINCT asset FROM record WHERE asset > ? AND kind IN (${kinds}) ORDER BY asset LIMIT ${batchSize}`,
		...[after, ...bannerKinds],
	).map(({ asset }) => asset);
}

function isOutOfStep({ db, clock }: Store, knowledge: Knowledge, asset: number): boolean {
	const records = withoutReplaced(listRecords(db, asset));
	const telling = records.filter((record) => packagedSoftware(record).length > 0);
	const prior = listPriorFindings(db, asset, null).filter(isSuspicion);
	if (telling.length === 0) return false;
	const newest = <K extends "system" | "packages">(kind: K, address: string) => newestOf(records, kind, address);
	const checks = checksOfHost({ knowledge, records, newest, prior });
	const byKind = (kind: Kind) =>
		checks(kind).filter(({ signature: { type, cves } }) => type === "potential" && cves.length > 0);
	const suspected = suspicionsOf(telling, byKind, clock.now());
	const known = new Set(telling.flatMap(({ kind }) => byKind(kind).map(({ signature }) => signature.id)));
	const isKnown = (id: string) => known.has(id) || id.startsWith(bannerFolder);
	const held = prior.filter(
		(one) => isOpen(one) && isKnown(one.signature) && telling.some((record) => isAt(record, one)),
	);
	return suspected.size !== held.length || held.some((one) => suspected.get(keyOf(one)) !== one.result);
}

/** What each suspicion that a banner gives would say, by its key. */
function suspicionsOf(
	records: readonly StoredRecord[],
	checksFor: (kind: Kind) => readonly Check[],
	now: number,
): Map<string, string> {
	const suspected = new Map<string, string>();
	for (const record of records) {
		for (const check of checksFor(record.kind)) {
			const { address, port, protocol, instance = "" } = record;
			const { matched, result } = evaluate(check, record, now);
			if (matched === true)
				suspected.set(keyOf({ signature: check.signature.id, address, port, protocol, instance }), result);
		}
	}
	return suspected;
}

function isSuspicion({ type, kind }: PriorFinding): boolean {
	return type === "potential" && isBannerKind(kind);
}

function isAt(record: StoredRecord, one: PriorFinding): boolean {
	const isPlace = record.address === one.address && record.port === one.port && record.protocol === one.protocol;
	return isPlace && record.kind === one.kind && (record.instance ?? "") === one.instance;
}
