/** OSV records (ossf.github.io/osv-schema 1.7): one JSON document an advisory. Pure; anything unexpected is left out. */
import { type Advisory, type AffectedRange, isCve } from "./advisory.ts";
import { list, record, text, time } from "./untrusted.ts";

/** Ranges of one advisory; kernels have some thousands. */
const mostRanges = 100_000;

/** Null for what is no OSV record. */
export function parseOsv(document: unknown): Advisory | null {
	const osv = record(document);
	const id = text(osv.id);
	if (id === null || !Array.isArray(osv.affected)) return null;
	const affected: AffectedRange[] = [];
	for (const one of osv.affected) {
		addRanges(record(one), affected);
		if (affected.length > mostRanges) break;
	}
	const specific = record(osv.database_specific);
	return {
		id,
		cves: cvesOf(id, osv),
		title: text(osv.summary) ?? firstLine(text(osv.details)) ?? id,
		severity: text(specific.severity) ?? severityOf(osv),
		cvss: vectorsOf(osv),
		publishedAt: time(osv.published),
		modifiedAt: time(osv.modified),
		withdrawnAt: time(osv.withdrawn),
		affected,
	};
}

/** Upstream and aliases name what this one is about; `related` only names what is near. AlmaLinux has its CVEs only there. */
function cvesOf(id: string, osv: Readonly<Record<string, unknown>>): string[] {
	const named = [id, ...list(osv.upstream), ...list(osv.aliases)].flatMap((one) => {
		const name = text(one) ?? "";
		// Ubuntu and Debian put their name before the CVE's.
		const cve = name.replace(/^[A-Z]+-(?=CVE-)/, "");
		return isCve(cve) ? [cve] : [];
	});
	const cves =
		named.length > 0 ? named : list(osv.related).flatMap((one) => (isCve(text(one) ?? "") ? [String(one)] : []));
	return [...new Set(cves)];
}

function vectorsOf(osv: Readonly<Record<string, unknown>>): string[] {
	const vectors = list(osv.severity).flatMap((one) => {
		const { type, score } = record(one);
		return typeof type === "string" && type.startsWith("CVSS_") ? [text(score) ?? ""] : [];
	});
	return [...new Set(vectors)].filter((vector) => vector !== "");
}

/** Ubuntu gives its own word as a severity of type Ubuntu. */
function severityOf(osv: Readonly<Record<string, unknown>>): string | null {
	for (const one of list(osv.severity)) {
		const { type, score } = record(one);
		if (typeof type === "string" && !type.startsWith("CVSS_")) return text(score);
	}
	return null;
}

function firstLine(details: string | null): string | null {
	return details === null ? null : (details.split("\n", 1)[0] ?? "").slice(0, 200);
}

function addRanges(affected: Readonly<Record<string, unknown>>, into: AffectedRange[]): void {
	const { ecosystem, name } = record(affected.package);
	const base = { ecosystem: text(ecosystem) ?? "", package: text(name) ?? "", note: null };
	if (base.ecosystem === "" || base.package === "") return;
	const before = into.length;
	for (const one of list(affected.ranges)) {
		const { type, events } = record(one);
		if (type !== "ECOSYSTEM" && type !== "SEMVER") continue;
		addEvents(list(events), base, into);
	}
	if (into.length > before) return;
	// Without a range the versions are enumerated, and each is a range of its own.
	for (const one of list(affected.versions).slice(0, mostRanges)) {
		const version = text(one);
		if (version === null) continue;
		into.push({ ...base, introduced: version, fixed: null, lastAffected: version, state: "open" });
	}
}

/** Events in the order they are written, as everybody who publishes them does: introduced, then what ends it. */
function addEvents(
	events: readonly unknown[],
	base: Pick<AffectedRange, "ecosystem" | "package" | "note">,
	into: AffectedRange[],
): void {
	let from: string | null | undefined;
	const add = (fixed: string | null, lastAffected: string | null) => {
		if (from === undefined) return;
		into.push({ ...base, introduced: from, fixed, lastAffected, state: fixed === null ? "open" : "fixed" });
		from = undefined;
	};
	for (const one of events) {
		const event = record(one);
		const introduced = text(event.introduced);
		if (introduced !== null) {
			add(null, null);
			from = introduced === "0" ? null : introduced;
		} else if (text(event.fixed) !== null) add(text(event.fixed), null);
		else if (text(event.last_affected) !== null) add(null, text(event.last_affected));
	}
	add(null, null);
}
