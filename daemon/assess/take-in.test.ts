import { describe, expect, test } from "vitest";
import type { AppError } from "../../protocol/errors.ts";
import { readContent } from "../imports/read.test-support.ts";
import type { ImportedHost } from "../imports/scan-file.ts";
import {
	type NessusOptions,
	nessusFile,
	nessusHost,
	nessusItem,
	nmapEnd,
	nmapHead,
	nmapHost,
	scannedAt,
} from "../imports/testdata/files.ts";
import { findAssetDetail, listAssets } from "../store/assets.ts";
import { readTrend } from "../store/counters.ts";
import { listRecords } from "../store/evidence.ts";
import { findingEvents, listFindings } from "../store/findings.ts";
import type { Store } from "../store/store.ts";
import { explain } from "./explain.ts";
import { ingestHost } from "./ingest.ts";
import { rejudgeOne } from "./rejudge-one.ts";
import { type TakeInOutcome, takeInHost } from "./take-in.ts";
import {
	coverageOf,
	hostRecord,
	memoryStore,
	portOf,
	redisRecord,
	sampleHost,
	sampleKnowledge,
} from "./testdata/hosts.ts";

const now = scannedAt * 1_000 + 7 * 86_400_000;
const everything = { where: { sql: "1", params: [] }, sort: null, limit: 100, cursor: null };

function takeIn(
	store: Store,
	host: ImportedHost,
	{ plugins = null, dryRun = false }: { plugins?: readonly number[] | null; dryRun?: boolean } = {},
): TakeInOutcome {
	const { hostname, startedAt, finishedAt, records, coverage, reported } = host;
	const portRange = reported?.portRange ?? null;
	const asked = {
		plugins: plugins === null ? null : new Set(plugins),
		credentialed: reported?.credentialed ?? false,
		...{ portRange, since: startedAt, target: hostname ?? host.address, metAs: null },
		asksPort: (port: number) => (portRange === "1-65535" ? true : portRange === "1-1000" ? port <= 1_000 : null),
	};
	return takeInHost(
		store,
		sampleKnowledge,
		{
			...{ scan: null, network: 1, takenInAt: now, hostname, startedAt, finishedAt, records, coverage },
			...{ signatures: reported?.signatures ?? [], ...(reported === null ? {} : { reported: asked }) },
		},
		dryRun,
	);
}

async function nmap(store: Store, host: string): Promise<TakeInOutcome> {
	const [read] = (await readContent(nmapHead + host + nmapEnd)).hosts;
	return takeIn(store, read as ImportedHost);
}

interface NessusScan extends NessusOptions {
	at?: number;
	address?: string;
}

/** `items`: plugin at port. */
async function nessus(
	store: Store,
	items: readonly (readonly [plugin: number, port: number])[],
	{ at = scannedAt, plugins = [], address = "127.0.0.9", ...how }: NessusScan = {},
) {
	const text = items.map(([plugin, port]) => nessusItem(plugin, port, "<plugin_output>seen</plugin_output>")).join("");
	const [host] = (await readContent(nessusFile(nessusHost(address, text, how, at)))).hosts;
	return takeIn(store, host as ImportedHost, { plugins });
}

const reported = (store: Store) =>
	listFindings(store.db, everything)
		.items.filter(({ signature }) => /^nessus\/(?!19506)/.test(signature))
		.map(({ signature, address, port, status }) => `${signature} ${address}:${port} ${status}`)
		.sort();

