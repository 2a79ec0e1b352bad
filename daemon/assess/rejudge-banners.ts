/**
 * Judges hosts again whose banners name packages of which feeds say something else now: of the others not even the evidence is
 * read. What is suspected is compared with what would be, and only hosts where that differs are judged as a whole.
 */
import { bannerFolder } from "../knowledge/banners/checks.ts";
import { bannerKinds, isBannerKind, packagedSoftware } from "../knowledge/banners/packaged.ts";
import { bannerSubjects, saidOfBanners } from "../knowledge/banners/subjects.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { type BannerHost, listBannerHosts, saveBannerHost } from "../store/banner-hosts.ts";
import { listRecords, type StoredRecord } from "../store/evidence.ts";
import { isOpen, listPriorFindings, type PriorFinding } from "../store/finding-writes.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { checksOfHost } from "./host-checks.ts";
import { newestOf, withoutReplaced } from "./newest-evidence.ts";
import { type Outcome, rejudgeOne } from "./rejudge-one.ts";
import type { Turns } from "./turns.ts";
import { type ChecksFor, evaluate, keyOf } from "./weigh.ts";

/** Assets found at a time; nearly all of them are passed over. */
const batchSize = 500;

export async function rejudgeBanners(
	store: Store,
	knowledge: Knowledge,
	turns: Turns,
	told: (outcome: Outcome) => void,
): Promise<void> {
	const { db } = store;
	for (let after = 0; ; await turns.next()) {
		const hosts = listBannerHosts(db, bannerKinds, after, batchSize);
		if (hosts.length === 0) return;
		transaction(db, () => {
			for (const host of hosts) {
				if (!isAsBefore(host, knowledge)) lookAt(store, knowledge, host.asset, told);
				after = host.asset;
				if (turns.isOver) break;
			}
		});
	}
}

/** It has none, or its evidence has not changed since it was last looked at, nor what feeds say of what its banners point to. */
function isAsBefore({ subjects, digest, speaks }: BannerHost, { advisories }: Knowledge): boolean {
	if (!speaks) return true;
	if (subjects === null || digest === null || advisories === undefined) return false;
	return Buffer.compare(saidOfBanners(subjects, advisories), digest) === 0;
}

function lookAt(store: Store, knowledge: Knowledge, asset: number, told: (outcome: Outcome) => void): void {
	const records = withoutReplaced(listRecords(store.db, asset));
	if (isOutOfStep(store, knowledge, asset, records)) told(rejudgeOne(store, knowledge, asset));
	const { advisories } = knowledge;
	if (advisories === undefined) return;
	const subjects = bannerSubjects(records, { records, newest: (kind, address) => newestOf(records, kind, address) });
	saveBannerHost(store.db, asset, subjects, saidOfBanners(subjects, advisories));
}

function isOutOfStep(
	{ db, clock }: Store,
	knowledge: Knowledge,
	asset: number,
	records: readonly StoredRecord[],
): boolean {
	const telling = records.filter((record) => packagedSoftware(record).length > 0);
	const prior = listPriorFindings(db, asset, null).filter(isSuspicion);
	if (telling.length === 0) return false;
	const newest = <K extends "system" | "packages">(kind: K, address: string) => newestOf(records, kind, address);
	const checks = checksOfHost({ knowledge, records, newest, prior });
	const checksFor: ChecksFor = (kind, record) =>
		checks(kind, record).filter(({ signature: { type, cves } }) => type === "potential" && cves.length > 0);
	const suspected = suspicionsOf(telling, checksFor, clock.now());
	const known = new Set(telling.flatMap((one) => checksFor(one.kind, one).map(({ signature }) => signature.id)));
	const isKnown = (id: string) => known.has(id) || id.startsWith(bannerFolder);
	const held = prior.filter(
		(one) => isOpen(one) && isKnown(one.signature) && telling.some((record) => isAt(record, one)),
	);
	return suspected.size !== held.length || held.some((one) => suspected.get(keyOf(one)) !== one.result);
}

/** What each suspicion that a banner gives would say, by its key. */
function suspicionsOf(records: readonly StoredRecord[], checksFor: ChecksFor, now: number): Map<string, string> {
	const suspected = new Map<string, string>();
	for (const record of records) {
		for (const check of checksFor(record.kind, record)) {
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
