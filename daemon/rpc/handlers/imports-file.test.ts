import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { memoryStore, sampleKnowledge } from "../../assess/testdata/hosts.ts";
import { type Bulletin, Hub } from "../../hub.ts";
import {
	nessusFile,
	nessusHost,
	nessusItem,
	nmapEnd,
	nmapHead,
	nmapHost,
	scannedAt,
} from "../../imports/testdata/files.ts";
import { listAssets } from "../../store/assets.ts";
import { listAudit } from "../../store/audit.ts";
import { savePerson } from "../../store/people.ts";
import type { Store } from "../../store/store.ts";
import { isoOf } from "../../store/time.ts";
import { openAuditTrail } from "../audit-trail.ts";
import type { CallContext } from "../handler.ts";
import { recentActivity } from "../recent-activity.ts";
import type { Services } from "../services.ts";
import { importFileHandlers } from "./imports-file.ts";

const log = pino({ level: "silent" });
let folder: string;
let store: Store;
let services: Services;
let handlers: ReturnType<typeof importFileHandlers>;
let told: Bulletin[];

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-imports-"));
	store = memoryStore(1_800_000_000_000);
	told = [];
	const hub = new Hub();
	hub.listen((bulletin) => told.push(bulletin));
	const audit = openAuditTrail(store, log);
	services = {
		...{ store, hub, audit, knowledge: () => sampleKnowledge, startedAt: isoOf(store.clock.now()) },
		...{ updater: { progress: null }, library: { importing: null }, duplicates: { status: () => ({}) } },
	} as unknown as Services;
	handlers = importFileHandlers(services);
});
afterEach(() => {
	store.close();
	rmSync(folder, { recursive: true });
});

const context: CallContext = {
	...{ user: "unix:1001", uid: 1001, access: "operate", client: "test 1" },
	...{ signal: new AbortController().signal, log },
};
function place(content: string): string {
	const path = join(folder, "file");
	writeFileSync(path, content);
	return path;
}
const takeIn = async (content: string, dryRun = false) => handlers.file({ path: place(content), dryRun }, context);
const assets = () => listAssets(store.db, { where: null, sort: null, limit: 100, cursor: null }).total;
const hosts = (count: number) => Array.from({ length: count }, (_, n) => nmapHost(`127.0.1.${n + 1}`)).join("");

