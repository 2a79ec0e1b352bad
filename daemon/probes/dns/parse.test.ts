import { readFileSync } from "node:fs";
import { decode } from "dns-packet";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foreignQuery, looksLikeDns, parseAnswer, versionQuery } from "./parse.ts";
import { splitVersionBind } from "./software.ts";

const captured = (name: string) => readFileSync(new URL(`testdata/${name}.bin`, import.meta.url));
const captures = [
	"bind-9.18.version",
	"bind-9.18.foreign",
	"bind-9.18.refused",
	"dnsmasq-2.90.version",
	"unbound-1.17.foreign",
];

describe("questions", () => {
	test("read back as what they are", () => {
		expect(decode(versionQuery(7))).toMatchObject({
			id: 7,
			type: "query",
			flag_rd: false,
			questions: [{ name: "version.bind", type: "TXT", class: "CH" }],
		});
		expect(decode(foreignQuery(8))).toMatchObject({
			flag_rd: true,
			questions: [{ name: "vedette-check.invalid", type: "A", class: "IN" }],
		});
	});
});

describe("captured answers", () => {
	test("BIND tells its version, dnsmasq and Unbound theirs", () => {
		expect(parseAnswer(captured("bind-9.18.version"))?.texts).toEqual(["9.18.49-1~deb12u3-Debian"]);
		expect(parseAnswer(captured("dnsmasq-2.90.version"))?.texts).toEqual(["dnsmasq-2.90"]);
		expect(parseAnswer(captured("unbound-1.17.version"))?.texts).toEqual(["unbound 1.17.1"]);
	});

	test("a resolver and one that refuses", () => {
		const resolver = { id: 0x1234, rcode: "NXDOMAIN", authoritative: true, recursionAvailable: true, texts: [] };
		expect(parseAnswer(captured("bind-9.18.foreign"))).toEqual(resolver);
		expect(parseAnswer(captured("unbound-1.17.foreign"))).toEqual(resolver);
		expect(parseAnswer(captured("bind-9.18.refused"))).toMatchObject({ rcode: "REFUSED", recursionAvailable: false });
	});

	test("are recognised; a question is no answer", () => {
		for (const name of captures) expect(looksLikeDns(captured(name))).toBe(1);
		expect(looksLikeDns(versionQuery(1))).toBe(0);
		expect(looksLikeDns(Buffer.from("SSH-2.0-OpenSSH_9.2p1\r\n"))).toBe(0);
	});
});

describe("hostile answers", () => {
	const header = (answers: number) => Buffer.from([0x12, 0x34, 0x84, 0, 0, 1, 0, answers, 0, 0, 0, 0]);
	const question = Buffer.from([...Buffer.from("\x07version\x04bind\x00"), 0, 16, 0, 3]);
	const record = (name: number[]) => Buffer.from([...name, 0, 16, 0, 3, 0, 0, 0, 0, 0, 2, 1, 0x41]);

	test.each([
		["a name that points to itself", record([0xc0, 30])],
		["names that point to each other", record([0xc0, 32, 0xc0, 30])],
		["a name that points past the end", record([0xff, 0xff])],
		["a label longer than the datagram", record([63, 1, 2])],
		["nothing where an answer was announced", Buffer.alloc(0)],
	])("%s: the header is all that is read", (_name, answer) => {
		expect(parseAnswer(Buffer.concat([header(1), question, answer]))).toMatchObject({ rcode: "NOERROR", texts: [] });
	});

	test("counts beyond what is there, and a datagram beyond reason, take no time", () => {
		const before = performance.now();
		expect(parseAnswer(Buffer.concat([header(255), Buffer.alloc(4_000)]))).not.toBeNull();
		expect(parseAnswer(Buffer.concat([header(1), Buffer.alloc(60_000)]))).toBeNull();
		expect(performance.now() - before).toBeLessThan(10_000);
	});

	test("random bytes never throw", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
				const flags = Buffer.from(bytes);
				if (flags.length > 3) flags.writeUInt16BE(0x8400, 2);
				parseAnswer(Buffer.from(bytes));
				parseAnswer(flags);
				return looksLikeDns(flags) >= 0;
			}),
			{ numRuns: 5_000 },
		);
	});

	test.each(captures)("mutations of %s never throw", (name) => {
		const real = captured(name);
		const edit = fc.tuple(fc.nat(real.length - 1), fc.nat(255));
		fc.assert(
			fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.nat(real.length), (edits, cut) => {
				const bytes = Buffer.from(real);
				for (const [at, value] of edits) bytes[at] = value;
				parseAnswer(bytes.subarray(0, cut));
				return (parseAnswer(bytes)?.texts ?? []).every((text) => text.length <= 255);
			}),
			{ numRuns: 2_000 },
		);
	});
});

describe("software", () => {
	test.each([
		["9.18.49-1~deb12u3-Debian", "BIND", "9.18.49", "1~deb12u3-Debian"],
		["9.18.28-0ubuntu0.22.04.1-Ubuntu", "BIND", "9.18.28", "0ubuntu0.22.04.1-Ubuntu"],
		["9.11.4-P2-RedHat-9.11.4-26.P2.el7_9.15", "BIND", "9.11.4-P2", "RedHat-9.11.4-26.P2.el7_9.15"],
		["9.9.5rc1", "BIND", "9.9.5rc1", null],
		["DNS Server BIND 9.6-ESV-R7-P2", "BIND", "9.6-ESV-R7-P2", null],
		["dnsmasq-2.90", "dnsmasq", "2.90", null],
		["dnsmasq-pi-hole-v2.91", "dnsmasq", "2.91", null],
		["unbound 1.17.1", "Unbound", "1.17.1", null],
		[
			"PowerDNS Authoritative Server 4.7.3 (built Jan  1 2023)",
			"PowerDNS Authoritative Server",
			"4.7.3",
			"(built Jan  1 2023)",
		],
		["PowerDNS Recursor 4.8.8", "PowerDNS Recursor", "4.8.8", null],
		["Microsoft DNS 6.1.7601 (1DB15D39)", "Microsoft DNS", "6.1.7601", "(1DB15D39)"],
		["none of your business", null, null, null],
		["9 lives", null, null, null],
		["", null, null, null],
	])("%s", (text, product, version, info) => {
		expect(splitVersionBind(text)).toEqual({ product, version, info });
	});

	test("no text makes it throw", () => {
		fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => splitVersionBind(text).version !== ""));
	});
});
