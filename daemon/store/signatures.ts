/** Signatures as last judged with: a number for each, its text for lists, and how widespread it is. */
import type { DatabaseSync } from "node:sqlite";
import type { Severity } from "../../protocol/model/severity.ts";
import type { Signature } from "../../protocol/model/signature.ts";
import { findMeta, nextNumber, saveMeta } from "./counters.ts";
import { all, first, rollbacks, run, transaction } from "./sql.ts";

/** Numbers by signature id, kept for each connection: they never change once given. */
const numbers = new WeakMap<DatabaseSync, { version: string; byName: Map<string, number> }>();

/**
 * Makes the stored signatures those of the knowledge called `version`; does nothing when they are already. Withdrawn
 * ones stay, for the findings they opened.
 */
export function saveSignatures(db: DatabaseSync, version: string, signatures: readonly Signature[]): void {
	if (numbers.get(db)?.version === version) return;
	transaction(db, () => {
		if (findMeta(db, "signatures-version") === version) return;
		for (const signature of signatures) saveSignature(db, signature);
		saveMeta(db, "signatures-version", version);
	});
	// A transaction around this one may still be rolled back, and the numbers with it.
	if (db.isTransaction) return;
	const rows = all<{ id: number; name: string }>(db, "SELECT id, name FROM signature");
	numbers.set(db, { version, byName: new Map(rows.map(({ id, name }) => [name, id])) });
}

/** The number of a stored signature; null when it was never judged with. */
export function signatureNumber(db: DatabaseSync, name: string): number | null {
	const known = numbers.get(db)?.byName.get(name) ?? metOf(db).get(name);
	if (known !== undefined) return known;
	const number = first<{ id: number }>(db, "SELECT id FROM signature WHERE name = ?", name)?.id ?? null;
	if (number !== null) metOf(db).set(name, number);
	return number;
}

/** Numbers of signatures that no file has, true until a transaction is rolled back. */
const met = new WeakMap<DatabaseSync, { rollbacks: number; byName: Map<string, number> }>();
const mostMet = 20_000;

function metOf(db: DatabaseSync): Map<string, number> {
	const known = met.get(db);
	if (known?.rollbacks === rollbacks(db) && known.byName.size < mostMet) return known.byName;
	const made = { rollbacks: rollbacks(db), byName: new Map<string, number>() };
	met.set(db, made);
	return made.byName;
}

/** Up to `limit` names of signatures that are made from advisories, after one, in their order. */
export function listAdvisoryNames(db: DatabaseSync, after: string, limit: number): string[] {
	const text = "SELECT name FROM signature WHERE name > ? AND name < 'advisory0' ORDER BY name LIMIT ?";
	return all<{ name: string }>(db, text, after, limit).map(({ name }) => name);
}

/** The signature as last judged with, also when it has since been withdrawn. */
export function findStoredSignature(db: DatabaseSync, name: string): Signature | null {
	const row = first<{ body: string }>(db, "SELECT body FROM signature WHERE name = ?", name);
	return row === undefined ? null : (JSON.parse(row.body) as Signature);
}

/** With the number it has in the store, where it has none of its own; null when it has none there either. */
export function withNumber(db: DatabaseSync, signature: Signature): Signature | null {
	if (signature.qid > 0) return signature;
	const stored = findStoredSignature(db, signature.id);
	return stored === null ? null : { ...signature, qid: stored.qid };
}

/** Numbers of signatures that are made from advisories begin here; those of files are far below. */
export const firstAdvisoryNumber = 100_000_000;

/** Stores a signature that no file has: it gets its QID here, once and for all. Returns its number. */
export function addSignature(db: DatabaseSync, signature: Signature, { kev, epss }: Urgency): number {
	const qid = firstAdvisoryNumber + nextNumber(db, "advisory");
	saveSignature(db, { ...signature, qid });
	run(db, "UPDATE signature SET kev = ?, epss = ? WHERE name = ?", Number(kev), epss, signature.id);
	return first<{ id: number }>(db, "SELECT id FROM signature WHERE name = ?", signature.id)?.id ?? 0;
}

