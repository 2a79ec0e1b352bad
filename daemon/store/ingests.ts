/** What each scan brought in from each address: written with the evidence, added up for the scan's own figures. */
import type { DatabaseSync } from "node:sqlite";
import type { SeverityCounts } from "../../protocol/model/common.ts";
import { addressKey } from "./address-key.ts";
import { severityCountsOf } from "./assets.ts";
import { first, run } from "./sql.ts";

export interface IngestFigures {
	openPorts: number;
	services: number;
	/** Open findings seen, by severity. */
	findings: SeverityCounts;
	newFindings: number;
	fixedFindings: number;
}

/** Keeps the figures of one address; a second time for the same scan replaces them. */
export function saveIngest(
	db: DatabaseSync,
	scan: number,
	address: string,
	assetId: number,
	figures: IngestFigures,
): void {
	run(
		db,
		`INSERT INTO ingest (scan, address, asset, open_ports, services, n1, n2, n3, n4, n5, new_findings, fixed_findings)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET asset = excluded.asset, open_ports = excluded.open_ports, services = excluded.services,
			n1 = excluded.n1, n2 = excluded.n2, n3 = excluded.n3, n4 = excluded.n4, n5 = excluded.n5,
			new_findings = excluded.new_findings, fixed_findings = excluded.fixed_findings`,
		scan,
		addressKey(address),
		assetId,
		figures.openPorts,
		figures.services,
		figures.findings["1"],
		figures.findings["2"],
		figures.findings["3"],
		figures.findings["4"],
		figures.findings["5"],
		figures.newFindings,
		figures.fixedFindings,
	);
}

/** The figures of a whole scan so far, and from how many addresses: exact also after a crash. */
export function scanFigures(db: DatabaseSync, scan: number): IngestFigures & { hosts: number } {
	const row = first<FigureRow>(
		db,
		`SELECT count(*) AS hosts, total(open_ports) AS open_ports, total(services) AS services, total(n1) AS n1, total(n2) AS n2,
			total(n3) AS n3, total(n4) AS n4, total(n5) AS n5, total(new_findings) AS new_findings,
			total(fixed_findings) AS fixed_findings FROM ingest WHERE scan = ?`,
		scan,
	);
	const none = {
		hosts: 0,
		open_ports: 0,
		services: 0,
		n1: 0,
		n2: 0,
		n3: 0,
		n4: 0,
		n5: 0,
		new_findings: 0,
		fixed_findings: 0,
	};
	const sums = row ?? none;
	return {
		hosts: sums.hosts,
		openPorts: sums.open_ports,
		services: sums.services,
		findings: severityCountsOf(sums),
		newFindings: sums.new_findings,
		fixedFindings: sums.fixed_findings,
	};
}

interface FigureRow {
	hosts: number;
	open_ports: number;
	services: number;
	n1: number;
	n2: number;
	n3: number;
	n4: number;
	n5: number;
	new_findings: number;
	fixed_findings: number;
}
