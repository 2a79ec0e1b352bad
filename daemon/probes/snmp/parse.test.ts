import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { element, integer, objectId, readElement, readElements, readNumber, readObjectId, tags } from "./ber.ts";
import { getRequest, looksLikeSnmp, parseResponse, systemObjects } from "./parse.ts";
import { splitSysDescr } from "./software.ts";

const captured = (name: string) => readFileSync(new URL(`testdata/${name}.bin`, import.meta.url));
const captures = ["net-snmp-5.9.v1", "net-snmp-5.9.v2c", "net-snmp-5.9.no-such-name"];

describe("BER", () => {
	test.each([0, 1, 127, 128, 255, 256, 32_767, 32_768, 0x7fffffff])(
		"INTEGER %i reads back, in its shortest form",
		(value) => {
			const bytes = integer(value);
			expect(readNumber(readElement(bytes)?.element)).toBe(value);
			expect(bytes.length > 3 && bytes[2] === 0 && bytes[3]! < 0x80).toBe(false);
		},
	);

	test.each(["1.3.6.1.2.1.1.1.0", "1.3.6.1.4.1.8072.3.2.10", "2.100.3", "0.9", "1.3.6.1.4.1.4294967295"])(
		"%s",
		(dotted) => {
			expect(readObjectId(readElement(objectId(dotted))?.element)).toBe(dotted);
		},
	);

	test("a content of any size reads back", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 1_000 }), (content) => {
				const read = readElement(element(tags.octetString, content));
				return read !== null && read.rest.length === 0 && Buffer.compare(read.element.content, content) === 0;
			}),
		);
	});

	test.each([
		["nothing", []],
		["no length", [0x30]],
		["an indefinite length", [0x30, 0x80, 0, 0]],
		["a length of five bytes", [0x30, 0x85, 0, 0, 0, 0, 0]],
		["a length of four gigabytes", [0x30, 0x84, 0xff, 0xff, 0xff, 0xff]],
		["less than announced", [0x04, 5, 1]],
		["a tag of many bytes", [0x1f, 0x81, 1, 0]],
	])("%s is no element", (_name, bytes) => {
		expect(readElement(Buffer.from(bytes))).toBeNull();
	});

	test("more elements than asked for, numbers too long and broken object ids are refused", () => {
		expect(readElements(Buffer.concat([integer(1), integer(2)]), 1)).toBeNull();
		expect(readNumber({ tag: tags.integer, content: Buffer.alloc(7) })).toBeNull();
		expect(readNumber({ tag: tags.integer, content: Buffer.from([0xff]) })).toBe(-1);
		expect(readObjectId({ tag: tags.objectId, content: Buffer.from([0x2b, 0x86]) })).toBeNull();
		expect(readObjectId({ tag: tags.objectId, content: Buffer.alloc(9, 0xff) })).toBeNull();
	});
});

describe("messages", () => {
	test("a GET is what RFC 1157 says", () => {
		expect(getRequest("v1", "public", 1, ["1.3.6.1.2.1.1.1.0"]).toString("hex")).toBe(
			"302602010004067075626c6963a019020101020100020100300e300c06082b060102010101000500",
		);
	});

	test.each([
		["net-snmp-5.9.v1", "v1"],
		["net-snmp-5.9.v2c", "v2c"],
	])("%s", (name, version) => {
		expect(parseResponse(captured(name))).toEqual({
			version,
			community: "public",
			requestId: 0x1234,
			errorStatus: 0,
			sysDescr: "Linux vm 6.18.44-fc-v657 #1 SMP PREEMPT_DYNAMIC @0 x86_64",
			sysName: "box.test",
			sysObjectId: "1.3.6.1.4.1.8072.3.2.10",
			uptimeSeconds: 61.1,
		});
	});

	test("noSuchName is an answer all the same", () => {
		expect(parseResponse(captured("net-snmp-5.9.no-such-name"))).toMatchObject({ errorStatus: 2, sysDescr: null });
	});

	test("recognised: responses, other versions, nothing else", () => {
		for (const name of captures) expect(looksLikeSnmp(captured(name))).toBe(1);
		expect(looksLikeSnmp(getRequest("v1", "public", 1, [systemObjects.sysDescr]))).toBe(0.9);
		const v3 = element(tags.sequence, integer(3), element(tags.sequence, integer(1)));
		expect(looksLikeSnmp(v3)).toBe(0.9);
		expect(looksLikeSnmp(Buffer.from("HTTP/1.1 200 OK\r\n"))).toBe(0);
		expect(looksLikeSnmp(Buffer.alloc(0))).toBe(0);
	});
});

describe("no bytes make a parser throw", () => {
	test("random bytes, also within a sequence", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
				parseResponse(Buffer.from(bytes));
				return looksLikeSnmp(element(tags.sequence, bytes)) <= 1;
			}),
			{ numRuns: 5_000 },
		);
	});

	test("sequences nested without end", () => {
		expect(parseResponse(Buffer.alloc(60_000, 0x30))).toBeNull();
		let nested: Buffer = integer(1);
		for (let i = 0; i < 2_000; i += 1) nested = element(tags.sequence, nested);
		expect(parseResponse(nested)).toBeNull();
	});

	test.each(captures)("mutations of %s", (name) => {
		const real = captured(name);
		const edit = fc.tuple(fc.nat(real.length - 1), fc.nat(255));
		fc.assert(
			fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.nat(real.length), (edits, cut) => {
				const bytes = Buffer.from(real);
				for (const [at, value] of edits) bytes[at] = value;
				const response = parseResponse(bytes);
				return parseResponse(bytes.subarray(0, cut)) !== undefined && (response?.sysDescr?.length ?? 0) <= 1_000;
			}),
			{ numRuns: 2_000 },
		);
	});
});

describe("software", () => {
	test.each([
		[
			"Linux web 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64",
			"Linux",
			"6.1.0-18-amd64",
			"#1 SMP Debian 6.1.76-1 x86_64",
		],
		[
			"Hardware: Intel64 Family 6 - Software: Windows Version 6.3 (Build 17763 Multiprocessor Free)",
			"Windows",
			"6.3",
			"(Build 17763 Multiprocessor Free)",
		],
		[
			"Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 15.0(2)SE11, RELEASE SOFTWARE (fc3)\r\nCopyright",
			"Cisco IOS",
			"15.0(2)SE11",
			"RELEASE SOFTWARE (fc3)",
		],
		["RouterOS RB750Gr3", "MikroTik RouterOS", null, "RB750Gr3"],
		[
			"VMware ESXi 7.0.3 build-21930508 VMware, Inc. x86_64",
			"VMware ESXi",
			"7.0.3",
			"build-21930508 VMware, Inc. x86_64",
		],
		["Juniper Networks, Inc. ex2200-24t, kernel JUNOS 12.3R12.4, Build", "JUNOS", "12.3R12.4", null],
		["a printer of ours", null, null, null],
	])("%s", (sysDescr, product, version, info) => {
		expect(splitSysDescr(sysDescr)).toEqual({ product, version, info });
	});

	test("no text makes it throw or slow", () => {
		fc.assert(fc.property(fc.string({ maxLength: 1_000 }), (text) => splitSysDescr(text).version !== ""));
		const before = performance.now();
		splitSysDescr(`Cisco IOS Software, ${" Version".repeat(1_000)}`);
		splitSysDescr("Comware Software, ".repeat(1_000));
		expect(performance.now() - before).toBeLessThan(10_000);
	});
});
