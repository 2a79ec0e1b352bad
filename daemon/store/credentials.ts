/** Stored credentials: rows and their models. Secrets pass through sealed; this file cannot open them. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { Credential, CredentialWords, LoginOutcome, ShownProof } from "../../protocol/model/credential.ts";
import { credentialWords, loginOutcome, shownProof } from "../../protocol/model/credential.ts";
import { all, first, run, transaction } from "./sql.ts";
import { isoOf } from "./time.ts";

const most = 1_000;

/** By order. */
export function listCredentials(db: DatabaseSync): Credential[] {
	return all<CredentialRow>(db, `${select} ORDER BY position, id`).map(toCredential);
}

/** By id or, without regard to case, by name. */
export function findCredential(db: DatabaseSync, wanted: number | string): Credential | null {
	const column = typeof wanted === "number" ? "id" : "name";
	const row = first<CredentialRow>(db, `${select} WHERE ${column} = ?`, wanted);
	return row === undefined ? null : toCredential(row);
}

/** Throws `not-found`. */
export function getCredential(db: DatabaseSync, wanted: number | string): Credential {
	const found = findCredential(db, wanted);
	if (found !== null) return found;
	throw new AppError("not-found", `There is no credential ${JSON.stringify(wanted)}.`, {
		hint: "See which there are with: vedette credential list",
	});
}

export interface CredentialDraft {
	readonly name: string;
	readonly words: CredentialWords;
	readonly proofs: readonly ShownProof[];
	/** From 1; null: last, or where it is. */
	readonly order: number | null;
}

/** Seals what is secret for the place it will lie at. */
export type Seal = (place: { readonly id: string; readonly version: number }) => Uint8Array;

/** Throws `conflict` for a name that is taken. `at` in milliseconds. */
export function createCredential(
	db: DatabaseSync,
	{ name, words, proofs, order }: CredentialDraft,
	seal: Seal,
	{ by, at }: { by: string; at: number },
): Credential {
	return transaction(db, () => {
		refuseTaken(db, name, null);
		const count = first<{ n: number }>(db, "SELECT count(*) AS n FROM credential")?.n ?? 0;
		if (count >= most) {
			throw new AppError("too-large", `There are ${most} credentials already.`, { hint: "Remove some first." });
		}
		const { id } = run(
			db,
			`INSERT INTO credential (name, kind, position, words, created_at, created_by, updated_at, updated_by)
			VALUES (?, 'ssh', ?, ?, ?, ?, ?, ?)`,
			...[name, count + 1, JSON.stringify(words), at, by, at, by],
		);
		saveProofs(db, id, proofs, seal);
		if (order !== null) moveTo(db, id, order);
		return getCredential(db, id);
	});
}

/** `seal` null: proofs and secrets stay as they are. Throws `conflict` for a name another one has. */
export function saveCredential(
	db: DatabaseSync,
	id: number,
	{ name, words, proofs, order }: CredentialDraft,
	seal: Seal | null,
	{ by, at }: { by: string; at: number },
): Credential {
	return transaction(db, () => {
		refuseTaken(db, name, id);
		run(
			db,
			"UPDATE credential SET name = ?, words = ?, updated_at = max(?, created_at), updated_by = ? WHERE id = ?",
			...[name, JSON.stringify(words), at, by, id],
		);
		if (seal !== null) saveProofs(db, id, proofs, seal);
		if (order !== null) moveTo(db, id, order);
		return getCredential(db, id);
	});
}

/** Throws nothing when it is gone already. */
export function deleteCredential(db: DatabaseSync, id: number): void {
	transaction(db, () => {
		// What is deleted must not lie about in free pages, sealed or not.
		run(db, "UPDATE credential SET sealed = zeroblob(length(sealed)) WHERE id = ?", id);
		run(db, "DELETE FROM credential WHERE id = ?", id);
		renumber(db, idsInOrder(db));
	});
}

