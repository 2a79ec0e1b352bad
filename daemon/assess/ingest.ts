/**
 * The one way evidence comes in: one host's records and coverage become an asset, current evidence, services and
 * findings, in one transaction. Done twice with the same, it changes nothing the second time.
 */
import type { Severity } from "../../protocol/model/common.ts";
import type { FindingType, FixState } from "../../protocol/model/finding.ts";
import type { HostCoverage } from "../evidence/coverage.ts";
import { coversAbsence, coversClosed } from "../evidence/covers.ts";
import { isInsideKind } from "../evidence/inside.ts";
import { guessOs } from "../evidence/os-guess.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import { gatherIdentifiers, gatherNames } from "../identity/identifiers.ts";
import { defaultNetwork, findAssetByAddress, resolveAsset } from "../identity/resolve.ts";
import { networkOfKind } from "../identity/strength.ts";
import { type ServiceChanges, serviceChanges, withServicesNotAsked } from "../inventory/services.ts";
import { type Knowledge, signaturesVersion } from "../knowledge/knowledge.ts";
import { addressKey } from "../store/address-key.ts";
import { updateAsset } from "../store/assets.ts";
import type { Change } from "../store/codes.ts";
import { Tally } from "../store/counters.ts";
import {
	deleteRecord,
	listCoverage,
	listRecordPlaces,
	listRecordsAt,
	saveCoverage,
	saveRecord,
} from "../store/evidence.ts";
import { isOpen, listPriorFindings, type PriorFinding } from "../store/finding-writes.ts";
import { noteArrival } from "../store/merge-arrivals.ts";
import { deleteService, listServices, saveService } from "../store/services.ts";
import { saveSignatures } from "../store/signatures.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { retagAsset } from "../tags/evaluate.ts";
import { applyTransitions } from "./apply.ts";
import { checksOfHost, type Host } from "./host-checks.ts";
import { keepSubjects } from "./host-subjects.ts";
import { judge, type Transition } from "./judge.ts";
import { newestOf } from "./newest-evidence.ts";
import { rejudgeOne } from "./rejudge-one.ts";

/** What one run brought home from one address. Times in milliseconds. */
export interface HostEvidence {
	/** Null: not by a scan (an import, an agent). */
	scan: number | null;
	/** Name the host was asked for by; null when by address. */
	hostname: string | null;
	startedAt: number;
	finishedAt: number;
	/** Those of other addresses than the coverage's are left out. */
	records: readonly EvidenceRecord[];
	coverage: HostCoverage;
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
	/** Null: a dead address nothing is known of. */
	assetId: number | null;
	created: boolean;
	/** Everything seen or fixed by this run; information that is gone is not told. */
	changes: FindingChange[];
}

/** Throws AppError `unavailable` when it cannot be stored; then nothing of it is. */
export function ingestHost(store: Store, knowledge: Knowledge, host: HostEvidence): IngestOutcome {
	// Apart: what it remembers of the numbers given must have been committed.
	saveSignatures(store.db, signaturesVersion(knowledge), knowledge.signatures);
	return transaction(store.db, () => {
		// A dead host says nothing of what is on it.
		if (!host.coverage.alive) {
			return { assetId: findAssetByAddress(store.db, host.coverage.address), created: false, changes: [] };
		}
		return ingestAlive(store, knowledge, host);
	});
}

function ingestAlive({ db, clock }: Store, knowledge: Knowledge, host: HostEvidence): IngestOutcome {
	const { coverage, scan, finishedAt: at } = host;
	const { address } = coverage;
	const gathered = host.records.filter((record) => record.address === address);
	const tally = new Tally();
	const name = gatherNames(host.hostname, gathered)[0] ?? null;
	const identifiers = gatherIdentifiers(address, host.hostname, gathered);
	const { assetId, created } = resolveAsset(db, tally, { address, name: name ?? address, identifiers, at });

	const known = created ? [] : listServices(db, assetId);
	const services = serviceChanges(gathered, coverage, known, at);
	const records = gathered.map((record) => withServicesNotAsked(record, coverage, services, known));
	for (const record of records) saveRecord(db, assetId, scan, record);
	saveCoverage(db, assetId, scan === null ? withPortsBefore({ db }, assetId, coverage) : coverage, at, scan);
	if (!created) dropDisproved({ db }, assetId, coverage);

	const all = listPriorFindings(db, assetId, null);
	const prior = all.filter((finding) => finding.address === address);
	const checksFor = checksOfHost({ knowledge, records, newest: newestIn({ db }, assetId, records), prior });
	const transitions = judge({ records, coverage, checksFor, prior, scan, now: at });
	const { ids, openChange } = applyTransitions({ db, tally, assetId, scan, at, prior: all }, transitions);
	const changes = transitions.flatMap((transition, index) => describe(knowledge, transition, ids[index] ?? 0));

	const openPorts = saveServices({ db }, tally, assetId, services, known.length);
	const os = osOf(records);
	const arrived = identifiers.map((one) => ({ ...one, network: networkOfKind(one.kind, defaultNetwork) }));
	const held = noteArrival(db, assetId, { address, at, scan, name, os, identifiers: arrived });
	updateAsset(db, assetId, {
		...{ at, scanned: scan !== null, address, openPorts, findings: openChange },
		name: held.has("name") ? null : name,
		os: held.has("os") ? null : os,
	});
	tally.write(db, at);
	if (records.some(({ kind }) => kind === "packages" || kind === "system"))
		keepSubjects(db, knowledge, { asset: assetId, address: addressKey(address) });
	if (suspected(all) && records.some(({ kind }) => isInsideKind(kind))) rejudgeOne({ db, clock }, knowledge, assetId);
	retagAsset(db, assetId, clock.now());
	return { assetId, created, changes };
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
	return (kind, address) => {
		const place = { address, port: 0, protocol: "tcp", kind, instance: "" } as const;
		return newestOf(records, kind, address) ?? newestOf(listRecordsAt(db, assetId, place), kind, address);
	};
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
function saveServices(
	{ db }: Pick<Store, "db">,
	tally: Tally,
	assetId: number,
	{ seen, gone }: ServiceChanges,
	knownCount: number,
): number {
	for (const { service, before } of seen) saveService(db, tally, assetId, service, before);
	for (const service of gone) deleteService(db, tally, assetId, service);
	return knownCount + seen.filter(({ before }) => before === undefined).length - gone.length;
}

function osOf(records: readonly EvidenceRecord[]): string | null {
	const told = records.find((record) => record.kind === "host");
	const inside = records.find((record) => record.kind === "system");
	return inside?.data.os?.name ?? told?.data.os?.name ?? guessOs(records)?.name ?? null;
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
