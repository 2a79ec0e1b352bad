/**
 * The one way evidence comes in: one host's records and coverage become an asset, current evidence, services and
 * findings, in one transaction. Done twice with the same, it changes nothing the second time.
 */

import type { FindingType, FixState } from "../../protocol/model/finding.ts";
import type { Severity } from "../../protocol/model/severity.ts";
import { canonicalAddress } from "../../protocol/target/address.ts";
import type { HostCoverage } from "../evidence/coverage.ts";
import { coversAbsence, coversClosed } from "../evidence/covers.ts";
import { isInsideKind } from "../evidence/inside.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import { coverNew, lapse } from "../exceptions/sightings.ts";
import { gatherIdentifiers, gatherNames } from "../identity/identifiers.ts";
import { findAssetByAddress, resolveAsset } from "../identity/resolve-asset.ts";
import { networkOfKind } from "../identity/strength.ts";
import { apartInside, counting, countingName, nameOf, osOf, type Standing } from "../inventory/authority.ts";
import { type ServiceChanges, serviceChanges, withServicesNotAsked } from "../inventory/services.ts";
import { type Knowledge, signaturesVersion } from "../knowledge/knowledge.ts";
import { weighAsset } from "../priorities/weigh.ts";
import { addressKey, addressOfKey } from "../store/address-key.ts";
import { updateAsset } from "../store/assets.ts";
import type { KnownAsset } from "../store/candidates.ts";
import type { Change } from "../store/codes.ts";
import { Tally } from "../store/counters.ts";
import { listCoverage, listRecordPlaces, listRecordsOfKind, saveCoverage } from "../store/evidence.ts";
import { isOpen, listPriorFindings, type PriorFinding } from "../store/finding-writes.ts";
import { noteArrival } from "../store/merge-arrivals.ts";
import { markSeen } from "../store/missed.ts";
import { networkOfScan } from "../store/networks.ts";
import { deleteRecord, saveRecords } from "../store/record-writes.ts";
import { addNotScanned } from "../store/scan-reach.ts";
import { deleteService, listServices, saveServices } from "../store/services.ts";
import { saveSignatures } from "../store/signatures.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { retagAsset } from "../tags/live-rules.ts";
import { openTickets } from "../tickets/open-tickets.ts";
import { applyTransitions } from "./apply.ts";
import { checksOfHost, type Host } from "./host-checks.ts";
import { keepSubjects } from "./host-subjects.ts";
import { type AskedReports, withReportsNotAsked } from "./imported-reports.ts";
import { judge, type Transition } from "./judge.ts";
import { newestOf } from "./newest-evidence.ts";
import { rejudgeOne } from "./rejudge-one.ts";

/** What one run brought home from one address. Times in milliseconds. */
export interface HostEvidence {
	/** Null: not by a scan (an import, an agent). */
	scan: number | null;
	/** Left out: the scan's, or the default one. */
	network?: number;
	/** Name the host was asked for by; null when by address. */
	hostname: string | null;
	startedAt: number;
	finishedAt: number;
	/** When it came here, where that is later; left out: when it ended. */
	takenInAt?: number;
	/** What another scanner judged by itself, and how it went about that. */
	reported?: AskedReports;
	/** Those of other addresses than the coverage's are left out. */
	records: readonly EvidenceRecord[];
	coverage: HostCoverage;
	/** By which the machine is recognised, where that is more than what is to be kept; left out: the records. */
	recognisedBy?: readonly EvidenceRecord[];
}

export interface FindingChange {
	findingId: number;
	change: Change;
	signature: string;
	severity: Severity;
	type: FindingType;
	address: string;
	/** Null: about the whole host. */
	port: number | null;
	title: string;
	/** What the vendor does about it. */
	fix: FixState | null;
}

export interface IngestOutcome {
	/** Null: a dead address nothing is known of, or one whose asset is tracked by a name that did not resolve. */
	assetId: number | null;
	created: boolean;
	/** Everything seen or fixed by this run; information that is gone is not told. */
	changes: FindingChange[];
	/** The name that did not resolve, so that nothing was recorded. */
	unresolvedName?: string;
}

/** Throws AppError `unavailable` when it cannot be stored; then nothing of it is. */
export function ingestHost(store: Store, knowledge: Knowledge, host: HostEvidence): IngestOutcome {
	// Apart: what it remembers of the numbers given must have been committed.
	saveSignatures(store.db, signaturesVersion(knowledge), knowledge.signatures);
	return transaction(store.db, () => {
		// A dead host says nothing of what is on it.
		if (!host.coverage.alive) {
			const assetId = findAssetByAddress(store.db, networkOf(store, host), host.coverage.address);
			return { assetId, created: false, changes: [] };
		}
		return ingestAlive(store, knowledge, host);
	});
}

function networkOf({ db }: Pick<Store, "db">, { network, scan }: HostEvidence): number {
	return network ?? networkOfScan(db, scan);
}