/** A target that is called otherwise now: what was meant by it stays meant. */
export function renameTarget(db: DatabaseSync, before: string, after: string): void {
	const renamed = (texts: readonly string[]) => texts.map((text) => (sameWords(text, before) ? after : text));
	for (const { id, targets, excluded, ...words } of listCredentials(db)) {
		if (![...targets, ...excluded].some((text) => sameWords(text, before))) continue;
		const { user, ports, sudo, leastPrivilege, jump, tracking, enabled } = words;
		const kept = { user, ports, sudo, leastPrivilege, jump, tracking, enabled };
		const text = JSON.stringify({ ...kept, targets: renamed(targets), excluded: renamed(excluded) });
		run(db, "UPDATE credential SET words = ? WHERE id = ?", text, id);
	}
}

function sameWords(a: string, b: string): boolean {
	return a.toLowerCase() === b.toLowerCase();
}

/** Sealed secrets and the version they were sealed for; null when there is no such credential. */
export function findSealed(db: DatabaseSync, id: number): { sealed: Uint8Array; version: number } | null {
	return first(db, "SELECT sealed, version FROM credential WHERE id = ?", id) ?? null;
}

/** What became of a login with it. */
export function noteLoginOutcome(db: DatabaseSync, id: number, outcome: LoginOutcome): void {
	const text = JSON.stringify(loginOutcome.parse({ ...outcome, text: outcome.text.slice(0, 1_000) }));
	run(db, "UPDATE credential SET outcome = ? WHERE id = ?", text, id);
}

function saveProofs(db: DatabaseSync, id: number, proofs: readonly ShownProof[], seal: Seal): void {
	const version = (findSealed(db, id)?.version ?? 0) + 1;
	const sealed = seal({ id: String(id), version });
	const text = JSON.stringify(proofs);
	run(db, "UPDATE credential SET proofs = ?, sealed = ?, version = ? WHERE id = ?", text, sealed, version, id);
}

function moveTo(db: DatabaseSync, id: number, order: number): void {
	const others = idsInOrder(db).filter((one) => one !== id);
	renumber(db, others.toSpliced(Math.max(0, order - 1), 0, id));
}

function idsInOrder(db: DatabaseSync): number[] {
	return all<{ id: number }>(db, "SELECT id FROM credential ORDER BY position, id").map(({ id }) => id);
}

function renumber(db: DatabaseSync, ids: readonly number[]): void {
	for (const [at, id] of ids.entries()) run(db, "UPDATE credential SET position = ? WHERE id = ?", at + 1, id);
}

function refuseTaken(db: DatabaseSync, name: string, id: number | null): void {
	const taken = first<{ id: number; name: string }>(db, "SELECT id, name FROM credential WHERE name = ?", name);
	if (taken === undefined || taken.id === id) return;
	throw new AppError("conflict", `There is a credential ${JSON.stringify(taken.name)} already.`, {
		hint: "Choose another name, or change that one with: vedette credential edit",
	});
}

interface CredentialRow {
	id: number;
	name: string;
	kind: Credential["kind"];
	position: number;
	words: string;
	proofs: string;
	outcome: string | null;
	created_at: number;
	created_by: string;
	updated_at: number;
	updated_by: string;
}

const select =
	"SELECT id, name, kind, position, words, proofs, outcome, created_at, created_by, updated_at, updated_by FROM credential";

function toCredential(row: CredentialRow): Credential {
	return {
		id: row.id,
		name: row.name,
		kind: row.kind,
		order: row.position,
		...credentialWords.parse(JSON.parse(row.words)),
		proofs: shownProof.array().parse(JSON.parse(row.proofs)),
		lastOutcome: row.outcome === null ? null : loginOutcome.parse(JSON.parse(row.outcome)),
		createdAt: isoOf(row.created_at),
		createdBy: row.created_by,
		updatedAt: isoOf(row.updated_at),
		updatedBy: row.updated_by,
	};
}
