/**
 * The policy over 100,000 findings, shown and applied, and all of their tickets changed at once; and what tickets cost an ingest
 * where no rule is. Beside each the limit it is to keep, and for applying also the same tickets written by a plain INSERT.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { ingestHost } from "../../../daemon/assess/ingest.ts";
import { ignoresHandlers } from "../../../daemon/rpc/handlers/ignores.ts";
import { policyHandlers } from "../../../daemon/rpc/handlers/policy.ts";
import { ticketsHandlers } from "../../../daemon/rpc/handlers/tickets.ts";
import { listFindings } from "../../../daemon/store/findings.ts";
import { type StoredRule, savePolicyRules } from "../../../daemon/store/policy-rules.ts";
import { transaction } from "../../../daemon/store/sql.ts";
import { openStore, type Store } from "../../../daemon/store/store.ts";
import { followFindings, type Sighting } from "../../../daemon/tickets/follow.ts";
import { openTickets } from "../../../daemon/tickets/open-tickets.ts";
import { caller, openBulkDaemon, Timings } from "../bulk-daemon.ts";
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
		many.db.exec("PRAGMA synchronous = NORMAL");
		return [...(await overMany(many, folder)), ingestRow(hosts, smoke ? 200 : 1_500)];
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

async function overMany(store: Store, folder: string): Promise<BenchRow[]> {
	const { db } = store;
	const { services, close } = await openBulkDaemon(store, folder);
	const [policy, tickets, ignores] = [policyHandlers(services), ticketsHandlers(services), ignoresHandlers(services)];
	const timings = new Timings();
	const ana = caller("unix:1");
	let covers = "";
	db.exec(
		"CREATE TABLE plain_ticket (id INTEGER PRIMARY KEY, finding INTEGER UNIQUE, asset INTEGER, due INTEGER) STRICT",
	);
	savePolicyRules(db, [rule]);
	for (let round = 0; round < rounds; round++) {
		const { after } = await timings.time("preview", () => policy.preview({}, ana));
		covers = `${after.tickets.toLocaleString("en")} findings on ${after.assets.toLocaleString("en")} assets`;
		await timings.time("apply", () => policy.apply({ digest: after.digest }, ana));
		for (const kind of ["ignore", "reopen"] as const) {
			const change = kind === "ignore" ? { kind, days: null } : { kind };
			const chosen = kind === "ignore" ? "*" : "state:IGNORED";
			const { digest } = await timings.time("look", () => tickets.preview({ filter: chosen, change }, ana));
			await timings.time(kind, () => tickets.change({ filter: chosen, change, digest, text: "bench" }, ana));
		}
		const plain = db.prepare("INSERT INTO plain_ticket (finding, asset, due) SELECT finding, asset, due FROM ticket");
		await timings.time("plain", () => transaction(db, () => plain.run()));
		// Closed, as all there are now: what is ignored below has no ticket yet.
		db.exec("DELETE FROM ticket; DELETE FROM plain_ticket");
		const wish = { qids: Array.from({ length: 100 }, (_, n) => 100_000 + n), assets: "*" };
		const { digest } = await timings.time("ignores-look", () => ignores.preview(wish, ana));
		const { request } = await timings.time("ignores", () =>
			ignores.add({ ...wish, digest, reason: "bench", days: null }, ana),
		);
		await timings.time("restore", () => ignores.restore({ id: request.id, reason: "bench" }, ana));
		db.exec("DELETE FROM ticket");
	}
	await close();
	const half = "half of them";
	return [
		timings.row("preview", "what a policy would do", 200, covers),
		timings.row("apply", "it is applied", 2_000, covers),
		timings.row("look", "what ignoring its tickets would do", 200, covers),
		timings.row("ignore", "its tickets are ignored", 2_000, covers),
		timings.row("reopen", "and open again", 2_000, covers),
		timings.row("ignores-look", "what ignoring checks on all hosts would do", 200, half),
		timings.row("ignores", "they are ignored", 2_000, half),
		timings.row("restore", "and restored", 2_000, half),
		timings.lagRow(["preview", "apply", "look", "ignore", "reopen", "ignores-look", "ignores", "restore"]),
		{
			...{ name: "applied, beside a plain INSERT", ours: spread(timings.ms("apply"), 0) },
			...{ peer: spread(timings.ms("plain"), 0), unit: "ms" },
			ratio: ratio(median(timings.ms("apply")), median(timings.ms("plain"))),
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
