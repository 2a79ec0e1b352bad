/** Testing findings again: where a scan must look, and what it made of them. */
import type { DatabaseSync } from "node:sqlite";
import type { VerifiedFinding } from "../../protocol/model/remedy.ts";
import { addressOfKey } from "./address-key.ts";
import { type Change, changeOf, transportOf } from "./codes.ts";
import { storeFailure } from "./failure.ts";
import { addEvent } from "./finding-writes.ts";
import { findingReading } from "./findings.ts";
import type { Where } from "./page.ts";
import { personName } from "./people.ts";
import { all, first, transaction } from "./sql.ts";
import { addTicketEvents } from "./tickets.ts";

export interface AimedFinding {
	readonly id: number;
	readonly asset: number;
	readonly network: number;
	readonly address: string;
	/** 0: about the whole host. */
	readonly port: number;
	readonly protocol: "tcp" | "udp";
	/** What its signature looks at. */
	readonly kind: string;
	/** Name of its signature. */
	readonly signature: string;
}

export function aimedFindings(db: DatabaseSync, where: Where | null, limit: number): AimedFinding[] {
	try {
		const rows = db
			.prepare(
				`SELECT f.id, f.asset, a.network, f.address, f.port, f.protocol, s.kind, s.name AS signature FROM ${findingReading.from}
				${where === null ? "" : `WHERE ${where.sql}`} ORDER BY f.asset, f.id LIMIT ?`,
			)
			.all(...(where?.params ?? []), limit) as (Omit<AimedFinding, "protocol"> & { protocol: number })[];
		return rows.map((row) => ({ ...row, address: addressOfKey(row.address), protocol: transportOf(row.protocol) }));
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}

/** TCP ports on which assets were seen to speak SSH. */
export function sshPorts(db: DatabaseSync, assets: readonly number[]): number[] {
	return all<{ port: number }>(
		db,
		"SELECT DISTINCT port FROM service WHERE asset IN (SELECT value FROM json_each(?)) AND name = 'ssh' AND protocol = 6 ORDER BY port",
		JSON.stringify(assets),
	).map(({ port }) => port);
}

/** What a scan made of each finding, kept as an event with it, and as a comment on its ticket, unless that is there already. `at` in milliseconds. */
export function noteVerification(
	db: DatabaseSync,
	{ scan, ids, by, at }: { scan: number; ids: readonly number[]; by: string; at: number },
): VerifiedFinding[] {
	const name = personName(db, by);
	return transaction(db, () =>
		ids.map((id) => {
			const row = first<Row>(db, rowText, scan, id);
			if (row === undefined) return gone(id);
			const { before, after } = outcomeOf(row, scan);
			const note = `Tested again by scan ${scan} for ${name}: ${before} before, ${words[after]}.`;
			if (row.noted === null) {
				addEvent(db, id, { at, kind: "verified", scan, source: null, result: note });
				if (row.ticket !== null) addTicketEvents(db, [row.ticket], { at, who: by, kind: "comment", scan, text: note });
			}
			const place = placeOf(addressOfKey(row.address), row.port, row.protocol);
			return { finding: id, title: row.title, asset: row.asset, place, before, after, note: row.noted ?? note };
		}),
	);
}

const words: Readonly<Record<VerifiedFinding["after"], string>> = {
	fixed: "fixed now",
	found: "there now",
	untested: "not tested by it, so it stays as it was",
	gone: "no longer in the inventory",
};

interface Row {
	address: string;
	port: number;
	protocol: number;
	title: string;
	asset: string;
	open: number;
	scan: number | null;
	change: number;
	ticket: number | null;
	/** Of the last event that came of the scan. */
	event: string | null;
	noted: string | null;
}

const rowText = `SELECT f.address, f.port, f.protocol, s.title, a.name AS asset, f.open, f.scan, f.change,
	(SELECT k.id FROM ticket k WHERE k.finding = f.id) AS ticket,
	(SELECT e.kind FROM finding_event e WHERE e.finding = f.id AND e.scan = ?1 AND e.kind <> 'verified' ORDER BY e.n DESC LIMIT 1) AS event,
	(SELECT t.text FROM finding_event e JOIN result t ON t.id = e.result WHERE e.finding = f.id AND e.scan = ?1 AND e.kind = 'verified') AS noted
	FROM finding f JOIN signature s ON s.id = f.signature JOIN asset a ON a.id = f.asset WHERE f.id = ?2`;

/** A finding that is seen again unchanged has no event; then its own words on the scan count, unless a later one has been there. */
function outcomeOf(row: Row, scan: number): Pick<VerifiedFinding, "before" | "after"> {
	const change = row.scan === scan ? changeOf(row.change) : (row.event as Change | null);
	if (change === "fixed") return { before: row.event === "fixed" ? "open" : "fixed", after: "fixed" };
	if (change === "reopened") return { before: "fixed", after: "found" };
	if (change === "found" || change === "new") return { before: "open", after: "found" };
	return { before: row.open === 0 ? "fixed" : "open", after: "untested" };
}

function gone(finding: number): VerifiedFinding {
	return { finding, title: "", asset: "", place: "", before: "open", after: "gone", note: words.gone };
}

/** `192.0.2.1`, `192.0.2.1:22/tcp`, `[2001:db8::1]:22/tcp`. */
export function placeOf(address: string, port: number, protocol: number): string {
	if (port === 0) return address;
	return `${address.includes(":") ? `[${address}]` : address}:${port}/${transportOf(protocol)}`;
}
