/** Files attached to requests, in the store with everything else: bounded, under names that harm nobody. */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import { type ExceptionEvidence, exceptionLimits } from "../../protocol/model/exception.ts";
import { all, first, run } from "./sql.ts";
import { isoOf } from "./time.ts";

/** What is being handed over counts as attached: many begun at once must not add up. */
export function countEvidence(db: DatabaseSync, exception: number): number {
	return (
		first<{ n: number }>(db, "SELECT count(*) AS n FROM exception_evidence WHERE exception = ?", exception)?.n ?? 0
	);
}

/** Begins a piece; returns its number. `at` in milliseconds. */
export function beginEvidence(
	db: DatabaseSync,
	piece: { exception: number; name: string; bytes: number; who: string; at: number },
): number {
	return run(
		db,
		"INSERT INTO exception_evidence (exception, name, bytes, who, at, data) VALUES (?, ?, ?, ?, ?, x'')",
		...[piece.exception, piece.name, piece.bytes, piece.who, piece.at],
	).id;
}

/**
 * Adds to a piece that is being handed over by the same person; with `last` it is complete. Returns the bytes there are.
 * Throws `not-found`, `too-large` for more than was announced, and `invalid` for less at the end.
 */
export function addToEvidence(
	db: DatabaseSync,
	{
		exception,
		id,
		who,
		content,
		last,
	}: { exception: number; id: number; who: string; content: Uint8Array; last: boolean },
): number {
	const row = first<{ bytes: number; data: Uint8Array }>(
		db,
		"SELECT bytes, data FROM exception_evidence WHERE id = ? AND exception = ? AND who = ? AND hash IS NULL",
		...[id, exception, who],
	);
	if (row === undefined) throw noEvidence(id);
	const data = Buffer.concat([row.data, content]);
	if (data.length > row.bytes || data.length > exceptionLimits.evidenceBytes)
		throw new AppError("too-large", `${row.bytes} bytes were announced, and more came.`, {
			hint: "Attach the file again.",
		});
	if (last && data.length < row.bytes)
		throw new AppError("invalid", `${row.bytes} bytes were announced, and ${data.length} came.`, {
			hint: "Did the file change meanwhile? Attach it again.",
		});
	const hash = last ? createHash("sha256").update(data).digest("hex") : null;
	run(db, "UPDATE exception_evidence SET data = ?, hash = ? WHERE id = ?", data, hash, id);
	return data.length;
}

/** Attaches to a request what is attached to another, as it was and by whom. Returns how many pieces. */
export function carryEvidence(db: DatabaseSync, from: number, to: number): number {
	return run(
		db,
		`INSERT INTO exception_evidence (exception, name, bytes, hash, who, at, data)
		SELECT ?, name, bytes, hash, who, at, data FROM exception_evidence WHERE exception = ? AND hash IS NOT NULL ORDER BY id`,
		to,
		from,
	).changes;
}

/** Drops what was begun and never ended before a moment (milliseconds). */
export function dropUnfinished(db: DatabaseSync, before: number): void {
	run(db, "DELETE FROM exception_evidence WHERE hash IS NULL AND at < ?", before);
}

/** In the order they were attached. */
export function listEvidence(db: DatabaseSync, exception: number): ExceptionEvidence[] {
	return all<EvidenceRow>(
		db,
		"SELECT id, name, bytes, hash, who, at FROM exception_evidence WHERE exception = ? AND hash IS NOT NULL ORDER BY id",
		exception,
	).map(toEvidence);
}

/** Throws `not-found`. */
export function readEvidence(
	db: DatabaseSync,
	exception: number,
	id: number,
): ExceptionEvidence & { readonly content: string } {
	const row = first<EvidenceRow & { data: Uint8Array }>(
		db,
		"SELECT id, name, bytes, hash, who, at, data FROM exception_evidence WHERE id = ? AND exception = ? AND hash IS NOT NULL",
		id,
		exception,
	);
	if (row === undefined) throw noEvidence(id);
	return { ...toEvidence(row), content: Buffer.from(row.data).toString("base64") };
}

const longestName = 100;

/**
 * What a file may be called here: the last part of a path, without what steers a terminal, hides or means something to a shell
 * or a file system. Any text yields a name.
 */
export function harmlessName(name: string): string {
	const last = name.split(/[/\\]/).findLast((part) => /[^.\s]/.test(part)) ?? "";
	const plain = last
		.normalize("NFC")
		.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "")
		.replace(/[^\p{L}\p{M}\p{N} ._+@=,()[\]-]/gu, "_")
		.replace(/^[.\s-]+|[.\s]+$/g, "");
	return [...plain].slice(0, longestName).join("") || "evidence";
}

interface EvidenceRow {
	id: number;
	name: string;
	bytes: number;
	hash: string;
	who: string;
	at: number;
}

function toEvidence({ id, name, bytes, hash, who, at }: EvidenceRow): ExceptionEvidence {
	return { id, name, bytes, sha256: hash, who, at: isoOf(at) };
}

function noEvidence(id: number): AppError {
	return new AppError("not-found", `There is no evidence ${id} on this request.`, {
		hint: "See what there is with: vedette except show NUMBER",
	});
}