describe("nmap's XML", () => {
	test("becomes an asset with its services, as of when it was scanned, and twice changes nothing", async () => {
		const store = memoryStore(now);
		expect(await nmap(store, nmapHost("127.0.0.9"))).toMatchObject({ created: true, hasOlder: false });
		const detail = findAssetDetail(store.db, { name: "web.example.org" });
		const seen = new Date(scannedAt * 1_000).toISOString();
		expect(detail?.asset).toMatchObject({
			addresses: ["127.0.0.9"],
			openPorts: 2,
			firstSeen: seen,
			lastSeen: seen,
			lastScan: null,
		});
		expect(detail?.services.map(({ port, name, product }) => [port, name, product])).toEqual([
			[22, "ssh", "OpenSSH"],
			[80, null, null],
		]);
		expect(await nmap(store, nmapHost("127.0.0.9"))).toMatchObject({ created: false });
		expect(findAssetDetail(store.db, { name: "web.example.org" })).toEqual(detail);
	});

	test("never overwrites what was seen later", async () => {
		const store = memoryStore(now);
		const own = {
			...sampleHost("127.0.0.9", 1, now),
			records: [redisRecord("127.0.0.9", now), hostRecord("127.0.0.9", now)],
		};
		const coverage = coverageOf("127.0.0.9", [portOf(22, "closed"), portOf(6_379, "answered", ["redis"])], {
			hostKinds: ["host"],
		});
		ingestHost(store, sampleKnowledge, { ...own, coverage });
		const before = findAssetDetail(store.db, { name: "127.0.0.9" });
		const more = '<port protocol="tcp" portid="6379"><state state="closed" reason="reset"/></port>';
		expect(await nmap(store, nmapHost("127.0.0.9", "", more))).toMatchObject({ created: false, hasOlder: true });
		const after = findAssetDetail(store.db, { name: "127.0.0.9" });
		expect(after?.services.map(({ port }) => port)).toEqual([80, 6_379]);
		expect(after?.services.find(({ port }) => port === 6_379)).toEqual(before?.services[0]);
		expect(after?.asset).toMatchObject({
			id: before?.asset.id,
			lastSeen: before?.asset.lastSeen,
			os: before?.asset.os,
		});
		expect(after?.asset.findings["5"]).toBe(1);
	});

	test("proves a port closed that was open before", async () => {
		const store = memoryStore(now);
		const at = scannedAt * 1_000 - 86_400_000;
		ingestHost(store, sampleKnowledge, { ...sampleHost("127.0.0.9", 1, at), records: [redisRecord("127.0.0.9", at)] });
		const more = '<port protocol="tcp" portid="6379"><state state="closed" reason="reset"/></port>';
		const { changes } = await nmap(store, nmapHost("127.0.0.9", "", more));
		expect(changes.filter(({ change }) => change === "fixed").map(({ signature }) => signature)).toEqual([
			"redis/open",
		]);
	});

	test("does not take an address from a machine that was seen there since", async () => {
		const store = memoryStore(now);
		const mac = (value: string) => `<address addr="${value}" addrtype="mac"/>`;
		await nmap(store, nmapHost("127.0.0.9", mac("00:11:22:33:44:01"), "", scannedAt));
		const before = findAssetDetail(store.db, { name: "127.0.0.9" });
		const older = nmap(
			store,
			nmapHost("127.0.0.9", mac("00:11:22:33:44:02"), "", scannedAt - 86_400).replace(/<hostname .*\/>/, ""),
		);
		await expect(older).rejects.toMatchObject({ code: "conflict" } satisfies Partial<AppError>);
		expect(findAssetDetail(store.db, { name: "127.0.0.9" })).toEqual(before);
		expect(listAssets(store.db, { ...everything, where: null }).total).toBe(1);
	});

	test("finds the same machine again by what a script printed, at another address", async () => {
		const store = memoryStore(now);
		const key = "AAAAC3NzaC1lZDI1NTE5AAAAIJEL5T9HQ3TK4tvCWk7zNpjwdQP2kMmBOPzhrPgqUwlJ";
		const port = `<port protocol="tcp" portid="2222"><state state="open"/><script id="ssh-hostkey" output=""><table><elem key="key">${key}</elem></table></script></port>`;
		await nmap(store, nmapHost("127.0.0.9", "", port).replace(/<hostname .*\/>/, ""));
		const moved = await nmap(store, nmapHost("127.0.0.10", "", port, scannedAt + 3_600).replace(/<hostname .*\/>/, ""));
		expect(moved.created).toBe(false);
	});

	test("tried without effect changes nothing, and tells what would come of it", async () => {
		const store = memoryStore(now);
		const [host] = (await readContent(nmapHead + nmapHost("127.0.0.9") + nmapEnd)).hosts;
		expect(takeIn(store, host as ImportedHost, { dryRun: true })).toMatchObject({ created: true });
		expect(listAssets(store.db, { ...everything, where: null }).total).toBe(0);
		expect(takeIn(store, host as ImportedHost)).toMatchObject({ created: true });
	});

	test("counts in today's point of the trend, not in the past", async () => {
		const store = memoryStore(now);
		await nessus(store, [[7, 80]]);
		expect(
			readTrend(store.db, now, 30)
				.filter(({ findings }) => findings["4"] > 0)
				.map(({ day }) => day),
		).toEqual([new Date(now).toISOString().slice(0, 10)]);
	});
});

