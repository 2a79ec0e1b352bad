import { expect, test } from "vitest";
import { activity } from "../../protocol/model/activity.ts";
import { memoryStore } from "../assess/testdata/hosts.ts";
import { appendAudit } from "../store/audit.ts";
import { insertException } from "../store/exceptions.ts";
import { createPurge } from "../store/purges.ts";
import { createScan } from "../store/scans.ts";
import { isoOf } from "../store/time.ts";
import { recentActivity } from "./recent-activity.ts";
import type { Services } from "./services.ts";

const t0 = 1_700_000_000_000;

function servicesOver(store: ReturnType<typeof memoryStore>, searching: boolean): Services {
	return {
		...{ store, startedAt: isoOf(t0), updater: { progress: null }, library: { importing: null } },
		duplicates: { status: () => ({ searching }) },
	} as unknown as Services;
}

test("what runs or waits comes first, then the newest of every kind, and no more than asked for", () => {
	const store = memoryStore(t0 + 60_000);
	const { db } = store;
	const wish = { title: "office", targets: [], exclusions: [], ports: "22", profile: "Initial", at: t0 };
	const scan = createScan(db, wish);
	createPurge(db, { at: t0 + 5_000, by: "unix:1", query: "lastSeen<now-90d", rule: null, reason: "", until: t0 });
	insertException(db, {
		...{ kind: "false-positive", scope: { kind: "findings", findings: [1] }, subject: "telnet on a", findings: 1 },
		...{
			assets: 1,
			reason: "",
			requester: "unix:1",
			requesterUid: 1,
			days: 90,
			batch: null,
			previous: null,
			at: t0 + 1,
		},
	});
	appendAudit(db, { who: "unix:2", action: "imports.file", object: "/srv/office.xml" }, t0 + 9_000);
	appendAudit(db, { who: "unix:2", action: "tag.create", object: "tag Web" }, t0 + 9_500);
	const { items, total } = recentActivity(servicesOver(store, true), 10);
	expect(items.map((item) => activity.parse(item))).toEqual(items);
	expect(items.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
		...["search running", "request waiting", "scan waiting", "import done", "purge done"],
	]);
	expect(total).toBe(5);
	expect(items.find(({ kind }) => kind === "scan")).toMatchObject({ number: scan, title: "office", progress: 0 });
	expect(items.find(({ kind }) => kind === "import")).toMatchObject({ by: "unix:2", title: "/srv/office.xml" });
	expect(recentActivity(servicesOver(store, false), 2).items.map(({ kind }) => kind)).toEqual(["request", "scan"]);
});

test("an act of two entries is told once, by its end; one that the daemon did not live to end was cut off", () => {
	const store = memoryStore(t0 + 60_000);
	const write = (action: string, object: string, at: number, who = "unix:2") =>
		appendAudit(store.db, { who, action, object }, t0 + at);
	write("imports.file-begun", "/srv/cut.xml", -5_000);
	write("imports.file-begun", "/srv/bad.xml", 1_000);
	write("imports.file-failed", "/srv/bad.xml", 2_000);
	write("knowledge.import-begun", "/srv/feed.json", 3_000);
	write("imports.file-begun", "/srv/office.xml", 3_500, "unix:3");
	write("knowledge.import", "debian", 4_000);
	write("knowledge.update", "knowledge", 5_000, "schedule");
	write("imports.file", "/srv/office.xml", 6_000, "unix:3");
	write("imports.file-begun", "/srv/going.xml", 7_000);
	const { items } = recentActivity(servicesOver(store, false), 10);
	expect(items.map((item) => activity.parse(item))).toEqual(items);
	expect(items.map(({ kind, title, state }) => `${kind} ${title} ${state}`)).toEqual([
		"import /srv/office.xml done",
		"update knowledge done",
		"import debian done",
		"import /srv/bad.xml failed",
		"import /srv/cut.xml stopped",
	]);
	expect(items.at(-1)?.note).toBe("cut off: the daemon ended before it was done");
});

test("what files and feeds came to is told in words, and why one failed", () => {
	const store = memoryStore();
	const { db } = store;
	const write = (action: string, more: object) =>
		appendAudit(db, { who: "unix:2", action, object: "file", ...more }, t0 + 1_000);
	write("imports.file", { after: { format: "nmap", hosts: 1, new: 0, refused: 0, cut: null } });
	write("knowledge.import", { after: { file: "kev.json", records: 1404, digest: "0" } });
	write("imports.collected", { after: { kinds: 20 } });
	write("knowledge.import-failed", { reason: "It is cut off." });
	write("knowledge.update", {});
	write("knowledge.update", { after: { steps: { kev: "updated", epss: "unchanged" }, swapped: true, cutOff: false } });
	const { items } = recentActivity(servicesOver(store, false), 10);
	expect(items.map(({ note }) => note).toSorted()).toEqual([
		"",
		"1 host, 0 of them new",
		"1,404 records",
		"2 sources, 1 of them new",
		"20 records",
		"It is cut off.",
	]);
});
