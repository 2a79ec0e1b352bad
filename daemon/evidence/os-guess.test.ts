import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { guessOs } from "./os-guess.ts";
import type { EvidenceRecord, Kind } from "./record.ts";

const place = {
	address: "127.0.0.1",
	port: 1,
	protocol: "tcp",
	source: "network",
	complete: true,
	observedAt: 0,
} as const;
const unnamed = { product: null, version: null, info: null };

/** Only the fields the guess reads; the rest of a record does not matter to it. */
function record(kind: Kind, data: Record<string, unknown>): EvidenceRecord {
	return { ...place, kind, data: { headers: {}, protocols: [], ...unnamed, ...data } } as unknown as EvidenceRecord;
}
const ssh = (banner: string) => record("ssh", { banner });
const http = (server: string) => record("http", { headers: { server } });

describe("one service", () => {
	test.each([
		["Debian 12", ssh("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3")],
		["Debian 11", ssh("SSH-2.0-OpenSSH_8.4p1 Debian-5+deb11u3")],
		["Debian 13", ssh("SSH-2.0-OpenSSH_10.0p1 Debian-7")],
		["Debian", ssh("SSH-2.0-OpenSSH_9.9p2 Debian-1")],
		["Ubuntu 22.04", ssh("SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.10")],
		["Ubuntu 24.04", ssh("SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5")],
		["Debian 12", record("mysql", { serverVersion: "5.5.5-10.11.6-MariaDB-0+deb12u1" })],
		["Ubuntu 22.04", record("mysql", { serverVersion: "8.0.39-0ubuntu0.22.04.1" })],
		["Ubuntu 20.04", record("mysql", { serverVersion: "10.6.12-MariaDB-1:10.6.12+maria~ubu2004" })],
		["Red Hat Enterprise Linux family 9", record("redis", { os: "Linux 5.14.0-362.8.1.el9_3.x86_64 x86_64" })],
		["Alpine Linux", http("Apache/2.4.58 (Alpine)")],
		["Ubuntu", http("nginx/1.18.0 (Ubuntu)")],
		["CentOS", http("Apache/2.4.6 (CentOS) OpenSSL/1.0.2k-fips")],
		["FreeBSD", ssh("SSH-2.0-OpenSSH_9.6 FreeBSD-20240701")],
		["FreeBSD 13.2", record("snmp", { sysDescr: "FreeBSD 13.2-RELEASE amd64" })],
		["Windows Server 2016 or newer", http("Microsoft-IIS/10.0")],
		["Windows", ssh("SSH-2.0-OpenSSH_for_Windows_8.1")],
		["Windows", record("rdp", { protocols: ["tls", "hybrid"] })],
		["Cisco IOS", ssh("SSH-2.0-Cisco-1.25")],
		["Cisco IOS", record("snmp", { sysDescr: "Cisco IOS Software, C2960 Software, Version 15.0(2)SE" })],
		["RouterOS", ssh("SSH-2.0-ROSSSH")],
		["Linux 6.1", record("snmp", { sysDescr: "Linux box 6.1.0-25-amd64 #1 SMP" })],
		["Unix", record("ftp", { system: "215 UNIX Type: L8", banner: "220 ready" })],
	])("%s", (name, one) => expect(guessOs([one])?.name).toBe(name));
});

test("says on what it rests", () => {
	const told = guessOs([{ ...ssh("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"), port: 22 }]);
	expect(told).toEqual({ name: "Debian 12", basis: 'ssh on port 22 says "+deb12u3"', confidence: 0.95 });
});

test("services that agree make it surer, the exact name wins over the general", () => {
	const told = guessOs([
		http("Apache/2.4.62 (Debian)"),
		ssh("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"),
		ssh("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3x"),
	]);
	expect(told?.name).toBe("Debian 12");
	expect(told?.confidence).toBeGreaterThanOrEqual(0.95);
});

test("nothing said, nothing guessed", () => {
	expect(guessOs([])).toBeNull();
	expect(guessOs([ssh("SSH-2.0-OpenSSH_9.2"), http("nginx"), record("redis", { os: null })])).toBeNull();
});

test("no bytes make it throw or take long", () => {
	const text = fc.oneof(
		fc.string({ unit: "binary", maxLength: 2000 }),
		fc.constantFrom("Linux ".repeat(500), "OpenSSH_1 Debian-".repeat(200), "+deb".repeat(500), "-el".repeat(500)),
	);
	fc.assert(
		fc.property(text, text, (a, b) => {
			const told = guessOs([ssh(a), http(b), record("snmp", { sysDescr: a }), record("ftp", { system: b, banner: a })]);
			expect(told === null || (told.confidence > 0 && told.confidence < 1 && told.name.length < 600)).toBe(true);
		}),
		{ numRuns: 2000 },
	);
});
