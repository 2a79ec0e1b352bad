/** A machine that fights back on every port: the scan ends in time, the daemon keeps its size, nothing raw leaks out. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveHome } from "../../protocol/home.ts";
import * as assets from "../../protocol/methods/assets.ts";
import * as daemonMethods from "../../protocol/methods/daemon.ts";
import * as findings from "../../protocol/methods/findings.ts";
import * as scans from "../../protocol/methods/scans.ts";
import { type Ear, type FakeService, fakeRedis, listenIn, serve } from "../support/fake-host.ts";
import { isOver, until } from "../support/follow.ts";
import { behaviours } from "../support/hostile-host.ts";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
const hostile = "127.0.99.1";
const honest = "127.0.99.3";
const services: FakeService[] = [];
/** Ports whose numbers make a probe expect its own protocol there. */
const expected: Record<string, number> = {
	"a byte at a time, then SSH": 22,
	"an SSH packet of four gigabytes": 2222,
	"SMTP that goes on": 25,
	"a gzip bomb": 80,
	"TLS certificates without end": 443,
	"TLS garbage": 8443,
	"a MySQL packet that is all length": 3306,
	"a Redis answer of a gigabyte": 6379,
	"an LDAP length of all ones": 389,
	"a MongoDB document without end": 27017,
	"IMAP literals of a gigabyte": 143,
	"telnet options without end": 23,
	"format strings in FTP": 21,
};
const portOf = new Map<string, number>();
let elsewhere: Ear;

beforeAll(async () => {
	let port = 20_001;
	for (const [name, behave] of Object.entries(behaviours)) {
		const wanted = expected[name] ?? port++;
		// A low port needs privileges where the system has not given them up; any other will do.
		const service = await serve(hostile, wanted, behave).catch(() => serve(hostile, port++, behave));
		portOf.set(name, service.port);
		services.push(service);
	}
	services.push(await serve(honest, 6379, fakeRedis({ password: () => false })));
	elsewhere = await listenIn("127.0.99.2", 7777);
	services.push(elsewhere);
});
afterAll(async () => {
	await household.end();
	for (const service of services) await service.close();
});

const megabyte = 1024 * 1024;

test(`${Object.keys(behaviours).length} hostile services at once`, async () => {
	const { client, child, stderr } = await household.daemon();
	let most = 0;
	const rss = async () => {
		const { rssBytes } = await client.call(daemonMethods.status, {});
		most = Math.max(most, rssBytes);
		return rssBytes;
	};
	const scan = async (targets: string[], ports: string) => {
		const { id } = await client.call(scans.start, { targets, ports });
		return until(client, id, isOver, 250_000);
	};
	// Everything is loaded and has run once before its size is taken.
	await scan([honest], "6379");
	const before = await rss();
	const watching = setInterval(() => void rss().catch(() => undefined), 100);
	const over = await scan([hostile, honest], [...portOf.values(), 6379].join());
	clearInterval(watching);
	await rss();

	expect(over).toMatchObject({ status: "finished", hosts: { total: 2, alive: 2, dead: 0, done: 2 } });
	expect(over.openPorts).toBe(portOf.size + 1);
	expect((most - before) / megabyte).toBeLessThan(64);
	expect(elsewhere.heard.accepts, "a redirect to another machine is not followed").toBe(0);

	const log = stderr();
	expect(log).not.toMatch(/probe worker/);
	expect(log, "no control character but the end of a line").not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
	const { items } = await client.call(findings.list, { filter: "signature:redis/no-password", limit: 100 });
	expect(items.map((item) => item.address)).toContain(honest);
	await client.call(assets.get, { name: hostile });
	await ended(child, "SIGTERM");

	const { storePath, logDir } = resolveHome(household.env);
	const db = new DatabaseSync(storePath, { readOnly: true });
	const largest = db.prepare("SELECT max(length(data)) AS n, sum(length(data)) AS all_of_them FROM body").get();
	db.close();
	expect(Number(largest?.n)).toBeLessThan(1 * megabyte);
	expect(Number(largest?.all_of_them)).toBeLessThan(8 * megabyte);
	for (const name of readdirSync(logDir)) expect(readFileSync(join(logDir, name), "latin1")).not.toContain("\u001b");
});
