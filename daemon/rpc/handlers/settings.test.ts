import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Access } from "../../../protocol/define.ts";
import { defaultWeights } from "../../../protocol/model/priority.ts";
import { setting } from "../../../protocol/model/setting.ts";
import { ticketSettings } from "../../../protocol/model/ticket.ts";
import { memoryStore } from "../../assess/testdata/hosts.ts";
import { openSettings, type Settings } from "../../store/settings.ts";
import type { CallContext } from "../handler.ts";
import type { Services } from "../services.ts";
import type { SettingAreas } from "../setting-row.ts";
import { settingRows } from "../setting-rows.ts";
import { settingsHandlers } from "./settings.ts";

const log = pino({ level: "silent" });
let folder: string;
let settings: Settings;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "vedette-settings-"));
	settings = await openSettings(join(folder, "settings.json"), { log });
});
afterEach(async () => {
	await settings.close();
	rmSync(folder, { recursive: true });
});

const as = (access: Access): CallContext => ({
	...{ user: "unix:1000", uid: 1000, access, client: "test 1", signal: new AbortController().signal, log },
});

/** The methods that settings go by, kept simple: what they are called with is told, and what is set is answered. */
function open() {
	const calls: unknown[] = [];
	let tickets = ticketSettings.parse({});
	let weights = defaultWeights;
	let auto: number | null = null;
	let further = "";
	const noted =
		<P>(name: string, change: (params: P) => unknown) =>
		(params: P) => {
			calls.push([name, params]);
			return change(params);
		};
	const areas = {
		maps: { resolver: () => ({ resolver: null }) },
		exclusions: {
			fragilePorts: () => ({ always: "515", further }),
			setFragilePorts: noted("fragile", (params: { further: string }) => {
				further = params.further;
			}),
		},
		knowledge: {
			configure: noted("configure", (params: object) =>
				settings.update((data) => {
					data.updates = { ...data.updates, ...params };
				}),
			),
		},
		duplicates: {
			status: () => ({ auto }),
			auto: noted("auto", (params: { above: number | null }) => {
				auto = params.above;
			}),
		},
		priorities: {
			weights: () => ({ weights }),
			setWeights: noted("weights", (params: { weights: typeof defaultWeights }) => {
				({ weights } = params);
			}),
		},
		tickets: {
			settings: () => tickets,
			saveSettings: noted("tickets", (params: Partial<typeof tickets>) => {
				tickets = { ...tickets, ...params };
			}),
		},
		access: { setSingleOperator: noted("single", () => undefined) },
	};
	const status = () => ({ engine: { name: "raw" }, home: folder });
	const services = { store: memoryStore(), settings, status } as unknown as Services;
	return { calls, handlers: settingsHandlers(services, areas as unknown as SettingAreas) };
}

test("every setting is told with what it is, what it says and where that comes from", async () => {
	const { handlers } = open();
	const { items, total } = await handlers.list({}, as("read"));
	expect(total).toBe(settingRows.length);
	expect(new Set(items.map(({ id }) => id)).size).toBe(total);
	for (const item of items) {
		expect(setting.parse(item)).toEqual(item);
		expect(`${item.title} ${item.about} ${item.shown}`, item.id).toMatch(/\w+ .*\w/);
		expect(item.edit !== null || item.command !== null || item.source === "built-in", item.id).toBe(true);
	}
	expect(items.filter(({ source }) => source === "set")).toEqual([]);
});

test.each([
	["knowledge.every-hours", "6", "every 6 h", ["configure", { everyHours: 6 }]],
	["knowledge.old-after-days", "30", "30 days", ["configure", { oldAfterDays: 30 }]],
	["knowledge.allow-http", "Yes", "yes", ["configure", { allowHttp: true }]],
	["scans.fragile-ports", " 502,20000-20005 ", "502,20000-20005", ["fragile", { further: "502,20000-20005" }]],
	["identity.merge-above", "95", "from 95 % on", ["auto", { above: 95 }]],
	["priorities.weights", "kev=40", undefined, ["weights", { weights: { ...defaultWeights, kev: 40 } }]],
	["tickets.close-open", "no", "no", ["tickets", { closeOpen: false }]],
	["tickets.sla-5", "10,7,5,3,1", "10, 7, 5, 3, 1", ["tickets", { sla: { 5: [10, 7, 5, 3, 1] } }]],
] as const)("%s is set to %s by its own method, and empty is the default again", async (id, value, shown, call) => {
	const { handlers, calls } = open();
	const before = (await handlers.list({}, as("read"))).items.find((one) => one.id === id);
	const set = await handlers.set({ id, value, reason: "" }, as("admin"));
	expect(set).toMatchObject({ id, source: "set", ...(shown === undefined ? {} : { shown }) });
	expect(calls[0]).toMatchObject(call as unknown as object);
	expect(await handlers.set({ id, value: "", reason: "" }, as("admin"))).toEqual(before);
});

test("bad values, unknown names and missing access are refused with what to do, and change nothing", async () => {
	const { handlers, calls } = open();
	const set = (id: string, value: string, access: Access = "admin") =>
		handlers.set({ id, value, reason: "" }, as(access));
	await expect(set("knowledge.every-hours", "often")).rejects.toThrow(/no whole number of hours/);
	await expect(set("knowledge.every-hours", "0")).rejects.toThrow(/everyHours/);
	await expect(set("knowledge.allow-http", "perhaps")).rejects.toThrow(/neither yes nor no/);
	await expect(set("identity.merge-above", "20")).rejects.toThrow(/above/);
	await expect(set("priorities.weights", "luck=9")).rejects.toThrow(/no factor/);
	await expect(set("tickets.sla-5", "1,2")).rejects.toMatchObject({ code: "invalid" });
	await expect(set("tickets.close-open", "no", "operate")).rejects.toMatchObject({ code: "forbidden" });
	await expect(set("purges.undo", "90")).rejects.toMatchObject({ code: "conflict" });
	await expect(set("knowledge.every-hour", "6")).rejects.toMatchObject({ hint: "Did you mean knowledge.every-hours?" });
	expect(calls).toEqual([]);
});

test("what wants a reason hands it on", async () => {
	const { handlers, calls } = open();
	await handlers.set({ id: "access.single-operator", value: "yes", reason: "alone here" }, as("admin"));
	expect(calls).toEqual([["single", { on: true, reason: "alone here" }]]);
});
