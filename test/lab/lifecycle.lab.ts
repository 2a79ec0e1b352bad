/** Real servers mended and broken again: their findings become FIXED and then REOPENED, and nobody else's change. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "../../protocol/model/finding.ts";
import { Household } from "../support/vedette.ts";
import { Lab, type Server } from "./processes.ts";
import { nginx, redis, vsftpd } from "./servers.ts";

const address = "127.0.79.1";
const ports = "21,80,443,6379";
const household = new Household();
const starters = { redis, nginx, vsftpd };
type Name = keyof typeof starters;
const running = new Map<Name, { lab: Lab; server: Server }>();

async function put(name: Name, careless: boolean): Promise<void> {
	await take(name);
	const lab = new Lab(`life-${name}`);
	running.set(name, { lab, server: await starters[name](lab, address, careless) });
}

async function take(name: Name): Promise<void> {
	await running.get(name)?.lab.end();
	running.delete(name);
}

beforeAll(async () => {
	for (const name of Object.keys(starters) as Name[]) await put(name, true);
});
afterAll(async () => {
	await household.end();
	for (const name of [...running.keys()]) await take(name);
});

async function statusAfterScan(): Promise<(signature: string) => string | null> {
	const outcome = await household.run(["scan", address, "--ports", ports]);
	expect(outcome.code, outcome.stderr).toBe(0);
	const { items } = await household.json<{ items: Finding[] }>("findings", "status:[NEW,ACTIVE,FIXED,REOPENED]");
	return (signature) => items.find((item) => item.signature === signature)?.status ?? null;
}

const watched = ["redis/no-password", "ftp/anonymous-login", "tls/tls-1-0", "certificate/expired", "http/exposed-git"];

test("what was mended is FIXED, what was broken again is REOPENED, what nobody touched stays", async () => {
	const first = await statusAfterScan();
	expect(watched.map(first)).toEqual(watched.map(() => "NEW"));

	await put("redis", false);
	await put("nginx", false);
	const mended = await statusAfterScan();
	expect(watched.map(mended)).toEqual(["FIXED", "ACTIVE", "FIXED", "FIXED", "FIXED"]);

	await put("redis", true);
	await put("nginx", true);
	const broken = await statusAfterScan();
	expect(watched.map(broken)).toEqual(["REOPENED", "ACTIVE", "REOPENED", "REOPENED", "REOPENED"]);

	await take("vsftpd");
	const gone = await statusAfterScan();
	expect(watched.map(gone), "a port proved closed closes what was on it").toEqual([
		"ACTIVE",
		"FIXED",
		"ACTIVE",
		"ACTIVE",
		"ACTIVE",
	]);
});
