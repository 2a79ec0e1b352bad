/** Opens everything evidence is judged with. Today that is the signatures; advisories and feeds join here. */
import { createHash } from "node:crypto";
import type { KnowledgeStatus } from "../../protocol/model/overview.ts";
import type { Kind } from "../evidence/record.ts";
import type { Check, Knowledge } from "./knowledge.ts";
import { type LoadedSignatures, loadSignatures, signaturesFolder } from "./load.ts";

/** Part of the version: raised when a function or the way of judging changes, so that all evidence is judged again. */
const judgementRevision = 1;

/** `folder`: where the signature files are; those that come with the program by default. Never throws. */
export function openKnowledge(folder: string = signaturesFolder()): Knowledge {
	const loaded = loadSignatures(folder);
	const byKind = Map.groupBy(loaded.checks, (check) => check.kind);
	const version = createHash("sha256").update(`${judgementRevision} ${loaded.hash}`).digest("hex").slice(0, 16);
	const status = statusOf(loaded, version);
	return {
		version,
		signatures: loaded.checks.map((check) => check.signature),
		checksFor: (kind: Kind) => byKind.get(kind) ?? [],
		find: (name) => findCheck(loaded.checks, name.trim()),
		status: () => status,
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

function statusOf(loaded: LoadedSignatures, version: string): KnowledgeStatus {
	const updatedAt = new Date(loaded.changedAt).toISOString();
	const signatures = loaded.checks.length;
	const sources = [{ name: "signatures", records: signatures, updatedAt: loaded.changedAt === 0 ? null : updatedAt }];
	return { signatures, problems: loaded.problems, version, updatedAt, sources };
}
