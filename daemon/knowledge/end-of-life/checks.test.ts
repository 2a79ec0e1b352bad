/** Releases and versions past their end, with care for support that goes on. */
import { describe, expect, it } from "vitest";
import type { EvidenceRecord, RecordOf } from "../../evidence/record.ts";
import type { SupportEnd, SupportedProduct } from "../advisories/feeds/endoflife.ts";
import type { Check, HostFacts } from "../knowledge.ts";
import { openKnowledge } from "../open.ts";
import { endOfLifeChecks } from "./checks.ts";
import { slugOf, withDates } from "./overlay.ts";
import { ProductTable } from "./products.ts";
import { cycleOf, supportOf } from "./supported.ts";

const day = (text: string) => Date.parse(text);
const cycle = (name: string, support: SupportEnd, extended: SupportEnd = null) => ({
	...{ name, codename: null, longTerm: false, releasedAt: null, support, extended, latest: null },
});
const product = (
	slug: string,
	label: string,
	category: string,
	cycles: SupportedProduct["cycles"],
	extendedName: string | null = null,
) => ({
	...{ slug, label, category, cycles, extendedName, cpes: [], feed: "endoflife" },
});
const ubuntu = product(
	"ubuntu",
	"Ubuntu",
	"os",
	[cycle("20.04", day("2025-05-31"), day("2030-04-30")), cycle("18.10", day("2019-07-18"))],
	"Expanded Security Maintenance",
);
const debian = product(
	"debian",
	"Debian",
	"os",
	[cycle("12", day("2026-07-11"), day("2028-06-30")), cycle("10", day("2022-09-10"), day("2024-06-30"))],
	"Debian LTS",
);
const dovecot = product("dovecot", "Dovecot", "server-app", [cycle("2.4", "open"), cycle("2.3", day("2025-01-01"))]);
const nginx = product("nginx", "nginx", "server-app", [
	cycle("1.31", day("2026-09-01")),
	cycle("1.30", day("2027-04-01")),
	cycle("1.29", day("2026-05-13")),
	...["1.28", "1.27", "1.26", "1.25", "1.24", "1.23", "1.22", "1.21", "1.20"].map((name) =>
		cycle(name, day("2024-01-01")),
	),
]);
const table = new ProductTable([ubuntu, debian, dovecot, nginx]);
const now = day("2026-11-22");
const checks = endOfLifeChecks(table, new Set(["nginx"]));

const base = {
	address: "192.0.2.1",
	port: 0,
	protocol: "tcp",
	source: "login",
	complete: true,
	observedAt: 0,
} as const;
const record = (kind: string, data: object) => ({ ...base, kind, data }) as unknown as EvidenceRecord;
const system = (id: string, version: string | null) =>
	record("system", { os: { id, name: `${id} ${version}`, version, codename: null } });

function find(kind: string): Check {
	const found = checks.find((check) => check.kind === kind);
	if (found === undefined) throw new Error(`no check on ${kind}`);
	return found;
}
function host(versions: string[] | null, own: EvidenceRecord | null = null): HostFacts {
	const packages =
		versions === null
			? null
			: record("packages", { manager: "dpkg", packages: versions.map((version) => ({ version })) });
	const newest = (kind: string) => (kind === "packages" ? packages : own);
	return { records: [], newest: newest as unknown as <K extends "system" | "packages">(kind: K) => RecordOf<K> | null };
}