function ingestAlive(store: Store, knowledge: Knowledge, host: HostEvidence): IngestOutcome {
	const { db, clock } = store;
	const { coverage, scan, finishedAt: at, hostname } = host;
	const { address } = coverage;
	const records = host.records.filter((record) => record.address === address);
	const tally = new Tally();
	const told = host.recognisedBy ?? records;
	const identifiers = gatherIdentifiers(address, hostname, told);
	const called = gatherNames(hostname, told)[0] ?? address;
	const seen = { network: networkOf(store, host), address, name: called, identifiers, records: told, scan, at };
	const { asset, created, displaced, unresolvedName } = resolveAsset(db, tally, seen);
	if (asset === null) {
		if (scan !== null && unresolvedName !== null)
			addNotScanned(db, scan, {
				target: unresolvedName,
				why: `hostname not found (tracked by name, seen at ${address})`,
			});
		return { assetId: null, created, changes: [], unresolvedName: unresolvedName ?? address };
	}
	const parts = partsOf(host, records, asset, created).map((part) => ingestPart(store, knowledge, tally, asset, part));
	const said = { name: nameOf(records, hostname), os: osOf(records) };
	const arrived = identifiers.map((one) => ({ ...one, network: networkOfKind(one.kind, seen.network) }));
	const held = noteArrival(db, asset.id, { address, at, scan, ...said, identifiers: arrived });
	const isNamed = held.has("name") || asset.trackedName !== null;
	updateAsset(db, asset.id, {
		...{ at, scanned: scan !== null, address, openPorts: parts.at(-1)?.openPorts ?? 0 },
		name: isNamed ? null : countingName(said.name, namedBy(asset), { at, atMain: isMain(asset, address) }),
		os: held.has("os") ? null : counting(said.os, systemOf(asset), at),
		findings: sumOf(parts.map(({ openChange }) => openChange)),
	});
	const now = host.takenInAt ?? at;
	tally.write(db, now);
	if (records.some(({ kind }) => kind === "packages" || kind === "system"))
		keepSubjects(db, knowledge, { asset: asset.id, address: asset.mainAddress });
	const settles = parts.some(({ suspicious }) => suspicious) && records.some(({ kind }) => isInsideKind(kind));
	const wasGone = markSeen(db, asset.id);
	if (settles || wasGone) rejudgeOne(store, knowledge, asset.id);
	const tagged = [asset.id, ...displaced].filter((changed) => retagAsset(db, changed, clock.now()));
	if (created || tagged.includes(asset.id)) weighAsset(db, asset.id);
	// Once its tags are in step: what approvals cover may go by them.
	const opened = parts.flatMap((part) => part.opened);
	coverNew(db, opened, now);
	openTickets(db, asset.id, [...opened, ...parts.flatMap((part) => part.changed)], now);
	return { assetId: asset.id, created, changes: parts.flatMap(({ changes }) => changes) };
}

/** What one run brought home, as of one address. */
interface Part extends Pick<HostEvidence, "scan" | "records" | "coverage" | "reported"> {
	at: number;
	/** Nothing is known of the asset yet. */
	first: boolean;
	/** Its coverage adds to what is known of the address, rather than standing in its place. */
	adds: boolean;
}

/** What is inside a machine is kept once, at its main address, however many addresses somebody logs in to it by. */
function partsOf(host: HostEvidence, records: readonly EvidenceRecord[], asset: KnownAsset, first: boolean): Part[] {
	const { scan, coverage, finishedAt: at } = host;
	const reported = host.reported === undefined ? {} : { reported: host.reported };
	const whole = { scan, records, coverage, at, first, adds: scan === null, ...reported };
	const { inside, outside } = apartInside(records);
	if (inside.length === 0 || isMain(asset, coverage.address)) return [whole];
	const main = addressOfKey(asset.mainAddress);
	const kinds = Map.groupBy(coverage.hostKinds, (kind) => isInsideKind(kind));
	return [
		{ ...whole, records: outside, coverage: { ...coverage, hostKinds: kinds.get(false) ?? [] } },
		{
			...{ scan, at, first: false, adds: true, records: inside.map((record) => ({ ...record, address: main })) },
			coverage: { address: main, alive: true, closedTcp: [], ports: [], hostKinds: kinds.get(true) ?? [] },
		},
	];
}

interface Ingested {
	changes: FindingChange[];
	openChange: Record<Severity, number>;
	/** Numbers of findings that were not open before. */
	opened: number[];
	/** Of those that were, what another rule may fit now: another severity or type, or an exception that may have ended. */
	changed: number[];
	openPorts: number;
	/** Something was suspected that a look inside may settle. */
	suspicious: boolean;
}