/** Stores a signature whose text came with evidence, or its newer text; its number stays. */
export function saveBroughtSignature(db: DatabaseSync, signature: Omit<Signature, "qid">, urgency: Urgency): void {
	const stored = findStoredSignature(db, signature.id);
	if (stored === null) addSignature(db, { ...signature, qid: 0 }, urgency);
	else saveSignature(db, { ...signature, qid: stored.qid });
}

/**
 * Brings the stored signatures above a number up to what is known now: how urgent each is, and those made from advisories as
 * the advisories now read; `made` gives null for one that is gone. Returns where to go on when `isEnough` said so, else null.
 */
export function refreshSignatures(
	db: DatabaseSync,
	after: number,
	urgencyOf: (cves: readonly string[]) => Urgency,
	made: (id: string) => Signature | null,
	isEnough: () => boolean,
): number | null {
	const rows = all<StoredRow>(
		db,
		"SELECT id, name, qid, kev, epss, body FROM signature WHERE id > ? AND (cves <> '[]' OR qid > ?) ORDER BY id LIMIT ?",
		...[after, firstAdvisoryNumber, refreshedAtOnce],
	);
	for (const { id, name, qid, body, ...before } of rows) {
		const stored = JSON.parse(body) as Signature;
		const current = qid > firstAdvisoryNumber ? made(name) : null;
		const text = current === null ? body : JSON.stringify({ ...current, qid });
		if (current !== null && text !== body) saveSignature(db, { ...current, qid });
		const { kev, epss } = urgencyOf((current ?? stored).cves);
		if (before.kev !== Number(kev) || before.epss !== epss) {
			run(db, "UPDATE signature SET kev = ?, epss = ? WHERE name = ?", Number(kev), epss, name);
		}
		if (isEnough()) return id;
	}
	return rows.length < refreshedAtOnce ? null : (rows.at(-1)?.id ?? null);
}

const refreshedAtOnce = 200;

interface StoredRow {
	id: number;
	name: string;
	qid: number;
	kev: number;
	epss: number | null;
	body: string;
}

/** How likely its CVEs are to be used; see Finding. */
interface Urgency {
	readonly kev: boolean;
	readonly epss: number | null;
}

/** Changes how many open findings a signature has, and on how many assets. */
export function countSignature(db: DatabaseSync, number: number, findings: number, assets: number): void {
	if (findings === 0 && assets === 0) return;
	run(
		db,
		"UPDATE signature SET open_findings = open_findings + ?, open_assets = open_assets + ? WHERE id = ?",
		findings,
		assets,
		number,
	);
}

/** Changes of how widespread signatures are, gathered during a transaction and written once at its end. */
export class SignatureTally {
	readonly #changes = new Map<number, { findings: number; assets: number }>();

	add(number: number, findings: number, assets: number): void {
		const known = this.#changes.get(number) ?? { findings: 0, assets: 0 };
		this.#changes.set(number, { findings: known.findings + findings, assets: known.assets + assets });
	}

	write(db: DatabaseSync): void {
		for (const [number, { findings, assets }] of this.#changes) countSignature(db, number, findings, assets);
	}
}

/** The worst open signatures, most widespread of the worst first. */
export function topSignatures(
	db: DatabaseSync,
	limit: number,
): { signature: string; title: string; severity: Severity; assets: number }[] {
	return all<{ signature: string; title: string; severity: Severity; assets: number }>(
		db,
		`SELECT name AS signature, title, severity, open_assets AS assets FROM signature WHERE open_assets > 0
		ORDER BY severity DESC, open_assets DESC, name LIMIT ?`,
		limit,
	).map((row) => ({ ...row }));
}

function saveSignature(db: DatabaseSync, signature: Signature): void {
	run(
		db,
		`INSERT INTO signature (name, qid, title, severity, kind, cvss, cves, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET qid = excluded.qid, title = excluded.title, severity = excluded.severity,
			kind = excluded.kind, cvss = excluded.cvss, cves = excluded.cves, body = excluded.body`,
		signature.id,
		signature.qid,
		signature.title,
		signature.severity,
		signature.kind,
		signature.cvss?.score ?? null,
		JSON.stringify(signature.cves),
		JSON.stringify(signature),
	);
}
