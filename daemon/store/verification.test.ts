import { expect, test } from "vitest";
import { ingestHost } from "../assess/ingest.ts";
import {
	type coverageOf,
	memoryStore,
	mysqlRecord,
	redisRecord,
	sampleHost,
	sampleKnowledge,
} from "../assess/testdata/hosts.ts";
import { aimAt } from "../remedy/aim.ts";
import { createTickets } from "../tickets/create-tickets.ts";
import { findingEvents, listFindings } from "./findings.ts";
import { savePerson } from "./people.ts";
import { aimedFindings, noteVerification } from "./verification.ts";

const t0 = 1_700_000_000_000;
const address = "127.0.0.1";
const everything = { where: { sql: "f.open < 2", params: [] }, sort: null, limit: 100, cursor: null };

type Store = ReturnType<typeof memoryStore>;

function scan(store: Store, nth: number, open: boolean, coverage?: ReturnType<typeof coverageOf>) {
	const at = t0 + nth * 60_000;
	store.clock.at = at;
	const records = [redisRecord(address, at - 100, open), mysqlRecord(address, at - 100, null)];
	ingestHost(store, sampleKnowledge, { ...sampleHost(address, nth, at), records, ...(coverage ? { coverage } : {}) });
}

const idsOf = (store: Store) => listFindings(store.db, everything).items.map(({ id }) => id);

test("says what a scan made of each, keeps it once, and calls nothing fixed that was not tested", () => {
	const store = memoryStore(t0);
	savePerson(store.db, { identity: "unix:alice", name: "alice" });
	scan(store, 1, true);
	const ids = idsOf(store);
	const redis = listFindings(store.db, everything).items.filter(({ signature }) => signature === "redis/open");
	const said = { by: "unix:alice", at: t0, text: "" };
	createTickets(
		store.db,
		redis.map(({ id, asset }) => ({ id, asset: asset.id })),
		{ assignee: null, days: 7, said },
	);
	scan(store, 2, false);
	const note = (nth: number) => noteVerification(store.db, { scan: nth, ids, by: "unix:alice", at: store.clock.now() });
	const outcomes = Object.fromEntries(note(2).map(({ title, before, after }) => [title, `${before} ${after}`]));
	expect(Object.values(outcomes)).toContain("open fixed");
	expect(Object.values(outcomes)).toContain("open found");
	expect(note(2)).toEqual(note(2));
	for (const id of ids) {
		const kept = findingEvents(store.db, id).filter(({ kind }) => kind === "verified");
		expect(kept.map(({ scan: by }) => by)).toEqual([2]);
	}
	const tickets = store.db
		.prepare("SELECT ticket, kind, scan, who, text FROM ticket_event WHERE kind = 'comment'")
		.all();
	expect(tickets).toEqual([
		{
			...{ ticket: 1, kind: "comment", scan: 2, who: "unix:alice" },
			text: expect.stringMatching(/^Tested again by scan 2 for alice: open before, fixed now\.$/),
		},
	]);
	const untested = note(3);
	expect(new Set(untested.map(({ after }) => after))).toEqual(new Set(["untested"]));
	expect(idsOf(store)).toEqual(ids);
	store.db.exec("DELETE FROM finding");
	expect(new Set(note(4).map(({ after }) => after))).toEqual(new Set(["gone"]));
});

test("aims at the hosts and ports of the findings, and at logins only where they tell of them", () => {
	const store = memoryStore(t0);
	scan(store, 1, true);
	const aimed = aimedFindings(store.db, { sql: "f.open = 1", params: [] }, 100);
	expect(aimAt(aimed, [])).toMatchObject({ targets: [address], udp: "none", logins: false });
	expect(aimAt(aimed, []).ports.split(",")).toContain("6379");
	expect(aimAt(aimed, []).checks.toSorted()).toEqual(["mysql/reachable", "redis/open"]);
	expect(aimAt([], [22, 2222])).toMatchObject({ ports: "22,2222", logins: true });
});