function ingestPart({ db }: Store, knowledge: Knowledge, tally: Tally, asset: KnownAsset, part: Part): Ingested {
	const { coverage, scan, at } = part;
	const { address } = coverage;
	const assetId = asset.id;
	const known = part.first ? [] : listServices(db, assetId);
	const services = serviceChanges(part.records, coverage, known, at);
	const seen = part.records.map((record) => withServicesNotAsked(record, coverage, services, known));
	const records = part.reported === undefined ? seen : withReportsNotAsked({ db }, assetId, seen, part.reported);
	saveRecords(db, assetId, scan, records);
	saveCoverage(db, assetId, part.adds ? withPortsBefore({ db }, assetId, coverage) : coverage, at, scan);
	if (!part.first) dropDisproved({ db }, assetId, coverage);

	const all = listPriorFindings(db, assetId, null);
	const prior = all.filter((finding) => finding.address === address);
	const checksFor = checksOfHost({ knowledge, records, newest: newestIn({ db }, assetId, records), prior });
	const transitions = judge({ records, coverage, checksFor, prior, scan, now: at });
	const applied = applyTransitions({ db, tally, assetId, scan, at, prior: all, isNew: true }, transitions);
	const { ids, openChange, opened } = applied;
	const again = transitions.flatMap(seenAgain);
	lapse(db, again, at);
	const changed = [...applied.regraded, ...again.flatMap(({ id, excepted }) => (excepted > 0 ? id : []))];
	const changes = transitions.flatMap((transition, index) => describe(knowledge, transition, ids[index] ?? 0));
	const openPorts = writeServices({ db }, tally, assetId, services, known.length);
	return { changes, openChange, opened, changed, openPorts, suspicious: suspected(all) };
}

function seenAgain(transition: Transition): PriorFinding[] {
	const seen = transition.act === "touch" || (transition.act === "update" && transition.check !== null);
	return seen ? [transition.prior] : [];
}

function isMain({ mainAddress }: KnownAsset, address: string): boolean {
	return mainAddress === addressKey(address);
}

function namedBy({ name, nameSource: source, nameAt: at }: KnownAsset): Standing {
	return { text: canonicalAddress(name) === null ? name : null, source, at };
}

function systemOf({ os: text, osSource: source, osAt: at }: KnownAsset): Standing {
	return { text, source, at };
}

function sumOf(changes: readonly Record<Severity, number>[]): Record<Severity, number> {
	const sum: Record<Severity, number> = { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 };
	for (const change of changes) for (const severity of [1, 2, 3, 4, 5] as const) sum[severity] += change[severity];
	return sum;
}

/** What comes by no scan may have asked no port: what is known of those stays. */
function withPortsBefore({ db }: Pick<Store, "db">, assetId: number, coverage: HostCoverage): HostCoverage {
	if (coverage.ports.length + coverage.closedTcp.length > 0) return coverage;
	const before = listCoverage(db, assetId).find((run) => run.coverage.address === coverage.address)?.coverage;
	return before === undefined ? coverage : { ...before, ...withKinds(before, coverage) };
}

function withKinds(
	before: HostCoverage,
	{ alive, hostKinds }: HostCoverage,
): Pick<HostCoverage, "alive" | "hostKinds"> {
	return { alive, hostKinds: [...new Set([...before.hostKinds, ...hostKinds])] };
}

function newestIn({ db }: Pick<Store, "db">, assetId: number, records: readonly EvidenceRecord[]): Host["newest"] {
	return (kind, address) =>
		newestOf(records, kind, address) ?? newestOf(listRecordsOfKind(db, assetId, kind), kind, address);
}

/** Something is suspected by its version that what is seen from inside may settle. */
function suspected(findings: readonly PriorFinding[]): boolean {
	return findings.some((finding) => finding.type === "potential" && isOpen(finding));
}

/** Evidence of what the run proved gone must not bring a finding back when it is judged again. */
function dropDisproved({ db }: Pick<Store, "db">, assetId: number, coverage: HostCoverage): void {
	for (const record of listRecordPlaces(db, assetId)) {
		if (record.source !== "network" && record.source !== "import") continue;
		const gone = coversClosed(coverage, record) || coversAbsence(coverage, record, record.kind);
		if (gone) deleteRecord(db, assetId, record);
	}
}

/** Returns how many services the asset then has. */
function writeServices(
	{ db }: Pick<Store, "db">,
	tally: Tally,
	assetId: number,
	{ seen, gone }: ServiceChanges,
	knownCount: number,
): number {
	saveServices(db, tally, assetId, seen);
	for (const service of gone) deleteService(db, tally, assetId, service);
	return knownCount + seen.filter(({ before }) => before === undefined).length - gone.length;
}

function describe(knowledge: Knowledge, transition: Transition, findingId: number): FindingChange[] {
	if (transition.act === "remove") return [];
	const state = transition.act === "insert" || transition.act === "update" ? transition.after : transition.prior;
	const change = transition.act === "touch" ? "found" : state.change;
	const check = "check" in transition ? transition.check : null;
	const named = check ?? knowledge.find(state.signature) ?? knowledge.advisories?.findSignature(state.signature);
	const title = named?.signature.title ?? state.signature;
	const { signature, severity, type, address, port, fix } = state;
	return [{ findingId, change, signature, severity, type, address, port: port === 0 ? null : port, title, fix }];
}
