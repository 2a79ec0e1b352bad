/** Real servers, careless on one address and careful on another: every open port, the expected findings, and no others. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AssetDetail } from "../../protocol/model/asset.ts";
import type { Finding } from "../../protocol/model/finding.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { Household } from "../support/vedette.ts";
import { Lab } from "./processes.ts";
import { nginx, openssh, postgresql, redis, vsftpd } from "./servers.ts";

const careless = "127.0.77.1";
const careful = "127.0.77.2";
const lab = new Lab("findings");
const household = new Household();
let scan: Scan;
let found: Finding[];

beforeAll(async () => {
	for (const start of [openssh, nginx, redis, vsftpd, postgresql]) {
		await start(lab, careless, true);
		await start(lab, careful, false);
	}
	const report = await household.json<{ scan: Scan; items: Finding[] }>("scan", careless, careful, "--ports", "full");
	scan = report.scan;
	found = report.items;
});
afterAll(async () => {
	await household.end();
	await lab.end();
});

const signaturesOn = (address: string) =>
	[...new Set(found.filter((item) => item.address === address).map((item) => item.signature))].sort();

test("the scan finishes whole and sees every open port, named by what answers", async () => {
	expect(scan.status).toBe("finished");
	for (const address of [careless, careful]) {
		const { services } = JSON.parse(
			(await household.run(["call", "assets.get", JSON.stringify({ name: address })])).stdout,
		) as AssetDetail;
		const seen = services
			.filter((service) => service.protocol === "tcp")
			.map((service) => `${service.port} ${service.name}${service.tls ? " tls" : ""}`);
		expect(seen).toEqual(["21 ftp", "22 ssh", "80 http", "443 http tls", "5432 postgresql", "6379 redis"]);
	}
});

test("the careless host has every weakness it was given", () => {
	const signatures = signaturesOn(careless);
	for (const id of expectedOnCareless) expect(signatures, id).toContain(id);
});

test("the careful host has only what is true of it: certificates of its own making, and databases that can be reached", () => {
	expect(signaturesOn(careful)).toEqual(trueOfCareful);
});

/** Each stands for something servers.ts configures. */
const expectedOnCareless = [
	"certificate/expired",
	"certificate/self-signed",
	"ftp/anonymous-login",
	"ftp/cleartext-login",
	"http/exposed-env",
	"http/exposed-git",
	"http/missing-hsts",
	"postgresql/trust-authentication",
	"redis/no-password",
	"ssh/3des-cipher",
	"ssh/cbc-ciphers",
	"ssh/kex-1024-bit",
	"ssh/kex-sha1",
	"ssh/rsa-host-key-short",
	"ssh/weak-macs",
	"tls/anonymous-ciphers",
	"tls/tls-1-0",
	"tls/tls-1-1",
];
const trueOfCareful = ["certificate/self-signed"];
