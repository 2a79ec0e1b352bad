/** First pages of findings for a filter on each kind of field, and for orders, as the reading thread reads them. */
import { DatabaseSync } from "node:sqlite";
import { systemClock } from "../../../daemon/clock.ts";
import { compileFilter } from "../../../daemon/query/compile.ts";
import { findingFields, findingScope } from "../../../daemon/store/fields.ts";
import { FindingColumns } from "../../../daemon/store/finding-columns.ts";
import { countFacets } from "../../../daemon/store/finding-facets.ts";
import { narrowFindings } from "../../../daemon/store/finding-narrow.ts";
import { listFindings } from "../../../daemon/store/findings.ts";
import { registerFunctions } from "../../../daemon/store/functions.ts";
import { scoped } from "../../../daemon/store/query-lists.ts";
import { atOneMoment } from "../../../daemon/store/sql.ts";
import { quantile } from "../figures.ts";
import type { BenchRow } from "../main.ts";

const rounds = 3;
const filters = [
	...["id:77", "asset:web-123", "asset:*.fra.example.org", "address:10.0.3.0/24", "address:10.0.0.77", "port:443"],
	...["port>20", "protocol:tcp", "protocol:udp", "instance:none", "qid:100077", "signature:bench/signature-7"],
	...["title:number", 'title:"weakness number 77"', "severity:5", "severity:1", "severity>=4", "type:confirmed"],
	...["type:potential", "status:ACTIVE", "status:NEW", "status:FIXED", "status:REOPENED", "firstFound>now-10d"],
	...["lastFound<now-30d", "lastFixed>now-1d", "timesFound>3", "cve:CVE-2024-1007", "requirement:8.3.9", "cvss>5"],
	...["kev:true", "epss>0.5", "fix:available", "result:seen", "result:nowhere", "os:debian", "os is null", "os:none"],
	...["tags:none", "criticality>3", "software:openssl", "os:debian and port:7", "not os:linux and severity>=4"],
];
const orders = [
	"asset",
	"title",
	"cvss",
	"port",
	"type",
	"status",
	"firstFound",
	"lastFound",
	"timesFound",
	"priority",
	"address",
	"instance",
	"severity,port",
	"type,lastFound",
	"asset,severity,title",
];

interface Asked {
	readonly filter: string;
	readonly order: string | null;
}

export function pageRows(path: string): BenchRow[] {
	// As in daemon/store/read-worker.ts.
	const db = new DatabaseSync(path, { readOnly: true });
	for (const pragma of ["cache_size = -8192", "temp_store = MEMORY", "cell_size_check = ON"])
		db.exec(`PRAGMA ${pragma}`);
	registerFunctions(db, systemClock);
	const columns = new FindingColumns(db);
	try {
		const first = [
			...[firstPage(db, columns, { filter: "port:443", order: null })],
			...[firstPage(db, columns, { filter: "", order: "lastFound" })],
		];
		const filtered = filters.map((filter) => measure(db, columns, { filter, order: null }));
		const ordered = orders.map((order) => measure(db, columns, { filter: "", order }));
		return [...rowsOf(filtered), orderRow(ordered), facetsRow(db), columnsRow(columns, first), beforehandRow(db)];
	} finally {
		db.close();
	}
}

interface Measured {
	readonly name: string;
	/** Without what it took to read columns the first time, which is a row of its own. */
	readonly all: readonly number[];
}

function measure(db: DatabaseSync, columns: FindingColumns, asked: Asked): Measured {
	firstPage(db, columns, asked);
	return {
		name: asked.order ?? asked.filter,
		all: Array.from({ length: rounds }, () => firstPage(db, columns, asked)),
	};
}

/** Milliseconds. */
function firstPage(db: DatabaseSync, columns: FindingColumns, { filter, order }: Asked): number {
	const start = performance.now();
	const { where, named, plan } = compileFilter(filter, findingFields, { now: Date.now() });
	const scope = findingScope(named);
	const narrow = narrowFindings(plan, scope);
	const sort = order === null ? null : order.split(",").map((field) => ({ field, descending: true }));
	listFindings(db, { where: scoped(where, scope), narrow, sort, limit: 100, cursor: null, counted: false }, columns);
	return performance.now() - start;
}

