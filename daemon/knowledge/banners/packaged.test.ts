/** Banners of distributions' packages, as they are seen in the wild, and the package and release each points to. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EvidenceRecord } from "../../evidence/record.ts";
import { packagedSoftware } from "./packaged.ts";
import { releaseOf } from "./release.ts";

const record = (kind: string, data: object) =>
	({
		kind,
		address: "192.0.2.1",
		port: 1,
		protocol: "tcp",
		source: "network",
		complete: true,
		observedAt: 0,
		data,
	}) as unknown as EvidenceRecord;
const http = (server: string, poweredBy?: string) => record("http", { headers: { server, "x-powered-by": poweredBy } });
const ssh = (banner: string) => record("ssh", { banner });
const told = (one: EvidenceRecord) =>
	packagedSoftware(one).map(({ distribution, sources, version, isExact, release }) => [
		distribution,
		sources[0],
		version,
		isExact,
		release,
	]);

describe("the words of a service", () => {
	it.each([
		[ssh("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"), "debian", "openssh", "9.2p1-2+deb12u3", true, "12"],
		[ssh("SSH-2.0-OpenSSH_8.4p1 Debian-5"), "debian", "openssh", "8.4p1-5", true, "11"],
		[ssh("SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.10"), "ubuntu", "openssh", "8.9p1-3ubuntu0.10", true, "22.04"],
		[ssh("SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.16"), "ubuntu", "openssh", "9.6p1-3ubuntu13.16", true, "24.04"],
		[http("Apache/2.4.62 (Debian)"), "debian", "apache2", "2.4.62", false, null],
		[http("Apache/2.4.41 (Ubuntu)"), "ubuntu", "apache2", "2.4.41", false, "20.04"],
		[http("Apache/2.4.37 (Red Hat Enterprise Linux) OpenSSL/1.1.1k"), "rhel", "apache2", "2.4.37", false, "8"],
		[http("Apache/2.4.57 (Rocky Linux)"), "rocky", "apache2", "2.4.57", false, "9"],
		[http("nginx/1.22.1 (Debian)"), "debian", "nginx", "1.22.1", false, "12"],
		[http("nginx/1.18.0 (Ubuntu)"), "ubuntu", "nginx", "1.18.0", false, null],
		[http("x", "PHP/8.1.2-1ubuntu2.14"), "ubuntu", "php8.1", "8.1.2-1ubuntu2.14", true, "22.04"],
		[http("x", "PHP/5.6.40-0+deb8u12"), "debian", "php5", "5.6.40-0+deb8u12", true, "8"],
		[
			record("ftp", { banner: "220 ProFTPD 1.3.5e Server (Debian) [::ffff:192.0.2.1]" }),
			"debian",
			"proftpd-dfsg",
			"1.3.5e",
			false,
			null,
		],
		[record("dns", { versionBind: "9.18.33-1~deb12u2-Debian" }), "debian", "bind9", "9.18.33-1~deb12u2", true, "12"],
		[
			record("dns", { versionBind: "9.18.28-0ubuntu0.22.04.1-Ubuntu" }),
			"ubuntu",
			"bind9",
			"9.18.28-0ubuntu0.22.04.1",
			true,
			"22.04",
		],
		[record("dns", { versionBind: "9.16.1-Ubuntu" }), "ubuntu", "bind9", "9.16.1", false, null],
		[record("dns", { versionBind: "9.16.23-RH" }), "rhel", "bind9", "9.16.23", false, "9"],
		[
			record("mysql", { serverVersion: "5.5.5-10.11.6-MariaDB-0+deb12u1" }),
			"debian",
			"mariadb-10.11",
			"10.11.6-0+deb12u1",
			true,
			"12",
		],
		[
			record("mysql", { serverVersion: "8.0.39-0ubuntu0.22.04.1" }),
			"ubuntu",
			"mariadb-8.0",
			"8.0.39-0ubuntu0.22.04.1",
			true,
			"22.04",
		],
	])("%j", (one, ...expected) => {
		expect(told(one)).toEqual([expected]);
	});

	it.each([
		[ssh("SSH-2.0-OpenSSH_9.2p1")],
		[ssh("SSH-2.0-OpenSSH_9.3p2 FreeBSD-20230719")],
		[http("nginx/1.25.3")],
		[http("Apache")],
		[http("x", "PHP/8.2.28-1+0~20250311.69+debian12~1.gbp1f6f9d")],
		[http("x", "PHP/8.2.28-1+ubuntu22.04.1+deb.sury.org+1")],
		[record("mysql", { serverVersion: "11.4.2-MariaDB-ubu2404" })],
		[record("telnet", { banner: "Debian GNU/Linux 12" })],
	])("that point to no distribution's package: %j", (one) => {
		expect(told(one)).toEqual([]);
	});

	it("whatever they are, end nothing", () => {
		const part = fc.constantFrom(
			"OpenSSH_",
			"9.2p1",
			" Debian-",
			"2+deb12u3",
			"Apache/",
			"(Ubuntu)",
			"-",
			"ubuntu0.22.04.1",
			"PHP/8.1.2-",
			"~",
		);
		const text = fc.oneof(
			fc.string(),
			fc.array(part, { maxLength: 60 }).map((parts) => parts.join("")),
		);
		fc.assert(
			fc.property(text, (words) => {
				for (const one of [
					ssh(words),
					http(words, words),
					record("dns", { versionBind: words }),
					record("mysql", { serverVersion: words }),
					record("ftp", { banner: words }),
				]) {
					expect(packagedSoftware(one).length).toBeLessThan(4);
				}
			}),
		);
	});
});

describe("the release", () => {
	const apache = http("Apache/2.4.62 (Debian)");
	const [software] = packagedSoftware(apache);
	const host = (records: EvidenceRecord[], system: EvidenceRecord | null = null) =>
		({ records, newest: () => system }) as never;

	it("that its own words do not tell, another service may", () => {
		if (software === undefined) throw new Error("no software");
		expect(releaseOf(software, apache, host([apache]))).toBeNull();
		const beside = ssh("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3");
		expect(releaseOf(software, apache, host([apache, beside]))).toMatchObject({
			version: "12",
			because: expect.stringContaining("ssh"),
		});
		expect(
			releaseOf(software, apache, host([apache, { ...beside, address: "192.0.2.2" } as EvidenceRecord])),
		).toBeNull();
	});

	it("a login knows better", () => {
		if (software === undefined) throw new Error("no software");
		const system = record("system", { os: { id: "debian", version: "11" } });
		expect(releaseOf(software, apache, host([apache], system))).toMatchObject({ version: "11" });
	});
});
