import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { People } from "../../operators/people.ts";
import { openSettings, type Settings } from "../../store/settings.ts";
import { openStore, type Store } from "../../store/store.ts";
import { openAuditTrail } from "../audit-trail.ts";
import type { CallContext } from "../handler.ts";
import type { Services } from "../services.ts";
import { viewsHandlers } from "./views.ts";

const log = pino({ level: "silent" });
let folder = "";
let settings: Settings;
let store: Store;
let views: ReturnType<typeof viewsHandlers>;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "vedette-views-"));
	store = openStore(":memory:", { clock: { now: () => Date.parse("2026-02-03T09:12:44.000Z") } });
	settings = await openSettings(join(folder, "settings.json"), { log });
	views = viewsHandlers({
		store,
		people: new People(store.db),
		settings,
		audit: openAuditTrail(store, log),
	} as unknown as Services);
});
afterEach(async () => {
	await settings.close();
	store.close();
	await rm(folder, { recursive: true });
});

const as = (user: string, access: CallContext["access"] = "read"): CallContext => ({
	...{ user, uid: 1, access, client: "test", signal: new AbortController().signal, log },
});
const worst = { list: "findings", name: "Worst", filter: "severity>=4", sort: "-severity,port", columns: [] };
const entries = () => store.db.prepare("SELECT count(*) AS n FROM audit").get()?.n;

test("a view of one's own is nobody else's business, one that is shared is everybody's and in the log", async () => {
	expect(await views.save(worst, as("ana"))).toMatchObject({ name: "Worst", mine: true, shared: false });
	expect(entries()).toBe(0);
	expect(views.list({}, as("joe"))).toEqual({ items: [], total: 0 });
	await views.share(worst, as("ana", "operate"));
	expect(entries()).toBe(1);
	expect(views.list({ list: "findings" }, as("joe"))).toMatchObject({
		total: 1,
		items: [{ mine: false, owner: "ana" }],
	});
	expect(views.list({ list: "assets" }, as("joe"))).toMatchObject({ total: 0 });
});

test("what is shared is taken away by its owner or an admin alone, and not by the way", async () => {
	await views.share(worst, as("ana", "operate"));
	const named = { list: "findings", name: "worst" };
	await expect(views.remove(named, as("ana"))).rejects.toMatchObject({ code: "conflict" });
	await expect(views.unshare(named, as("joe", "operate"))).rejects.toMatchObject({ code: "forbidden" });
	await expect(views.unshare(named, as("joe", "admin"))).resolves.toMatchObject({ name: "Worst" });
	expect(entries()).toBe(2);
	await expect(views.unshare(named, as("ana", "admin"))).rejects.toMatchObject({ code: "not-found" });
});

test("a filter that is none is refused with its place; of a list without a query language it is kept as it is", async () => {
	await expect(views.save({ ...worst, filter: "severty:4" }, as("ana"))).rejects.toMatchObject({
		code: "invalid",
		details: { position: 0 },
	});
	await expect(views.save({ ...worst, list: "profiles", filter: "(words" }, as("ana"))).resolves.toMatchObject({
		filter: "(words",
	});
});

test("how somebody looks at a list is theirs, and survives the daemon", async () => {
	const columns = [{ id: "port", hidden: true, width: null }];
	await views.share(worst, as("ana", "operate"));
	await views.setPreferences({ list: "findings", columns, view: "worst" }, as("joe"));
	expect(views.preferences({ list: "findings" }, as("ana"))).toEqual({ columns: [], view: null });
	await settings.close();
	settings = await openSettings(join(folder, "settings.json"), { log });
	const again = viewsHandlers({ store, settings } as unknown as Services);
	expect(again.preferences({ list: "findings" }, as("joe"))).toMatchObject({ columns, view: { name: "Worst" } });
});