describe("the system of a host", () => {
	it("past its end is a finding that says when, and who says so", () => {
		expect(find("system").evaluate(system("debian", "10"), now)).toEqual({
			...{ matched: true, problem: "" },
			result:
				"Debian 10: security support ended on 2022-09-10, Debian LTS on 2024-06-30.\ndebian 10, as the host says.\nSays endoflife.date (feed endoflife): https://endoflife.date/debian",
		});
	});

	it("in Debian's long-term support, which is everybody's, is none", () => {
		expect(find("system").evaluate(system("debian", "12.5"), now).matched).toBe(false);
	});

	it.each([
		["not known", null, true],
		["without Pro", ["1.2-3ubuntu1"], true],
		["with Pro", ["1.2-3ubuntu1.1+esm2"], false],
	])("of Ubuntu in extended support: packages %s", (_, versions, matched) => {
		const verdict = find("system").onHost?.(system("ubuntu", "20.04"), now, host(versions));
		expect(verdict).toMatchObject(matched ? { matched, severity: 3 } : { matched });
	});

	it.each([
		["ubuntu", "99.04"],
		["ubuntu", null],
		["plan9", "4"],
	])("that nobody speaks of is undecided: %s %s", (id, version) => {
		expect(find("system").evaluate(system(id, version), now).matched).toBeNull();
	});

	it("as it is guessed is potential, until a login says more", () => {
		const guess = record("host", { os: { name: "Ubuntu 18.10", basis: 'ssh on port 22 says "x"', confidence: 0.9 } });
		const check = find("host");
		expect(check.signature.type).toBe("potential");
		expect(check.onHost?.(guess, now, host(null))).toMatchObject({ matched: true });
		expect(check.onHost?.(guess, now, host(null, system("debian", "12")))).toMatchObject({ matched: false });
	});

	it("ends when the day is over", () => {
		const [twelve] = nginx.cycles;
		if (twelve === undefined) throw new Error("no cycle");
		expect(supportOf(nginx, twelve, day("2026-09-01T23:59:59Z")).state).toBe("supported");
		expect(supportOf(nginx, twelve, day("2026-09-02")).state).toBe("over");
	});
});

describe("a service", () => {
	const imap = (product: string, version: string | null, info: string | null = null) =>
		record("imap", { product, version, info });

	it.each([
		["Dovecot", "2.3.19", null, true],
		["dovecot", "2.4.1", null, false],
		["Dovecot", "2.3.19", "(Debian)", null],
		["Dovecot", null, null, null],
		["Dovecot", "2.31", null, null],
		["Cyrus", "1", null, false],
	])("%s %s %s", (name, version, info, matched) => {
		expect(find("imap").evaluate(imap(name, version, info), now).matched).toBe(matched);
	});

	it("that a signature of its own looks after is left to that", () => {
		expect(
			find("http").evaluate(record("http", { product: "nginx", version: "1.20.1", info: null }), now).matched,
		).toBe(false);
	});
});

it("a service that fingerprints recognise is found by its CPE too", () => {
	const jetty = {
		...product("eclipse-jetty", "Eclipse Jetty", "framework", [cycle("9", day("2022-06-01"))]),
		cpes: ["eclipse:jetty"],
	};
	const recognise = () => [
		{
			...{ subject: "http_header.server", text: "Jetty(9.4.1)", description: "Jetty" },
			fields: new Map([
				["service.product", "Jetty"],
				["service.version", "9.4.1"],
				["service.cpe23", "cpe:/a:eclipse:jetty:9.4.1"],
			]),
		},
	];
	const [check] = endOfLifeChecks(new ProductTable([jetty]), new Set(), { recognise }).filter(
		({ kind }) => kind === "http",
	);
	expect(check?.evaluate(record("http", { product: null }), now)).toMatchObject({
		matched: true,
		result: expect.stringContaining("Eclipse Jetty 9"),
	});
});

describe("a signature that carries dates", () => {
	const own = openKnowledge().find("http/nginx-end-of-life");
	const record131 = record("http", { product: "nginx", version: "1.31.1", info: null, headers: {} });

	it("gets newer ones from the feed", () => {
		if (own === null) throw new Error("no signature");
		expect(slugOf(own)).toBe("nginx");
		expect(own.evaluate(record131, now).matched).toBe(false);
		expect(withDates(own, table).evaluate(record131, now)).toMatchObject({
			matched: true,
			result: expect.stringContaining("2026-09-01"),
		});
		expect(withDates(own, new ProductTable([debian]))).toBe(own);
	});
});

it("versions belong to the longest cycle they begin with", () => {
	const php = product("php", "PHP", "lang", [cycle("8", "open"), cycle("8.1", "over"), cycle("8.10", "open")]);
	expect(["8.1.2", "8.10", "8.2", "80.1", "8.1p1"].map((version) => cycleOf(php, version)?.name)).toEqual([
		"8.1",
		"8.10",
		"8",
		undefined,
		"8.1",
	]);
});
