/** Side by side with nmap, ssh-audit and sslscan on the same servers: the same ports, names, algorithms and ciphers. */
import { execFileSync, spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AssetDetail } from "../../protocol/model/asset.ts";
import { Household } from "../support/vedette.ts";
import { Lab } from "./processes.ts";
import { nginx, openssh, postgresql, redis, vsftpd } from "./servers.ts";

const address = "127.0.78.1";
const lab = new Lab("peers");
const household = new Household();
let seen: AssetDetail;

beforeAll(async () => {
	for (const start of [openssh, nginx, redis, vsftpd, postgresql]) await start(lab, address, true);
	await household.run(["scan", address, "--ports", "full"]);
	seen = JSON.parse(
		(await household.run(["call", "assets.get", JSON.stringify({ name: address })])).stdout,
	) as AssetDetail;
});
afterAll(async () => {
	await household.end();
	await lab.end();
});

/** The stored record of a kind on a port. */
function dataOf<T>(kind: string, port: number): T {
	const record = seen.records.find((candidate) => candidate.kind === kind && candidate.port === port);
	if (record === undefined) throw new Error(`no ${kind} record on ${port}`);
	return record.data as T;
}

test("the same ports, services, products and versions as nmap -sV", () => {
	const xml = execFileSync("nmap", ["-n", "-Pn", "-sT", "-sV", "-p-", "-oX", "-", address], {
		encoding: "utf8",
		timeout: 170_000,
	});
	const theirs = [
		...xml.matchAll(/<port protocol="tcp" portid="(\d+)"><state state="open"[^>]*\/><service name="([^"]*)"(.*?)>/g),
	].map(([, port, name, rest = ""]) => ({
		port: Number(port),
		name: name === "https" ? "http" : name,
		product: /product="([^"]*)"/.exec(rest)?.[1] ?? null,
		version: /version="([^"]*)"/.exec(rest)?.[1] ?? null,
	}));
	const ours = seen.services.filter((service) => service.protocol === "tcp");
	expect(ours.map((service) => service.port)).toEqual(theirs.map((service) => service.port));
	for (const their of theirs) {
		const our = ours.find((service) => service.port === their.port);
		expect(our?.name, `port ${their.port}`).toBe(their.name);
		if (their.name === "postgresql" || their.version === null) continue;
		// nmap writes "9.2p1 Debian 2+deb12u7" where we keep the package revision apart.
		expect(their.version.startsWith(our?.version ?? "?"), `${their.version} against ${our?.version}`).toBe(true);
	}
});

test("the same SSH algorithms and host keys as ssh-audit", () => {
	// ssh-audit ends with a number above 0 when it has something to complain of.
	const audit = JSON.parse(
		spawnSync("ssh-audit", ["-j", "-n", address], { encoding: "utf8", timeout: 60_000 }).stdout,
	) as {
		kex: { algorithm: string }[];
		enc: string[];
		mac: string[];
		key: { algorithm: string }[];
		fingerprints: { hash: string; hash_alg?: string; hostkey?: string }[];
	};
	const ours = dataOf<{
		kex: string[];
		ciphers: string[];
		macs: string[];
		hostKeyAlgorithms: string[];
		hostKeys: { fingerprint: string }[];
	}>("ssh", 22);
	const name = (entry: string | { algorithm: string }) => (typeof entry === "string" ? entry : entry.algorithm);
	expect(ours.kex).toEqual(audit.kex.map(name));
	expect(ours.ciphers).toEqual(audit.enc.map(name));
	expect(ours.macs).toEqual(audit.mac.map(name));
	expect(ours.hostKeyAlgorithms).toEqual(audit.key.map(name));
	const theirPrints = new Set(JSON.stringify(audit.fingerprints).match(/[A-Za-z0-9+/]{43}/g) ?? []);
	for (const key of ours.hostKeys) expect(theirPrints).toContain(key.fingerprint.replace(/^SHA256:/, ""));
});

test("the same TLS versions and ciphers as sslscan", () => {
	const xml = execFileSync("sslscan", ["--xml=-", "--no-colour", `${address}:443`], {
		encoding: "utf8",
		timeout: 120_000,
	});
	const theirs = new Set(
		[...xml.matchAll(/<cipher [^>]*sslversion="([^"]+)"[^>]*? id="0x([0-9A-Fa-f]+)"/g)].map(
			([, version, id]) => `${version} ${Number.parseInt(id ?? "", 16)}`,
		),
	);
	const ours = new Set(
		dataOf<{ ciphers: { version: string; id: number }[] }>("tls", 443).ciphers.map(
			(cipher) => `${cipher.version} ${cipher.id}`,
		),
	);
	expect([...ours].sort()).toEqual([...theirs].sort());
});
