/**
 * Takes in a host of another scanner's file, as of when that scanner saw it: what is held that is newer stays as it is, and an
 * address that another machine has had since stays with that one.
 */
import { AppError } from "../../protocol/errors.ts";
import type { Signature } from "../../protocol/model/signature.ts";
import type { HostCoverage } from "../evidence/coverage.ts";
import { coversClosed, findPort } from "../evidence/covers.ts";
import type { EvidenceRecord, RecordOf } from "../evidence/record.ts";
import { findAssetByAddress } from "../identity/resolve-asset.ts";
import { onlyDenialOfService } from "../knowledge/cvss.ts";
import { type Knowledge, signaturesVersion } from "../knowledge/knowledge.ts";
import { findAsset } from "../store/assets.ts";
import { listCoverage, listRecordPlaces, listRecordsOfKind, type RecordPlace } from "../store/evidence.ts";
import { listPriorFindings, newestFinding } from "../store/finding-writes.ts";
import { listKnownIdentifiers } from "../store/identifiers.ts";
import { listServices } from "../store/services.ts";
import { saveBroughtSignature, saveSignatures } from "../store/signatures.ts";
import { rehearse, transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { isUnderOther } from "./imported-reports.ts";
import { type HostEvidence, type IngestOutcome, ingestHost } from "./ingest.ts";
import { isSeamed } from "./seamed-reports.ts";

export interface TakenInHost extends HostEvidence {
	readonly network: number;
	readonly takenInAt: number;
	/** Texts that came with what the scanner reported. */
	readonly signatures: readonly Omit<Signature, "qid">[];
}

export interface TakeInOutcome extends IngestOutcome {
	/** Something of it was older than what is held, and left out. */
	readonly hasOlder: boolean;
	/** A piece of its reports is missing by what was held of it, and nothing was taken to be over. */
	readonly isSeamed: boolean;
}

/**
 * In one transaction, but for the texts; `dryRun`: all is undone. Throws `conflict` where another machine has been seen at the address
 * since, `unavailable` when it cannot be stored; then nothing of it is.
 */
export function takeInHost(store: Store, knowledge: Knowledge, host: TakenInHost, dryRun: boolean): TakeInOutcome {
	const { db } = store;
	saveSignatures(db, signaturesVersion(knowledge), knowledge.signatures);
	const saveTexts = () => {
		for (const one of host.signatures) saveBroughtSignature(db, withPci(one), urgencyOf(knowledge, one));
	};
	if (dryRun) {
		return rehearse(db, () => {
			saveTexts();
			return takeIn(store, knowledge, host);
		});
	}
	// They come once in a file: other hosts need them too, should this one be refused.
	transaction(db, saveTexts);
	return transaction(db, () => takeIn(store, knowledge, host));
}

function takeIn(store: Store, knowledge: Knowledge, host: TakenInHost): TakeInOutcome {
	const { address } = host.coverage;
	const holder = findAssetByAddress(store.db, host.network, address);
	const seamed = holder !== null && lacksReports(store, host, holder);
	const told = seamed ? { ...host, ...closingNothing(host) } : host;
	const current = holder === null ? told : withoutOlder(store, told, holder);
	const lastThere = holder === null ? 0 : lastSeenAt(store, holder, address);
	const newest = newestFinding(store.db);
	const fixed = holder === null ? new Set<number>() : fixedAt(store, holder, address);
	const ingested = ingestHost(store, knowledge, current);
	if (holder !== null && ingested.assetId !== holder && lastThere > host.finishedAt) {
		throw seenSince(store, holder, lastThere);
	}
	// Of a file that is taken in twice the store tells again what it told before.
	const changes = ingested.changes.flatMap((one) => {
		if (one.change === "fixed") return fixed.has(one.findingId) ? [] : one;
		return one.change === "new" && one.findingId <= newest ? { ...one, change: "found" as const } : one;
	});
	return { ...ingested, changes, hasOlder: current !== told, isSeamed: seamed };
}

function urgencyOf({ advisories }: Knowledge, { cves }: Pick<Signature, "cves">) {
	return advisories?.urgencyOf(cves) ?? { kev: false, epss: null };
}

/** As with advisories: PCI goes by the score, and not by what only takes a service down. */
function withPci(signature: Omit<Signature, "qid">): Omit<Signature, "qid"> {
	const { cvss } = signature;
	const fails = cvss !== null && cvss.score >= 4 && !onlyDenialOfService(cvss.vector);
	return { ...signature, pci: fails ? { fail: true, reason: "cvss" } : { fail: false, reason: "none" } };
}

/** Only what is newer can have anything closed. */
function lacksReports({ db }: Store, { records, reported, finishedAt }: TakenInHost, asset: number): boolean {
	if (reported?.plugins == null) return false;
	const told = records.filter((record) => record.kind === "nessus");
	const address = records[0]?.address;
	const held = (listRecordsOfKind(db, asset, "nessus") as RecordOf<"nessus">[]).filter(
		(record) => record.address === address && record.observedAt < finishedAt,
	);
	return isSeamed(told, held, (report) => isUnderOther(report, reported));
}

function closingNothing({ reported }: TakenInHost): Pick<HostEvidence, "reported"> {
	return reported === undefined ? {} : { reported: { ...reported, plugins: null } };
}

function fixedAt({ db }: Store, asset: number, address: string): Set<number> {
	return new Set(listPriorFindings(db, asset, address).flatMap(({ id, status }) => (status === "FIXED" ? id : [])));
}

function lastSeenAt({ db }: Store, asset: number, address: string): number {
	const seen = listKnownIdentifiers(db, asset).filter(({ kind, value }) => kind === "ip" && value === address);
	return Math.max(0, ...seen.map(({ lastSeen }) => lastSeen));
}

function seenSince({ db }: Store, holder: number, at: number): AppError {
	const name = findAsset(db, { id: holder })?.name ?? `asset ${holder}`;
	return new AppError("conflict", `another machine, ${name}, was seen at its address since, ${dayOf(at)}`);
}

function dayOf(at: number): string {
	return new Date(at).toISOString().slice(0, 10);
}

/** The same object where all of it is at least as new as what is held of the address. */
function withoutOlder({ db }: Store, host: TakenInHost, asset: number): TakenInHost {
	const { coverage, finishedAt: at } = host;
	const { address } = coverage;
	const newerRun = listCoverage(db, asset).find((run) => run.coverage.address === address && run.at > at)?.coverage;
	const newer = new Set(
		listServices(db, asset)
			.filter((service) => service.address === address && service.lastSeen > at)
			.map(({ port, protocol }) => `${port}/${protocol}`),
	);
	const held = listRecordPlaces(db, asset).filter((record) => record.address === address && record.observedAt > at);
	const isOlder = (port: number, protocol: "tcp" | "udp") => {
		if (newer.has(`${port}/${protocol}`)) return true;
		const place = { address, port, protocol };
		return newerRun !== undefined && (findPort(newerRun, place) !== undefined || coversClosed(newerRun, place));
	};
	// Nothing newer is held of a port that was proved closed: what was there went with it.
	const isGone = (record: EvidenceRecord) => newerRun !== undefined && coversClosed(newerRun, record);
	// What a scanner reported is weighed place by place elsewhere.
	const records = host.records.filter(
		(record) => !isGone(record) && (record.kind === "nessus" || !held.some((one) => isSamePlace(one, record))),
	);
	const ports = coverage.ports.filter(({ port, protocol }) => !isOlder(port, protocol));
	const isWhole = records.length === host.records.length && ports.length === coverage.ports.length;
	if (isWhole && newerRun === undefined) return host;
	const kinds = new Set(records.map(({ kind }) => kind));
	const hostKinds = coverage.hostKinds.filter((kind) => kinds.has(kind));
	const part: HostCoverage = {
		...coverage,
		ports,
		hostKinds,
		closedTcp: newerRun === undefined ? coverage.closedTcp : [],
	};
	return { ...host, records, coverage: part, recognisedBy: host.records };
}

function isSamePlace(one: RecordPlace, { kind, port, protocol }: EvidenceRecord): boolean {
	return one.kind === kind && one.port === port && one.protocol === protocol;
}