describe("a scanner's file", () => {
	test("is taken in, told of by name and logged", async () => {
		savePerson(store.db, { identity: "unix:1001", name: "ana" });
		const outcome = await takeIn(nmapHead + hosts(3) + nmapEnd);
		expect(outcome).toMatchObject({
			...{ format: "nmap", scanner: "nmap 7.94", hosts: 3, new: 3, openPorts: 6, cut: null, notes: [] },
			...{ refused: { hosts: 0, first: [] }, scannedAt: { to: "2023-11-14T22:13:20.000Z" } },
		});
		expect(assets()).toBe(3);
		const notices = told.flatMap((bulletin) => (bulletin.kind === "import" ? [bulletin.notice] : []));
		expect(notices.map(({ state, text }) => [state, text])).toEqual([
			["begun", "ana takes in file"],
			["ended", "file is taken in: 3 hosts, 3 new; 0 new findings"],
		]);
		expect(told.map(({ kind }) => kind)).toContain("inventory-changed");
		const actions = listAudit(store.db, { where: null, sort: null, limit: 10, cursor: null }).items;
		expect(actions.map(({ action }) => action).sort()).toEqual(["imports.file", "imports.file-begun"]);
	});

	test("tried without effect leaves nothing behind, in the log neither", async () => {
		expect(await takeIn(nmapHead + hosts(3) + nmapEnd, true)).toMatchObject({ hosts: 3, new: 3 });
		expect(assets()).toBe(0);
		expect(told).toEqual([]);
		expect(listAudit(store.db, { where: null, sort: null, limit: 10, cursor: null }).items).toEqual([]);
	});

	test("that is cut gives all whole hosts, and says where it ends", async () => {
		const outcome = await takeIn(nmapHead + hosts(3) + nmapHost("127.0.2.1").slice(0, 300));
		expect(outcome).toMatchObject({ hosts: 3, cut: "ends before </nmaprun>" });
		expect(assets()).toBe(3);
	});

	test("with hosts that cannot be taken in says which, and why", async () => {
		const nowhere = '<host><status state="up"/></host>';
		const down = '<host><status state="down"/><address addr="127.0.0.1" addrtype="ipv4"/></host>';
		expect(await takeIn(nmapHead + nowhere + down + hosts(1) + nmapEnd)).toMatchObject({
			...{ hosts: 1, down: 1 },
			refused: { hosts: 1, first: [{ host: "a host without a name", why: "the file has no address of it" }] },
		});
		const last = told.findLast((bulletin) => bulletin.kind === "import");
		expect(last?.kind === "import" && last.notice.text).toBe(
			"file is taken in: 1 host, 1 new, 1 left out; 0 new findings",
		);
	});

	test("of Nessus that does not say which plugins ran closes nothing, and says so", async () => {
		const outcome = await takeIn(nessusFile(nessusHost("127.0.0.9", nessusItem(7))));
		// What the scanner tells about itself is no weakness.
		expect(outcome).toMatchObject({
			format: "nessus",
			hosts: 1,
			findings: { new: 1, again: 0, fixed: 0, information: 2 },
		});
		expect(outcome.notes).toEqual([
			"The file does not say which plugins ran: what it does not report is not taken to be over.",
		]);
	});

	test("of Nessus closes nothing on a host whose scan did not end, makes no asset of a dead one, and says so", async () => {
		const plugins = [7, 10_180, 19_506];
		await takeIn(nessusFile(nessusHost("127.0.0.9", nessusItem(7)), { plugins }));
		const later = nessusHost("127.0.0.9", "", {}, scannedAt + 3_600);
		const output = "<plugin_output>The remote host (127.0.0.8) is considered as dead - not scanning</plugin_output>";
		const dead = nessusHost("127.0.0.8", nessusItem(10_180, 0, output, 0));
		const unfinished = later.replaceAll("19506", "10180");
		const outcome = await takeIn(nessusFile(unfinished + dead, { plugins }));
		expect(outcome).toMatchObject({ hosts: 1, down: 1, findings: { fixed: 0 } });
		expect(outcome.notes).toEqual([expect.stringContaining("1 host whose scan did not end")]);
		expect(assets()).toBe(1);
		const ended = nessusHost("127.0.0.9", "", {}, scannedAt + 7_200);
		expect(await takeIn(nessusFile(ended, { plugins }))).toMatchObject({ findings: { fixed: 1 }, notes: [] });
		expect(await takeIn(nessusFile(ended, { plugins })), "again").toMatchObject({
			findings: { new: 0, again: 0, fixed: 0 },
		});
	});

	test("of Nessus closes nothing on a host that the file is damaged in, and says so", async () => {
		const plugins = [7, 8, 19_506];
		const at = (hours: number, items: string) => nessusHost("127.0.0.9", items, {}, scannedAt + hours * 3_600);
		await takeIn(nessusFile(at(0, nessusItem(7) + nessusItem(8)), { plugins }));
		const torn = at(1, nessusItem(8)).replace("<synopsis>Something is weak.</synopsis>", "\0".repeat(40));
		const outcome = await takeIn(nessusFile(torn, { plugins }));
		expect(outcome).toMatchObject({ hosts: 1, findings: { again: 1, fixed: 0 } });
		expect(outcome.notes).toContain("1 host in which the file is damaged: what is not reported there is not over.");
		expect(await takeIn(nessusFile(at(2, nessusItem(8)), { plugins }))).toMatchObject({ findings: { fixed: 1 } });
	});

	test("of Nessus with a piece missing between two outputs closes nothing there, and says so", async () => {
		const plugins = [7, 8, 19_506];
		const [seven, eight] = ["an Apache of long ago, as it says", "a certificate that ended in the year before"].map(
			(words, index) => nessusItem(7 + index, 443, `<plugin_output>There is ${words}.</plugin_output>`),
		);
		const at = (hours: number, items: string) =>
			nessusFile(nessusHost("127.0.0.9", items, {}, scannedAt + hours * 3_600), { plugins });
		await takeIn(at(0, `${seven}${eight}`));
		const whole = at(1, `${seven}${eight}`);
		const missing = whole.slice(0, whole.indexOf("Apache of")) + whole.slice(whole.indexOf("that ended in"));
		const outcome = await takeIn(missing);
		expect(outcome).toMatchObject({ hosts: 1, findings: { again: 1, fixed: 0 } });
		expect(outcome.notes).toEqual([expect.stringMatching(/^1 host of which a report now ends as another one did/)]);
		expect(await takeIn(at(2, `${seven}`))).toMatchObject({ findings: { fixed: 1 }, notes: [] });
	});

	test("of Nessus in which an address is under two names adds up what is reported of both, each time it is taken in", async () => {
		const plugins = [7, 8, 9, 19_506];
		const local = (at: number) =>
			new Date(at * 1_000).toUTCString().replace(/^(\w+), 0?(\d+) (\w+) (\d+) (.*) GMT/, "$1 $3 $2 $5 $4");
		// The scanner's clock is two hours ahead, and the whole scan began before either of them.
		const under = (name: string, plugin: number, from: number) =>
			nessusHost("127.0.0.9", nessusItem(plugin) + nessusItem(9), {}, scannedAt + from)
				.replace('ReportHost name="127.0.0.9"', `ReportHost name="${name}.example.org"`)
				.replace(
					"</HostProperties>",
					`<tag name="HOST_START">${local(scannedAt + from - 600 + 7_200)}</tag></HostProperties>`,
				)
				.replace(
					"Credentialed checks",
					`Scan Start Date : ${from < 86_400 ? "2023/11/14" : "2023/11/21"} 23:40\nCredentialed checks`,
				);
		for (const [one, other] of [
			[0, 30],
			[700, 60],
		] as const) {
			const file = nessusFile(under("shop", 7, one) + under("mail", 8, other), { plugins });
			expect(await takeIn(file)).toMatchObject({ hosts: 2, findings: { fixed: 0 } });
			expect(await takeIn(file)).toMatchObject({ hosts: 2, findings: { new: 0, fixed: 0 } });
		}
		const week = 7 * 86_400;
		const next = nessusFile(under("shop", 7, week) + under("mail", 9, week), { plugins });
		expect(await takeIn(next)).toMatchObject({ findings: { new: 0, again: 3, fixed: 1 } });
		// By its address alone nobody asked what is under a name.
		const later = nessusFile(nessusHost("127.0.0.9", "", {}, scannedAt + 2 * week), { plugins });
		expect(await takeIn(later)).toMatchObject({ findings: { fixed: 0 } });
	});

	test("of Nessus with hosts scanned at different times closes what is over on each", async () => {
		const plugins = [7, 8, 19_506];
		const [seven, eight] = [nessusItem(7), nessusItem(8)];
		const day = 86_400;
		await takeIn(nessusFile(nessusHost("127.0.0.9", seven + eight), { plugins }));
		const older = nessusHost("127.0.0.8", seven, {}, scannedAt - 30 * day);
		const newer = nessusHost("127.0.0.9", eight, {}, scannedAt + day);
		expect(await takeIn(nessusFile(older + newer, { plugins }))).toMatchObject({
			findings: { new: 1, again: 1, fixed: 1 },
		});
	});

	test("of Nessus in which an address is under two names is not damaged for what each name prints of itself", async () => {
		const plugins = [7, 8, 19_506];
		const under = (name: string, found: readonly number[], from: number) => {
			const output = `<plugin_output>Listed is https://${name}.example.org/downloads/</plugin_output>`;
			const items = found.map((plugin) => nessusItem(plugin, 443, output.replace("Listed", `Listed by ${plugin}`)));
			return nessusHost("127.0.0.9", items.join(""), {}, scannedAt + from).replace(
				'ReportHost name="127.0.0.9"',
				`ReportHost name="${name}.example.org"`,
			);
		};
		const at = (from: number, shop: readonly number[]) =>
			nessusFile(under("shop", shop, from) + under("mail", [8], from + 60), { plugins });
		expect(await takeIn(at(0, [7, 8]))).toMatchObject({ findings: { new: 2 }, notes: [] });
		expect(await takeIn(at(7_200, [8]))).toMatchObject({ findings: { fixed: 1 }, notes: [] });
	});

	test("of Nessus in which an address is under two names has both, whichever of them ended first", async () => {
		const plugins = [7, 8, 19_506];
		const under = (name: string, plugin: number, from: number) =>
			nessusHost("127.0.0.9", nessusItem(plugin), {}, scannedAt + from).replace(
				'ReportHost name="127.0.0.9"',
				`ReportHost name="${name}.example.org"`,
			);
		const file = nessusFile(under("shop", 7, 300) + under("mail", 8, 0), { plugins });
		expect(await takeIn(file)).toMatchObject({ hosts: 2, older: 0, findings: { new: 2, again: 0, fixed: 0 } });
		expect(await takeIn(file)).toMatchObject({ findings: { new: 0, fixed: 0 } });
		const later = nessusFile(under("shop", 7, 7_200) + under("mail", 9, 7_000), { plugins: [...plugins, 9] });
		expect(await takeIn(later)).toMatchObject({ findings: { new: 1, again: 1, fixed: 1 } });
	});

	test("is activity with its progress while it is taken in, and once it is done", async () => {
		const activity = () =>
			recentActivity(services, 10).items.map(({ kind, state, by, progress }) => ({ kind, state, by, progress }));
		const running = handlers.file({ path: place(nmapHead + hosts(200) + nmapEnd), dryRun: false }, context);
		const its = { kind: "import", by: "unix:1001" };
		expect(activity()).toEqual([{ ...its, state: "running", progress: 0 }]);
		while ((await handlers.status({}, context)).running?.hosts === 0) await new Promise(setImmediate);
		expect(activity()).toEqual([{ ...its, state: "running", progress: expect.any(Number) }]);
		expect(recentActivity(services, 10).items[0]?.note).toMatch(/^\d+ hosts? so far, \d+ of them new$/);
		await running;
		expect(activity()).toEqual([{ ...its, state: "done", progress: null }]);
	});

	test("that is stopped keeps what was taken in, and another may begin", async () => {
		const path = place(nmapHead + hosts(200) + nmapEnd);
		const running = handlers.file({ path, dryRun: false }, context);
		await expect(handlers.file({ path, dryRun: false }, context)).rejects.toMatchObject({ code: "busy" });
		while ((await handlers.status({}, context)).running?.hosts === 0) await new Promise(setImmediate);
		expect(await handlers.stop({}, context)).toEqual({ stopped: true });
		const outcome = await running;
		expect(outcome.cut).toMatch(/^was read up to byte \d+ of \d+: it was stopped$/);
		expect(outcome.hosts).toBeGreaterThan(0);
		expect(assets()).toBe(outcome.hosts);
		expect(await handlers.status({}, context)).toEqual({ running: null });
		expect(await handlers.stop({}, context)).toEqual({ stopped: false });
		expect(await takeIn(nmapHead + hosts(1) + nmapEnd)).toMatchObject({ hosts: 1, new: 0 });
	});

	test("that is none is refused in words", async () => {
		const file = (path: string) => handlers.file({ path, dryRun: false }, context);
		await expect(file(join(folder, "none"))).rejects.toThrow(/There is no file/);
		await expect(file(folder)).rejects.toThrow(/is not a file/);
		await expect(takeIn("hello")).rejects.toMatchObject({
			code: "invalid",
			message: expect.stringMatching(/neither nmap/),
		});
		await expect(file("file")).rejects.toThrow(/not an absolute path/);
		expect(await handlers.status({}, context)).toEqual({ running: null });
	});
});