describe("what Nessus reported", () => {
	test("is a finding of its own, with its text, and says who says so", async () => {
		const store = memoryStore(now);
		await nessus(store, [[42873, 443]]);
		const [finding] = listFindings(store.db, everything).items.filter(({ signature }) => signature === "nessus/42873");
		expect(finding).toMatchObject({
			title: "Nessus: Plugin 42873 <b>",
			severity: 4,
			type: "confirmed",
			status: "NEW",
			port: 443,
		});
		expect(finding?.result).toBe("Reported by Nessus on 2023-11-14.\nseen");
		expect(finding?.firstFound).toBe(new Date(scannedAt * 1_000).toISOString());
		const why = explain(store, sampleKnowledge, { id: finding?.id });
		expect(why).toMatchObject({ verdict: "vulnerable" });
		expect(why.steps.map(({ text }) => text).join("\n")).toMatch(
			/Nessus' plugin 42873 reported it[\s\S]*seen 2023-11-14T22:13:20.000Z by/,
		);
		expect(explain(store, sampleKnowledge, { subject: "nessus/42873", asset: "127.0.0.9" }).verdict).toBe("vulnerable");
	});

	test("taken in again changes nothing, and judged again stays", async () => {
		const store = memoryStore(now);
		const { assetId } = await nessus(store, [[7, 80]], { plugins: [7] });
		const before = reported(store);
		const again = await nessus(store, [[7, 80]], { plugins: [7] });
		expect(new Set(again.changes.map(({ change }) => change))).toEqual(new Set(["found"]));
		rejudgeOne(store, sampleKnowledge, assetId ?? 0);
		expect(reported(store)).toEqual(before);
		expect(before).toEqual(["nessus/7 127.0.0.9:80 NEW"]);
	});

	test("scan A on two hosts, then B on one of them: the other's stays (DefectDojo 6783)", async () => {
		const store = memoryStore(now);
		const hour = 3_600;
		for (const address of ["127.0.0.1", "127.0.0.2"]) await nessus(store, [[7, 3306]], { plugins: [7], address });
		await nessus(store, [], { plugins: [7], address: "127.0.0.1", at: scannedAt + hour });
		expect(reported(store)).toEqual(["nessus/7 127.0.0.1:3306 FIXED", "nessus/7 127.0.0.2:3306 NEW"]);
	});

	test("is fixed only when a later scan asked the same plugin at the same port with the same access", async () => {
		const later = scannedAt + 3_600;
		const fate = async (first: NessusOptions, second: NessusScan) => {
			const store = memoryStore(now);
			await nessus(store, [[7, 3306]], { plugins: [7], ...first });
			await nessus(store, [], { at: later, ...second });
			return reported(store)[0]?.split(" ").at(-1);
		};
		expect(await fate({}, { plugins: [7, 8] })).toBe("FIXED");
		expect(await fate({}, { plugins: [8] })).toBe("NEW");
		expect(await fate({}, { plugins: null })).toBe("NEW");
		expect(await fate({}, { plugins: [7], portRange: "1-1000" })).toBe("NEW");
		expect(await fate({ portRange: "default" }, { plugins: [7], portRange: "default" })).toBe("FIXED");
		expect(await fate({ portRange: "1-65535" }, { plugins: [7], portRange: "default" })).toBe("NEW");
		expect(await fate({ credentialed: true }, { plugins: [7] })).toBe("NEW");
		expect(await fate({ credentialed: true }, { plugins: [7], credentialed: true })).toBe("FIXED");
		expect(await fate({}, { plugins: [7], at: scannedAt - 3_600 })).toBe("NEW");
		expect(await fate({}, { plugins: [7], address: "127.0.0.10" })).toBe("NEW");
	});

	test("that a subset was asked of closes nothing else, and later comes back as reopened", async () => {
		const store = memoryStore(now);
		await nessus(
			store,
			[
				[7, 80],
				[8, 80],
			],
			{ plugins: [7, 8] },
		);
		await nessus(store, [[8, 80]], { plugins: [8], at: scannedAt + 3_600 });
		expect(reported(store)).toEqual(["nessus/7 127.0.0.9:80 NEW", "nessus/8 127.0.0.9:80 ACTIVE"]);
		await nessus(store, [], { plugins: [7], at: scannedAt + 7_200 });
		await nessus(store, [[7, 80]], { plugins: [7], at: scannedAt + 10_800 });
		expect(reported(store)).toEqual(["nessus/7 127.0.0.9:80 REOPENED", "nessus/8 127.0.0.9:80 ACTIVE"]);
		const [finding] = listFindings(store.db, everything).items.filter(({ signature }) => signature === "nessus/7");
		expect(findingEvents(store.db, finding?.id ?? 0).map(({ kind }) => kind)).toEqual(["new", "fixed", "reopened"]);
	});

	test("is not disproved by what our own scan recognises there, but by a port that is closed", async () => {
		const store = memoryStore(now);
		await nessus(store, [[7, 6_379]], { plugins: [7] });
		const own = { ...sampleHost("127.0.0.9", 1, now - 60_000), records: [redisRecord("127.0.0.9", now - 60_000)] };
		ingestHost(store, sampleKnowledge, own);
		expect(reported(store)).toEqual(["nessus/7 127.0.0.9:6379 NEW"]);
		const closed = coverageOf("127.0.0.9", [portOf(6_379, "closed")]);
		ingestHost(store, sampleKnowledge, { ...own, scan: 2, finishedAt: now, records: [], coverage: closed });
		expect(reported(store)).toEqual(["nessus/7 127.0.0.9:6379 FIXED"]);
	});

	test("does not come back with an older file where our own scan proved the port closed since", async () => {
		const store = memoryStore(now);
		const closing = coverageOf("127.0.0.9", [portOf(3_306, "closed"), portOf(22, "closed")]);
		const own = { ...sampleHost("127.0.0.9", 1, now - 60_000), records: [], coverage: closing };
		await nessus(store, [[7, 3_306]], { plugins: [7] });
		await nmap(store, nmapHost("127.0.0.9"));
		ingestHost(store, sampleKnowledge, own);
		expect(reported(store)).toEqual(["nessus/7 127.0.0.9:3306 FIXED"]);
		const again = await nessus(store, [[7, 3_306]], { plugins: [7] });
		expect(again.hasOlder).toBe(true);
		expect(reported(store)).toEqual(["nessus/7 127.0.0.9:3306 FIXED"]);
		await nmap(store, nmapHost("127.0.0.9"));
		const asset = again.assetId ?? 0;
		rejudgeOne(store, sampleKnowledge, asset);
		expect(reported(store)).toEqual(["nessus/7 127.0.0.9:3306 FIXED"]);
		const places = listRecords(store.db, asset).map(({ port }) => port);
		expect(places).not.toContain(3_306);
		expect(places).not.toContain(22);
	});
});
