/** Opens everything evidence is judged with. Today that is the signatures; advisories and feeds join here. */
import { createHash } from "node:crypto";
import type { KnowledgeStatus } from "../../protocol/model/overview.ts";
import type { Kind } from "../evidence/record.ts";
import type { Check, Knowledge } from "./knowledge.ts";
import {
	type LoadedSignatures,
	loadSignatures,
	readSignatures,
	type SignatureTexts,
	signaturesFolder,
} from "./load.ts";
import { readPrepared } from "./prepared.ts";

/** Part of the version: raised when a function or the way of judging changes, so that all evidence is judged again. */
const judgementRevision = 1;

/**
 * `folder`: where the signature files are; those that come with the program by default. Never throws. Only `version` is
 * ready at once; the checks are compiled when the first of them is asked for, some tenths of a second on a slow machine.
 */
export function openKnowledge(folder: string = signaturesFolder()): Knowledge {
	const read = readSignatures(folder);
	const { changedAt, hash } = read;
	const version = createHash("sha256").update(`${judgementRevision} ${hash}`).digest("hex").slice(0, 16);
	const loaded = loaderOf(read);
	const signatures = once(() => loaded().checks.map((check) => check.signature));
	const byKind = once(() => Map.groupBy(loaded().checks, (check) => check.kind));
	return {
		version,
		get signatures() {
			return signatures();
		},
		checksFor: (kind: Kind) => byKind().get(kind) ?? [],
		find: (name) => findCheck(loaded().checks, name.trim()),
		status: () => statusOf(loaded(), version, changedAt),
	};
}

/** Apart, so that the texts are not held where they are not needed. */
function loaderOf(read: SignatureTexts): () => LoadedSignatures {
	const checks = readPrepared(read.hash);
	return checks === null ? once(() => loadSignatures(read)) : keep({ checks, problems: [] });
}

function keep<T>(value: T): () => T {
	return () => value;
}

function once<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}

function findCheck(checks: readonly Check[], name: string): Check | null {
	const found = /^\d{1,9}$/.test(name) ? byNumber(checks, Number(name)) : byName(checks, name);
	return found ?? null;
}

function byNumber(checks: readonly Check[], number: number): Check | undefined {
	return (
		checks.find(({ signature }) => signature.qid === number) ??
		checks.find(({ signature }) => signature.aliases.includes(number))
	);
}

function byName(checks: readonly Check[], name: string): Check | undefined {
	const cve = name.toUpperCase();
	return (
		checks.find(({ signature }) => signature.id === name.toLowerCase()) ??
		checks.find(({ signature }) => signature.cves.includes(cve))
	);
}

function statusOf({ checks, problems }: LoadedSignatures, version: string, changedAt: number): KnowledgeStatus {
	const updatedAt = new Date(changedAt).toISOString();
	const sources = [{ name: "signatures", records: checks.length, updatedAt: changedAt === 0 ? null : updatedAt }];
	return { signatures: checks.length, problems: [...problems], version, updatedAt, sources };
}
