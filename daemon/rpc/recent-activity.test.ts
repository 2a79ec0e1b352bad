import { expect, test } from "vitest";
import { activity } from "../../protocol/model/activity.ts";
import { memoryStore } from "../assess/testdata/hosts.ts";
import { appendAudit } from "../store/audit.ts";
import { insertException } from "../store/exceptions.ts";
import { createPurge } from "../store/purges.ts";
import { createScan } from "../store/scans.ts";
import { recentActivity } from "./recent-activity.ts";
import type { Services } from "./services.ts";

const t0 = 1_700_000_000_000;

function servicesOver(store: ReturnType<typeof memoryStore>, searching: boolean): Services {
	return {
		...{ store, updater: { progress: null }, library: { importing: null } },
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
