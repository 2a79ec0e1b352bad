/**
 * Why an advisory applies to a host, or a CVE does not: from the package to its source, what feeds know it as, the vendor's
 * record, and the comparison of versions. Reads only; judges by the same way as the findings.
 */
import type { TraceStep } from "../../protocol/model/finding.ts";
import type { RecordOf } from "../evidence/record.ts";
import { advisoryFolder } from "../knowledge/advisories/advisory-signature.ts";
import type { KeyedRange, KnownAdvisory } from "../knowledge/advisories/base.ts";
import type { AdvisoryBook } from "../knowledge/advisories/book.ts";
import { orderOf } from "../knowledge/advisories/ecosystem.ts";
import { type HostVerdicts, isSecurity } from "../knowledge/advisories/host-verdicts.ts";
import type { InstalledPackage } from "../knowledge/advisories/match.ts";
import { versionKey } from "../knowledge/versions/version-order.ts";
import type { StoredRecord } from "../store/evidence.ts";
import { isoOf } from "../store/time.ts";
import { newestOf } from "./newest-evidence.ts";

export interface AdvisoryTrace {
	readonly steps: TraceStep[];
	readonly verdict: "vulnerable" | "not-vulnerable" | "unknown";
	readonly summary: string;
	/** Command to see for oneself, on the host. */
	readonly check: string | null;
}

/** Packages of one advisory that are gone into. */
const mostPackages = 10;

/**
 * `name`: an advisory's or a CVE's. Null when nothing about packages can be said of it: no feed knows it, or the host's
 * packages are not known and there is nothing to tell but that.
 */
export function explainAdvisory(
	book: AdvisoryBook,
	name: string,
	host: { readonly name: string; readonly address: string; readonly records: readonly StoredRecord[] },
): AdvisoryTrace | null {
	const wanted = name.startsWith(advisoryFolder) ? name.slice(advisoryFolder.length) : name;
	const advisories = book.base.find(/^cve-/i.test(wanted) ? wanted.toUpperCase() : wanted);
	if (advisories.length === 0) return null;
	const record = newestOf(host.records, "packages", host.address);
	const system = newestOf(host.records, "system", host.address);
	if (record === null)
		return unknown(wanted, [], `the packages of ${host.name} are not known: no login or import has listed them`);
	const judged = book.judgeHost(system?.data ?? null, record.data);
	const steps = [evidenceStep(record), systemStep(system, judged)];
	if (judged.problem !== null) return unknown(wanted, steps, judged.problem);
	return trace(book, wanted, advisories, judged, record, steps, host.name);
}

function unknown(name: string, steps: TraceStep[], problem: string): AdvisoryTrace {
	const step: TraceStep = { step: "evidence", outcome: "unknown", text: `${capital(problem)}.` };
	return {
		steps: [...steps, step],
		verdict: "unknown",
		summary: `${name}: cannot be told, since ${problem}.`,
		check: null,
	};
}

function evidenceStep(record: RecordOf<"packages">): TraceStep {
	const { packages, manager } = record.data;
	const missing = record.complete ? "" : "; the list is not complete, so it closes nothing";
	return {
		step: "evidence",
		outcome: record.complete ? "yes" : "unknown",
		text: `${packages.length} packages of ${manager}, listed ${isoOf(record.observedAt)} by ${record.source}${missing}.`,
	};
}

function systemStep(system: RecordOf<"system"> | null, { ecosystems, stream, unsure }: HostVerdicts): TraceStep {
	const name = system?.data.os?.name ?? "a system that does not say what it is";
	const known = ecosystems.length > 0 ? `feeds speak of it as ${ecosystems.join(", ")}` : "no feed speaks of it";
	const by = stream === null ? "" : `; its updates are those of ${stream.title}, as its repositories say`;
	const doubt = unsure === null ? "" : `; ${unsure}, so it is judged by the main stream (a login tells)`;
	return {
		step: "evidence",
		outcome: ecosystems.length > 0 ? "yes" : "unknown",
		text: `${name}: ${known}${by}${doubt}.`,
	};
}