function rowsOf(measured: readonly Measured[]): BenchRow[] {
	const all = measured.flatMap((one) => one.all);
	const row = (name: string, q: number, note: string): BenchRow => {
		const ms = quantile(all, q);
		return { name, ours: ms.toFixed(2), peer: "15", ratio: (ms / 15).toFixed(2), unit: "ms", note };
	};
	return [
		row(
			"findings, filtered first page, p50",
			0.5,
			`${measured.length} filters, 3,000,000 findings; peer: the goal for p99`,
		),
		row("the same, p90", 0.9, slowestOf(measured)),
		row("the same, p99", 0.99, "on the reading thread"),
	];
}

function orderRow(measured: readonly Measured[]): BenchRow {
	const ms = quantile(
		measured.flatMap((one) => one.all),
		0.5,
	);
	return {
		...{ name: "findings, first page in another order, p50", ours: ms.toFixed(2), peer: "15" },
		...{ ratio: (ms / 15).toFixed(2), unit: "ms", note: `no filter; ${slowestOf(measured)}` },
	};
}

/** What all of them have in common, against SQLite grouping them by the same once: it is counted on the thread of totals. */
function facetsRow(db: DatabaseSync): BenchRow {
	const now = Date.now();
	const timed = (work: () => unknown) => {
		const start = performance.now();
		work();
		return performance.now() - start;
	};
	const all = (filter: string) => {
		const { where, named } = compileFilter(filter, findingFields, { now });
		return countFacets(db, { where, named, now });
	};
	const peer = db.prepare("SELECT signature, count(*) FROM finding f NOT INDEXED WHERE open = 1 GROUP BY signature");
	const ours = quantile(
		Array.from({ length: rounds }, () => timed(() => all(""))),
		0.5,
	);
	const theirs = timed(() => peer.all());
	const { looked, isAll } = all("");
	const narrowed = timed(() => all("severity:5"));
	return {
		...{ name: "facets of all that is open", ours: ours.toFixed(0), peer: theirs.toFixed(0), unit: "ms" },
		ratio: (ours / theirs).toFixed(2),
		note: `${looked.toLocaleString("en")} findings${isAll ? "" : ", not all"}; of severity:5 ${narrowed.toFixed(0)} ms; peer: one GROUP BY of SQLite; less is better`,
	};
}

function slowestOf(measured: readonly Measured[]): string {
	const best = measured.map(({ name, all }) => ({ name, ms: Math.min(...all) })).toSorted((a, b) => b.ms - a.ms);
	const over = best.filter(({ ms }) => ms > 15);
	const named = best.slice(0, 10).map(({ name, ms }) => `${name} ${ms.toFixed(1)}`);
	return `${over.length} of ${measured.length} take more at their best; slowest: ${named.join("; ")}`;
}

/** What the first page costs that needs columns in memory, and another that needs one more. */
function columnsRow(columns: FindingColumns, first: readonly number[]): BenchRow {
	const [one = 0, more = 0] = first;
	return {
		...{ name: "the first page that needs columns in memory", ours: one.toFixed(0), peer: "-", ratio: "-", unit: "ms" },
		note: `port:443; with a column more, by lastFound: ${more.toFixed(0)} ms; in the end ${(columns.bytes / 2 ** 20).toFixed(0)} MB`,
	};
}

/** The same where a console looks at findings: a part at a time, between pages. */
function beforehandRow(db: DatabaseSync): BenchRow {
	const columns = new FindingColumns(db);
	const parts: number[] = [];
	const part = () => {
		const start = performance.now();
		const isMore = atOneMoment(db, () => columns.prepare());
		parts.push(performance.now() - start);
		return isMore;
	};
	while (part());
	const ms = firstPage(db, columns, { filter: "port:443", order: null });
	const [all, worst] = [parts.reduce((sum, one) => sum + one, 0), Math.max(...parts)];
	return {
		...{ name: "the same, read beforehand", ours: ms.toFixed(0), peer: "-", ratio: "-", unit: "ms" },
		note: `${parts.length} parts of at most ${worst.toFixed(1)} ms, ${all.toFixed(0)} ms in all; ${(columns.bytes / 2 ** 20).toFixed(0)} MB`,
	};
}
