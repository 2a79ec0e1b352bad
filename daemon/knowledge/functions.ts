/** The functions a signature may call besides CEL's own. Pure; documented in signatures/README.md. */
import type { Environment } from "@marcbachmann/cel-js";
import { patternExtract, patternMatches } from "./pattern.ts";
import { type Cycles, namesDistribution, supportEnd } from "./support-end.ts";
import { Undecided } from "./undecided.ts";
import { compareUpstream } from "./versions/upstream.ts";
import { compareVersions } from "./versions/version-order.ts";

/** CEL name → signature text and implementation. Arguments arrive as CEL gives them: int as bigint, timestamp as Date. */
const functions: Record<string, (...values: never[]) => unknown> = {
	"undecided(string): bool": (reason: string) => {
		throw new Undecided(reason);
	},
	"isProduct(dyn, string): bool": (product: unknown, name: string) => {
		if (typeof product !== "string") throw new Undecided("the service does not tell its product");
		return product.toLowerCase() === name.toLowerCase();
	},
	"versionBefore(dyn, string): bool": (version: unknown, other: string) =>
		compareUpstream(versionOf(version), other) < 0,
	"versionIn(dyn, string, string): bool": (version: unknown, introduced: string, fixed: string) =>
		isWithin(versionOf(version), introduced, fixed),
	"upstreamIn(dyn, dyn, string, string): bool": (
		version: unknown,
		banner: unknown,
		introduced: string,
		fixed: string,
	) => {
		if (!isWithin(versionOf(version), introduced, fixed)) return false;
		undecidedWhenPackaged(banner);
		return true;
	},
	"debianBefore(string, string): bool": isDebianBefore,
	"namesDistribution(dyn): bool": (text: unknown) => typeof text === "string" && namesDistribution(text),
	"supportEnd(dyn, dyn): string": (version: unknown, cycles: Cycles) => supportEnd(versionOf(version), cycles),
	"supportEnded(dyn, dyn, dyn, google.protobuf.Timestamp): bool": (
		version: unknown,
		banner: unknown,
		cycles: Cycles,
		now: Date,
	) => {
		const end = supportEnd(versionOf(version), cycles);
		if (end === "" || Date.parse(end) >= now.getTime()) return false;
		undecidedWhenPackaged(banner);
		return true;
	},
	"overNetwork(string): bool": (address: string) => !/^127\.|^::1$|^::ffff:127\./i.test(address),
	"days(dyn, dyn): int": (from: unknown, to: unknown) => BigInt(Math.floor((timeOf(to) - timeOf(from)) / 86_400_000)),
	"day(dyn): string": (time: unknown) => new Date(timeOf(time)).toISOString().slice(0, 10),
	"string.matchesPattern(string): bool": (text: string, pattern: string) => patternMatches(pattern, text),
	"extract(dyn, string): string": (text: unknown, pattern: string) => patternExtract(pattern, textOf(text)),
	"anyOf(list, list): bool": (list: unknown[], wanted: unknown[]) => list.some((item) => wanted.includes(item)),
	"common(list, list): list<string>": (list: unknown[], wanted: unknown[]) =>
		unique(list.filter((item) => wanted.includes(item))),
	"anyMatches(list, list): bool": (list: unknown[], patterns: string[]) => matching(list, patterns).length > 0,
	"matching(list, list): list<string>": (list: unknown[], patterns: string[]) => unique(matching(list, patterns)),
	"repeated(list): list<string>": (list: unknown[]) => repeated(list),
	"distinct(list): list<string>": (list: unknown[]) => unique(list),
	"clip(dyn, int): string": (text: unknown, length: bigint) => clip(textOf(text), Number(length)),
};

/** Adds every function to an environment; returns it. */
export function registerFunctions(environment: Environment): Environment {
	for (const [name, implementation] of Object.entries(functions))
		environment.registerFunction(name, implementation as (...values: unknown[]) => unknown);
	return environment;
}

/** Names of the functions that take a pattern, and which argument it is; a receiver is not counted. */
export const patternArguments: Readonly<Record<string, number>> = {
	matches: 0,
	extract: 1,
	anyMatches: 1,
	matching: 1,
};

function versionOf(value: unknown): string {
	if (typeof value === "string" && /\d/.test(value)) return value;
	throw new Undecided("the service does not tell its version");
}

function isWithin(version: string, introduced: string, fixed: string): boolean {
	if (introduced !== "" && compareUpstream(version, introduced) < 0) return false;
	return fixed === "" || compareUpstream(version, fixed) < 0;
}

function isDebianBefore(a: string, b: string): boolean {
	const order = compareVersions("dpkg", a, b);
	if (order === null) throw new Undecided("what it is to be compared with is no package version");
	return order < 0;
}

function undecidedWhenPackaged(banner: unknown): void {
	if (typeof banner === "string" && namesDistribution(banner))
		throw new Undecided("the banner names a distribution's package, which is fixed without a new upstream version");
}

function timeOf(value: unknown): number {
	const read = typeof value === "string" ? Date.parse(value) : typeof value === "number" ? value : Number.NaN;
	const time = value instanceof Date ? value.getTime() : read;
	if (Number.isNaN(time)) throw new Undecided("a date is missing or cannot be read");
	return time;
}

function textOf(value: unknown): string {
	if (typeof value === "string") return value;
	throw new Undecided("a text is missing");
}

function matching(list: unknown[], patterns: string[]): unknown[] {
	return list.filter((item) => typeof item === "string" && patterns.some((pattern) => patternMatches(pattern, item)));
}

function unique(list: unknown[]): string[] {
	return [...new Set(list.filter((item) => typeof item === "string"))];
}

/** Those that are there more than once, each once; at most a hundred, since expressions look each up again. */
function repeated(list: unknown[]): string[] {
	const [seen, twice] = [new Set<unknown>(), new Set<string>()];
	for (const item of list) {
		if (seen.has(item) && typeof item === "string" && twice.size < 100) twice.add(item);
		seen.add(item);
	}
	return [...twice];
}

function clip(text: string, length: number): string {
	return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`;
}
