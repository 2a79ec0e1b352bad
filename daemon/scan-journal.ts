/** The scan stage's journal over the store and the judge: where a scan's memory and the verdicts meet. */

import type { ScanResult } from "../protocol/model/scan.ts";
import type { Severity } from "../protocol/model/severity.ts";
import { type IngestOutcome, ingestHost } from "./assess/ingest.ts";
import type { Hub } from "./hub.ts";
import { type Knowledge, signaturesVersion } from "./knowledge/knowledge.ts";
import { emptyCounts, emptyTally, type HostTally } from "./scan/findings-tally.ts";
import type { HostOutcome, ScanJournal, Target } from "./scan/journal.ts";
import { listGhostRows, saveAskedInNetwork, saveGhost } from "./store/ghosts.ts";
import { findCoverage, saveCoverage } from "./store/scan-coverage.ts";
import {
	addScanResults,
	countScanTargets,
	countScanTargetsHow,
	feedScanTargets,
	listBegunTargets,
	listScanTargets,
	type ScanTarget,
	saveScan,
	saveScanTarget,
} from "./store/scans.ts";
import { saveSignatures } from "./store/signatures.ts";
import { transaction } from "./store/sql.ts";
import type { Store } from "./store/store.ts";

export function createScanJournal(store: Store, knowledge: () => Knowledge, hub: Hub): ScanJournal {
	const { db } = store;
	return {
		save: (scan, coverage) =>
			transaction(db, () => {
				saveScan(db, scan);
				if (coverage !== undefined) saveCoverage(db, coverage);
			}),
		coverage: (scan) => findCoverage(db, scan),
		countHow: (scan) => countScanTargetsHow(db, scan),
		begunTargets: (scan, after, limit) => listBegunTargets(db, scan, after, limit).map(toTarget),
		targets: (scan, states, after, limit) => listScanTargets(db, scan, { states, after, limit }).map(toTarget),
		countTargets: (scan) => countScanTargets(db, scan),
		feed: (scan, order, limit) => feedScanTargets(db, scan, order, limit),
		mark: (scan, marks) =>
			transaction(db, () => {
				for (const { address, checkpoint, ...patch } of marks)
					saveScanTarget(db, scan, address, checkpoint === undefined ? patch : { ...patch, ports: checkpoint });
			}),
		checkpoint: (scan, address, text) => saveScanTarget(db, scan, address, { ports: text }),
		finishHost(scan, outcome) {
			// Apart: it remembers the numbers it gave, which must have been committed.
			saveSignatures(db, signaturesVersion(knowledge()), knowledge().signatures);
			const judged = transaction(db, () => {
				const ingested = ingestHost(store, knowledge(), {
					scan,
					hostname: outcome.hostname,
					startedAt: outcome.startedAt,
					finishedAt: outcome.finishedAt,
					records: [...outcome.records],
					coverage: outcome.coverage,
				});
				const tally = tallyOf(outcome, ingested.changes);
				const results = ingested.changes.filter(isWorthALine).map((change) => lineOf(change, outcome));
				addScanResults(db, scan, results);
				if (outcome.cutBy !== "stop") {
					saveScanTarget(db, scan, outcome.address, { state: "done", ports: JSON.stringify(tally) });
				}
				return { tally, results, changed: ingested.changes.length > 0 };
			});
			hub.post({ kind: "inventory-changed" });
			if (judged.changed) hub.post({ kind: "findings-changed" });
			return judged;
		},
		finishGhost: (scan, network, sighting) =>
			transaction(db, () => {
				const tally = { ...emptyTally(), ghosts: 1 };
				const done = { state: "done" as const, how: sighting.how, ports: JSON.stringify(tally) };
				if (!saveScanTarget(db, scan, sighting.address, done)) return emptyTally();
				saveGhost(db, { scan }, network, sighting, store.clock.now());
				return tally;
			}),
		ghosts: (scan) => listGhostRows(db, { scan }),
		saveAsked: (scan, asked) =>
			transaction(db, () => {
				for (const [network, count] of asked) saveAskedInNetwork(db, { scan }, network, count);
			}),
		addResults: (scan, results) => addScanResults(db, scan, results),
	};
}

type Change = IngestOutcome["changes"][number];

function toTarget(row: ScanTarget): Target {
	const { index, address, hostname, state, how, rttMs, ports } = row;
	return { index, address, hostname, state, how, rttMs, checkpoint: ports };
}

function tallyOf(outcome: HostOutcome, changes: readonly Change[]): HostTally {
	const findings = emptyCounts();
	for (const change of changes)
		if (change.type !== "information" && change.change !== "fixed")
			findings[String(change.severity) as `${Severity}`]++;
	const ports = outcome.coverage.ports;
	return {
		openPorts: ports.filter((port) => port.protocol === "tcp").length,
		services: ports.filter((port) => port.outcome === "answered").length,
		findings,
		newFindings: changes.filter((change) => change.type !== "information" && change.change === "new").length,
		fixedFindings: changes.filter((change) => change.change === "fixed").length,
		cutHosts: Number(outcome.cutBy === "host"),
		cutByScan: Number(outcome.cutBy === "scan"),
		partialHosts: Number(outcome.partial),
		ghosts: 0,
		counts: outcome.counts,
	};
}

/** Information is counted in the inventory; as a line of the live view it would drown what matters. */
function isWorthALine(change: Change): boolean {
	return change.type !== "information";
}

function lineOf(change: Change, outcome: HostOutcome): ScanResult {
	return {
		kind: "finding",
		at: new Date(outcome.finishedAt).toISOString(),
		id: change.findingId,
		address: change.address,
		port: change.port,
		severity: change.severity,
		type: change.type,
		title: change.title,
		change: change.change,
	};
}
