/** Keeps which subjects a host has, so that new knowledge finds the hosts it concerns without looking at all of them. */
import type { DatabaseSync } from "node:sqlite";
import { type JudgedSystem, judgedSubjects } from "../knowledge/advisories/host-verdicts.ts";
import type { Subject } from "../knowledge/advisories/match.ts";
import { digestOf, packSayings, type Sayings, SayingsBook } from "../knowledge/advisories/sayings.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { addressOfKey } from "../store/address-key.ts";
import { listRecordsAt } from "../store/evidence.ts";
import {
	hasSubjects,
	type SaidOfSubject,
	type SubjectHost,
	saveHostSubjects,
	subjectNumber,
	systemNumber,
} from "../store/subjects.ts";
import { newestOf } from "./newest-evidence.ts";

/** In the caller's transaction. Does nothing where they are known, or no packages are. */
export function keepSubjects(db: DatabaseSync, knowledge: Knowledge, host: SubjectHost): void {
	if (hasSubjects(db, host)) return;
	const { asset } = host;
	const address = addressOfKey(host.address);
	const newest = <K extends "packages" | "system">(kind: K) =>
		newestOf(listRecordsAt(db, asset, { address, port: 0, protocol: "tcp", kind, instance: "" }), kind, address);
	const packages = newest("packages");
	if (packages === null) return;
	const { system, subjects } = judgedSubjects(newest("system")?.data ?? null, packages.data);
	const number = systemNumber(db, JSON.stringify(system));
	const sayings = sayingsBookOf(knowledge);
	const numbers = subjects.map(({ name, version, binaries }) =>
		subjectNumber(db, { system: number, name, version, binaries }, () =>
			saidOf(sayings, system, { name, version, binaries }),
		),
	);
	saveHostSubjects(db, host, number, numbers);
}

/** Null: no feed was ever taken in. */
export function sayingsBookOf(knowledge: Knowledge): SayingsBook | null {
	if (knowledge.advisories === undefined) return null;
	const known = books.get(knowledge) ?? new SayingsBook(knowledge.advisories, suspectsOf(knowledge));
	books.set(knowledge, known);
	return known;
}

const books = new WeakMap<Knowledge, SayingsBook>();

/** CVEs that a signature suspects: the vendor's word on the packages of a host settles these (host-checks.ts). */
function suspectsOf({ signatures }: Knowledge): string[] {
	const suspecting = signatures.filter(({ type, kind }) => type === "potential" && kind !== "packages");
	return [...new Set(suspecting.flatMap(({ cves }) => cves))];
}

function saidOf(book: SayingsBook | null, system: JudgedSystem, subject: Subject): SaidOfSubject {
	return toSaid(book?.of(system, subject) ?? null);
}

export function toSaid(sayings: Sayings | null): SaidOfSubject {
	return { digest: digestOf(sayings), said: sayings === null ? new Uint8Array(0) : packSayings(sayings) };
}
