import fc from "fast-check";
import { expect, it } from "vitest";
import { hostileBytes } from "../hostile.test-support.ts";
import { readTranscript, serverBytes } from "../transcript.test-support.ts";
import { readElement, readElements, readHeader, readInteger, tag, write } from "./ber.ts";
import {
	anonymousBind,
	oneEntrySearch,
	parseAttributes,
	parseMessage,
	recogniseLdap,
	resultCode,
	softwareOf,
} from "./parse.ts";

const captures = ["anonymous", "login-required"].flatMap((name) =>
	serverBytes(readTranscript(new URL(`testdata/openldap-2.5.13-${name}.transcript`, import.meta.url))),
);
const bindAnswer = captures[0]!.subarray(0, 14);
const rootEntry = captures[0]!.subarray(14);

it("reads lengths of every size and refuses other forms", () => {
	expect(readHeader(Buffer.of(0x30, 5))).toEqual({ head: 2, length: 5 });
	expect(readHeader(Buffer.of(0x30, 0x82, 1, 0))).toEqual({ head: 4, length: 256 });
	expect(readHeader(Buffer.of(0x30, 0x82, 1))).toBeUndefined();
	expect(readHeader(Buffer.of(0x30, 0x80))).toBeNull();
	expect(readHeader(Buffer.of(0x30, 0x85, 0, 0, 0, 0, 0))).toBeNull();
	expect(readHeader(Buffer.of(0x1f, 0))).toBeNull();
});

it("reads back what it writes", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 2_000 }), (content) => {
			const element = readElement(write(tag.octetString, content));
			expect(element?.content).toEqual(Buffer.from(content));
		}),
		{ numRuns: 300 },
	);
	const elements = readElements(write(tag.integer, [Buffer.of(0xff)]));
	expect(readInteger(elements[0])).toBe(-1);
});

it("reads a real bind answer and root DSE", () => {
	const bind = parseMessage(bindAnswer)!;
	expect([bind.id, bind.operation, resultCode(bind)]).toEqual([1, 0x61, 0]);
	const root = parseAttributes(parseMessage(rootEntry)!);
	expect(root.get("namingcontexts")).toEqual(["dc=example,dc=test"]);
	expect(root.get("supportedldapversion")).toEqual(["3"]);
	expect(softwareOf(root).product).toBe("OpenLDAP");
});

it("names other directories by what their root DSE tells", () => {
	const of = (fields: Record<string, string[]>) => softwareOf(new Map(Object.entries(fields)));
	expect(of({ forestfunctionality: ["7"] }).product).toBe("Microsoft Active Directory");
	expect(of({ vendorversion: ["389-Directory/1.4.4.19 B2022.313.1200"] })).toEqual({
		product: "389 Directory Server",
		version: "1.4.4.19",
		info: "B2022.313.1200",
	});
	expect(of({ vendorname: ["Apache Software Foundation"], vendorversion: ["2.0.0.AM26"] })).toEqual({
		product: "Apache Software Foundation",
		version: "2.0.0.AM26",
		info: null,
	});
	expect(of({})).toEqual({ product: null, version: null, info: null });
});

it("knows LDAP by the answer to a bind", () => {
	expect(recogniseLdap(bindAnswer)).toBe(1);
	expect(recogniseLdap(captures[1]!)).toBe(1);
	expect(recogniseLdap(anonymousBind(1))).toBe(0);
	expect(recogniseLdap(Buffer.from("0 bytes"))).toBe(0);
	expect(parseMessage(oneEntrySearch(3, "dc=example"))?.operation).toBe(0x63);
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes([...captures, bindAnswer, rootEntry]), (bytes) => {
			const confidence = recogniseLdap(bytes);
			expect(confidence >= 0 && confidence <= 1).toBe(true);
			const message = parseMessage(bytes);
			if (message === null) return;
			resultCode(message);
			const attributes = parseAttributes(message);
			softwareOf(attributes);
			for (const values of attributes.values()) expect(values.length).toBeLessThanOrEqual(64);
		}),
		{ numRuns: 6_000 },
	);
});