function trace(
	book: AdvisoryBook,
	name: string,
	advisories: readonly KnownAdvisory[],
	judged: HostVerdicts,
	{ data: { manager } }: RecordOf<"packages">,
	steps: TraceStep[],
	hostName: string,
): AdvisoryTrace {
	const ids = new Map(advisories.map((one) => [one.id, one]));
	let affected = false;
	let concerned = 0;
	let command: string | null = null;
	const told = new Set<number>();
	for (const [source, installed] of Map.groupBy(
		[...judged.packages, ...judged.aliases],
		(one) => one.source ?? one.name,
	)) {
		for (const ecosystem of judged.ecosystems) {
			const ranges = book.base.rangesOf(ecosystem, source).filter(({ advisory }) => ids.has(advisory));
			const [first] = installed;
			if (ranges.length === 0 || first === undefined || concerned >= mostPackages) continue;
			concerned++;
			steps.push(packageStep(source, installed));
			for (const range of ranges) {
				const advisory = ids.get(range.advisory);
				if (advisory !== undefined && !told.has(advisory.id)) {
					told.add(advisory.id);
					steps.push(advisoryStep(advisory, book));
				}
				for (const version of new Set(installed.map((one) => one.sourceVersion ?? one.version))) {
					const step = compare(version, range);
					steps.push(step);
					command ??= commandOf(manager, first.name, version, range);
				}
			}
		}
	}
	for (const one of judged.leftOut) {
		const source = one.source ?? one.name;
		if (!isNamed(book, ids, judged.ecosystems, [source, one.name, source.replace(/^linux-signed.*$/, "linux")]))
			continue;
		steps.push({ step: "package", outcome: "no", text: `${one.name} ${one.version} is not judged: ${one.reason}.` });
	}
	const verdicts = [...judged.verdicts.values()].filter(
		({ advisory }) => ids.has(advisory.id) || shares(advisory, name),
	);
	affected = verdicts.length > 0;
	const by = verdicts.map(({ advisory }) => advisory.name).join(", ");
	if (affected) {
		const fix = verdicts[0]?.packages[0]?.fixed;
		const mended = fix == null ? "there is no update" : `${fix} mends it`;
		const summary = `${name}: ${hostName} is affected, by ${by}; ${mended}.`;
		return { steps, verdict: "vulnerable", summary, check: command };
	}
	if (concerned > 0 && !advisories.some(isSecurity)) {
		const text = "It mends bugs or adds features, and names no CVE: no finding is made of it.";
		steps.push({ step: "advisory", outcome: "no", text });
		return { steps, verdict: "not-vulnerable", summary: `${name}: ${text}`, check: command };
	}
	if (concerned > 0) {
		const summary = `${name}: ${hostName} is not affected; none of its packages is of a version the vendor names.`;
		return { steps, verdict: "not-vulnerable", summary, check: command };
	}
	const records = advisories.map((one) => advisoryStep(one, book));
	const text = `Nothing installed on ${hostName} is what it speaks of for ${judged.ecosystems.join(", ")}.`;
	steps.push(...records.slice(0, 5), { step: "package", outcome: "no", text });
	return { steps, verdict: "not-vulnerable", summary: `${name}: ${text}`, check: null };
}

function shares({ name, cves }: KnownAdvisory, wanted: string): boolean {
	return name === wanted || cves.includes(wanted.toUpperCase());
}

function isNamed(
	book: AdvisoryBook,
	ids: ReadonlyMap<number, KnownAdvisory>,
	ecosystems: readonly string[],
	names: readonly string[],
): boolean {
	return ecosystems.some((ecosystem) =>
		names.some((name) => book.base.rangesOf(ecosystem, name).some(({ advisory }) => ids.has(advisory))),
	);
}

function packageStep(source: string, installed: readonly InstalledPackage[]): TraceStep {
	const list = installed.slice(0, 8).map(({ name, version }) => `${name} ${version}`);
	const more = installed.length > list.length ? `, and ${installed.length - list.length} more` : "";
	const [first] = installed;
	const version = first?.sourceVersion ?? first?.version;
	const own = installed.length === 1 && first?.name === source && first.version === version;
	const text = own
		? `Installed: ${list[0]}.`
		: `Installed: ${list.join(", ")}${more}; ${installed.length === 1 ? "its" : "their"} source is ${source} ${version}.`;
	return { step: "package", outcome: "yes", text };
}

