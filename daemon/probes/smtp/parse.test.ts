import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { hostileBytes, hostileLines } from "../hostile.test-support.ts";
import { parseNumberedReply } from "../numbered-reply.ts";
import { readTranscript, serverBytes } from "../transcript.test-support.ts";
import {
	hostnameOf,
	offersStartTls,
	parseExtensions,
	parseMechanisms,
	recogniseSmtp,
	softwareOf,
	verifiesUsers,
} from "./parse.ts";

const captures = serverBytes(readTranscript(new URL("testdata/postfix-3.7.11.transcript", import.meta.url)));
const reply = (text: string) => parseNumberedReply(text.split("\r\n"))!;

test.each([
	["220 mail.example.test ESMTP Postfix (Debian/GNU)", "Postfix", null, "Debian/GNU"],
	["220 mx.example.test ESMTP Exim 4.96 Tue, 01 Aug 2023 10:00:00 +0000", "Exim", "4.96", null],
	["220 mx.example.test ESMTP Exim 4.94.2 #2 Mon, 02 May 2022 10:00:00", "Exim", "4.94.2", "2"],
	["220 mx.example.test ESMTP Sendmail 8.15.2/8.15.2/Debian-22; Thu", "Sendmail", "8.15.2", "8.15.2/Debian-22"],
	[
		"220 x Microsoft ESMTP MAIL Service, Version: 10.0.14393.0 ready",
		"Microsoft ESMTP MAIL Service",
		"10.0.14393.0",
		null,
	],
	["220 x Microsoft ESMTP MAIL Service ready at Mon", "Microsoft ESMTP MAIL Service", null, null],
	["220 x ESMTP OpenSMTPD", "OpenSMTPD", null, null],
	["220 x ESMTP Haraka/2.8.27 ready", "Haraka", "2.8.27", null],
	["220 x ESMTP", null, null, null],
])("names the software of %s", (banner, product, version, info) => {
	expect(softwareOf(banner)).toEqual({ product, version, info });
});

describe("greetings", () => {
	it("knows SMTP, leaves FTP alone, and is unsure of a bare 220", () => {
		expect(recogniseSmtp(Buffer.from("220 mail.example.test ESMTP\r\n"))).toBeGreaterThan(0.9);
		expect(recogniseSmtp(Buffer.from("554 no SMTP service here\r\n"))).toBeGreaterThan(0.9);
		expect(recogniseSmtp(Buffer.from("220 ProFTPD Server ready.\r\n"))).toBe(0);
		expect(recogniseSmtp(Buffer.from("220 mail.example.test\r\n"))).toBeLessThan(0.6);
		expect(recogniseSmtp(Buffer.from("250 ok\r\n"))).toBe(0);
	});

	it("takes the first word for a host name only if it is one", () => {
		expect(hostnameOf(reply("220 mail.example.test ESMTP"))).toBe("mail.example.test");
		expect(hostnameOf(reply("220 [192.0.2.1] ESMTP"))).toBe("[192.0.2.1]");
		expect(hostnameOf(reply("220 ESMTP ready"))).toBeNull();
		expect(hostnameOf(reply("220 <b>hi</b>"))).toBeNull();
	});
});

describe("extensions", () => {
	const extensions = parseExtensions(
		reply("250-mail.example.test\r\n250-STARTTLS\r\n250-AUTH plain LOGIN\r\n250-AUTH=LOGIN CRAM-MD5\r\n250 CHUNKING"),
	);

	it("leaves the greeting line out", () => {
		expect(extensions).toEqual(["STARTTLS", "AUTH plain LOGIN", "AUTH=LOGIN CRAM-MD5", "CHUNKING"]);
		expect(offersStartTls(extensions)).toBe(true);
		expect(parseExtensions(reply("502 no"))).toEqual([]);
	});

	it("lists each mechanism once", () => {
		expect(parseMechanisms(extensions)).toEqual(["PLAIN", "LOGIN", "CRAM-MD5"]);
	});
});

it("counts VRFY only with an address", () => {
	expect(verifiesUsers(reply("252 2.0.0 postmaster"))).toBe(true);
	expect(verifiesUsers(reply("250 Super User <root@example.test>"))).toBe(true);
	expect(verifiesUsers(reply("252 2.5.2 Cannot VRFY user; try RCPT to attempt delivery (or try finger)"))).toBe(false);
	expect(verifiesUsers(reply("502 5.5.1 VRFY postmaster: disabled"))).toBe(false);
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes(captures), (bytes) => {
			const confidence = recogniseSmtp(bytes);
			expect(confidence >= 0 && confidence <= 1).toBe(true);
		}),
		{ numRuns: 2_000 },
	);
	fc.assert(
		fc.property(hostileLines(captures), (lines) => {
			const read = parseNumberedReply(lines);
			if (read === null) return;
			hostnameOf(read);
			verifiesUsers(read);
			expect(parseMechanisms(parseExtensions(read)).length).toBeLessThanOrEqual(32);
		}),
		{ numRuns: 2_000 },
	);
});
