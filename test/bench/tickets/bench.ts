/**
 * The policy over 100,000 findings, shown and applied, and all of their tickets changed at once; and what tickets cost an ingest
 * where no rule is. Beside each the limit it is to keep, and for applying also the same tickets written by a plain INSERT.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { DatabaseSync } from "node:sqlite";
import { ingestHost } from "../../../daemon/assess/ingest.ts";
import { listFindings } from "../../../daemon/store/findings.ts";
import type { StoredRule } from "../../../daemon/store/policy-rules.ts";
import { transaction } from "../../../daemon/store/sql.ts";
import { openStore, type Store } from "../../../daemon/store/store.ts";
import { listTicketsById } from "../../../daemon/store/tickets.ts";
import { applyPolicy } from "../../../daemon/tickets/apply-policy.ts";
import { changeTickets, ticketWork } from "../../../daemon/tickets/change-tickets.ts";
import { followFindings, type Sighting } from "../../../daemon/tickets/follow.ts";
import { openTickets } from "../../../daemon/tickets/open-tickets.ts";
import { policyWork } from "../../../daemon/tickets/policy-work.ts";
import { rulesInForce } from "../../../daemon/tickets/rules.ts";
import { median, ratio, spread } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";
import { benchHost, benchKnowledge } from "../store/hosts.ts";
import { fill } from "../tags/fill.ts";

const now = Date.now();
const rounds = 3;

export async function run({ smoke }: BenchOptions = { smoke: false }): Promise<BenchRow[]> {
	const folder = mkdtempSync(join(tmpdir(), "vedette-bench-"));
	const stores = ["many.db", "hosts.db"].map((name) => openStore(join(folder, name), { clock: { now: () => now } }));
	const [many, hosts] = stores;
	try {
		if (many === undefined || hosts === undefined) return [];
		fill(many.db, { assets: smoke ? 1_000 : 10_000, services: 1, findings: 13, now });
		many.db.exec(
			"INSERT INTO counter (key, n) SELECT 'open:' || severity, count(*) FROM finding WHERE open = 1 GROUP BY severity",
		);
		return [...overMany(many.db), ingestRow(hosts, smoke ? 200 : 1_500)];
	} finally {
		for (const store of stores) store.close();
		rmSync(folder, { recursive: true });
	}
}

const rule: StoredRule = {
	...{
		name: "all",
		position: 1,
		findings: "severity>=1 and not tag:lab",
		assets: "",
		action: "ticket",
		assignee: "ana",
	},
	...{ days: null, enabled: true, changedBy: "unix:1", changedAt: now },
};

function overMany(db: DatabaseSync): BenchRow[] {
	const times: Record<"preview" | "apply" | "ignore" | "reopen" | "plain", number[]> = {
		...{ preview: [], apply: [], ignore: [], reopen: [], plain: [] },
	};
	const timed = <T>(name: keyof typeof times, work: () => T): T => {
		const start = performance.now();
		const value = work();
		times[name].push(performance.now() - start);
		return value;
	};
	const inForce = rulesInForce([rule], now);
	let covers = "";
	db.exec(
		"CREATE TABLE plain_ticket (id INTEGER PRIMARY KEY, finding INTEGER UNIQUE, asset INTEGER, due INTEGER) STRICT",
	);
	for (let round = 0; round < rounds; round++) {
		const { effect } = timed("preview", () => policyWork(db, inForce, now));
		covers = `${effect.tickets.toLocaleString("en")} findings on ${effect.assets.toLocaleString("en")} assets`;
		timed("apply", () =>
			transaction(db, () => applyPolicy(db, inForce, { work: policyWork(db, inForce, now).work }, now)),
		);
		const ids = (db.prepare("SELECT id FROM ticket").all() as { id: number }[]).map(({ id }) => id);
		const said = { by: "unix:1", at: now, text: "bench" };
		for (const kind of ["ignore", "reopen"] as const) {
			const change = kind === "ignore" ? { kind, days: null } : { kind };
			timed(kind, () =>
				transaction(db, () => changeTickets(db, ticketWork(db, listTicketsById(db, ids), change), change, said)),
			);
		}
		const plain = db.prepare("INSERT INTO plain_ticket (finding, asset, due) SELECT finding, asset, due FROM ticket");
		timed("plain", () => transaction(db, () => plain.run()));
		db.exec("DELETE FROM ticket; DELETE FROM plain_ticket");
	}
	const limit = (name: keyof typeof times, what: string, most: number): BenchRow => ({
		...{ name: what, ours: spread(times[name], 0), peer: `≤ ${most}`, unit: "ms", note: `${covers}; less is better` },
		ratio: ratio(median(times[name]), most),
	});
	return [
		limit("preview", "what a policy would do", 200),
		limit("apply", "it is applied", 2_000),
		limit("ignore", "its tickets are ignored", 2_000),
		limit("reopen", "and open again", 2_000),
		{
			...{ name: "applied, beside a plain INSERT", ours: spread(times.apply, 0), peer: spread(times.plain, 0) },
			...{ ratio: ratio(median(times.apply), median(times.plain)), unit: "ms" },
			note: "found among all findings, dated, with their history; the peer knows which, and writes four columns; less is better",
		},
	];
}

/** What is asked for each host though there is no rule and no ticket, of the time its ingest takes. */
function ingestRow(store: Store, hosts: number): BenchRow {
	const { db } = store;
	const times: number[] = [];
	for (let n = 0; n < hosts; n++) {
		const start = performance.now();
		ingestHost(store, benchKnowledge, benchHost(n, 1, now));
		times.push(performance.now() - start);
	}
	const findings = listFindings(db, { where: null, sort: null, limit: 10, cursor: null }).items.map(({ id }) => id);
	const sightings = findings.map((finding): Sighting => ({ finding, is: "present", text: "" }));
	const shares = Array.from({ length: rounds }, () => {
		const start = performance.now();
		transaction(db, () => {
			for (let asset = 1; asset <= hosts; asset++) {
				followFindings(db, { asset, scan: 1, at: now, isNew: true }, () => sightings);
				openTickets(db, asset, findings, now);
			}
		});
		return (100 * (performance.now() - start)) / hosts / median(times);
	});
	return {
		...{ name: "tickets' share of an ingest, no rule", ours: spread(shares, 2), peer: "≤ 3", unit: "%" },
		...{ ratio: ratio(median(shares), 3), note: "less is better" },
	};
}