/** The record, with its feed and digests. */
export function advisoryStep(advisory: KnownAdvisory, book: AdvisoryBook): TraceStep {
	const { name, title, feed, cves, digest } = advisory;
	const held = book.feeds.find((one) => one.name === feed);
	const at = advisory.modifiedAt ?? advisory.publishedAt ?? held?.publishedAt ?? null;
	const date = at === null ? "" : `, ${isoOf(at).slice(0, 10)}`;
	const about = cves.length > 0 && !(cves.length === 1 && cves[0] === name) ? ` (${cves.slice(0, 10).join(", ")})` : "";
	return {
		step: "advisory",
		outcome: advisory.withdrawnAt === null ? "yes" : "no",
		text: `${name}${about}: ${title}. Feed ${feed}${date}, record ${digest}${advisory.withdrawnAt === null ? "" : "; withdrawn"}.`,
		data: { advisory: name, feed, feedDigest: held?.digest ?? null, digest },
	};
}

/** `3.0.11-1~deb12u1 < 3.0.11-1~deb12u2`, and what follows. */
export function compare(version: string, range: KeyedRange): TraceStep {
	const { ecosystem, introduced, fixed, lastAffected, state, note } = range;
	const order = orderOf(ecosystem);
	const key = order === null ? null : versionKey(order, version);
	const step = (outcome: TraceStep["outcome"], text: string): TraceStep => ({
		...{ step: "version", outcome, text: `${ecosystem}: ${text}` },
		data: { version, introduced, fixed, lastAffected, state, note, order },
	});
	const said = note === null ? "" : ` (${note})`;
	if (key === null) return step("unknown", `${version} is no version in the order of ${order ?? ecosystem}`);
	if (state === "not-affected") return step("no", `the vendor says it is not affected${said}`);
	const sign = (other: Uint8Array) => ["<", "=", ">"][Math.sign(Buffer.compare(key, other)) + 1] ?? "?";
	if (introduced !== null && Buffer.compare(key, range.keys.introduced) < 0) {
		return step("no", `${version} < ${introduced}, where the flaw came in`);
	}
	if (fixed !== null && range.keys.fixed !== null) {
		const compared = `${version} ${sign(range.keys.fixed)} ${fixed}`;
		const isBefore = Buffer.compare(key, range.keys.fixed) < 0;
		return step(
			isBefore ? "yes" : "no",
			`${compared}, which ${isBefore ? "has the fix: affected" : "has the fix: mended"}`,
		);
	}
	if (lastAffected !== null && range.keys.last !== null) {
		const isWithin = Buffer.compare(key, range.keys.last) <= 0;
		return step(isWithin ? "yes" : "no", `${version} ${sign(range.keys.last)} ${lastAffected}, the last one affected`);
	}
	if (state === "under-investigation") return step("unknown", `the vendor is still looking into it${said}`);
	const words = { postponed: "the fix is postponed", "will-not-fix": "the vendor will not fix it" } as const;
	const why = state === "postponed" || state === "will-not-fix" ? words[state] : "there is no fix yet";
	return step("yes", `every version is affected: ${why}${said}`);
}

/** Only what needs no quoting goes into a command line. */
function commandOf(
	manager: "dpkg" | "rpm" | "apk",
	name: string,
	version: string,
	{ fixed }: KeyedRange,
): string | null {
	const plain = (text: string) => /^[A-Za-z0-9][A-Za-z0-9+.:~^_-]*$/.test(text);
	if (!plain(name) || !plain(version) || (fixed !== null && !plain(fixed))) return null;
	if (manager === "dpkg") {
		const compared = fixed === null ? "" : `dpkg --compare-versions ${version} lt ${fixed} && echo affected; `;
		return `${compared}apt-cache policy ${name}`;
	}
	if (manager === "apk") return `${fixed === null ? "" : `apk version -t ${version} ${fixed}; `}apk policy ${name}`;
	return `${fixed === null ? "" : `rpmdev-vercmp ${version} ${fixed}; `}rpm -q ${name}`;
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
