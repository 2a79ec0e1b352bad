import { describe, expect, test } from "vitest";
import { namesDistribution, supportEnd } from "./support-end.ts";

const cycles = { "1.10": "2017-04-12", "1.1": "2010-01-01", "1.26": "2025-04-23", "1.30": "", "1.31": "" };

describe("end of support", () => {
	test.each([
		["1.10.3", "2017-04-12"],
		["1.1.9", "2010-01-01"],
		["1.26.0", "2025-04-23"],
		["1.30.1", ""],
		["1.31", ""],
	])("%s belongs to its own cycle", (version, end) => {
		expect(supportEnd(version, cycles)).toBe(end);
	});

	test("a version between cycles takes the next newer one, an older one the oldest", () => {
		expect(supportEnd("1.17.4", cycles)).toBe("2025-04-23");
		expect(supportEnd("0.8.54", cycles)).toBe("2010-01-01");
	});

	test("nothing is said of a version that is newer than the table, or just before an open cycle", () => {
		expect(() => supportEnd("2.0", cycles)).toThrow(/no date/);
		expect(() => supportEnd("1.29.1", cycles)).toThrow(/no date/);
	});
});

test.each([
	"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3",
	"Apache/2.4.6 (CentOS) OpenSSL/1.0.2k-fips",
	"PHP/8.1.2-1ubuntu2.14",
	"5.5.5-10.11.6-MariaDB-0+deb12u1",
	"9.11.4-P2-RedHat-9.11.4-26.P2.el7",
	"SSH-2.0-OpenSSH_9.6 FreeBSD-20240701",
])("%s names a distribution", (banner) => {
	expect(namesDistribution(banner)).toBe(true);
});

test.each([
	"SSH-2.0-OpenSSH_9.3p2",
	"Apache/2.4.54 (Win64) OpenSSL/1.1.1p PHP/8.1.10",
	"Apache/2.4.51 (Unix)",
	"5.5.5-10.4.34-MariaDB-1:10.4.34+maria~ubu2004",
	"220 ProFTPD 1.3.5 Server (files) [192.0.2.1]",
])("%s does not", (banner) => {
	expect(namesDistribution(banner)).toBe(false);
});
