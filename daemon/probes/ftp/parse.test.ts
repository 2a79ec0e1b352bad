import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { hostileBytes, hostileLines } from "../hostile.test-support.ts";
import { parseNumberedReply } from "../numbered-reply.ts";
import { readTranscript, serverBytes } from "../transcript.test-support.ts";
import {
	isDataPort,
	offersAuthTls,
	parseFeatures,
	parseNames,
	parsePassivePort,
	recogniseFtp,
	refusesCleartext,
	softwareOf,
} from "./parse.ts";

const captures = ["vsftpd-3.0.3-anonymous", "vsftpd-3.0.3-tls-required"].flatMap((name) =>
	serverBytes(readTranscript(new URL(`testdata/${name}.transcript`, import.meta.url))),
);
const reply = (text: string) => parseNumberedReply(text.split("\r\n"))!;

test.each([
	["220 (vsFTPd 3.0.3)", "vsFTPd", "3.0.3", null],
	["220 ProFTPD 1.3.8 Server (Debian) [::ffff:127.0.0.1]", "ProFTPD", "1.3.8", "Debian"],
	["220 ProFTPD Server (Debian) [::ffff:127.0.0.1]", "ProFTPD", null, "Debian"],
	["220---------- Welcome to Pure-FTPd [privsep] [TLS] ----------", "Pure-FTPd", null, null],
	["220-FileZilla Server 1.8.1", "FileZilla Server", "1.8.1", null],
	["220-FileZilla Server version 0.9.41 beta", "FileZilla Server", "0.9.41", "beta"],
	["220 Microsoft FTP Service", "Microsoft FTP Service", null, null],
	["220 Serv-U FTP Server v15.1 ready...", "Serv-U", "15.1", null],
	["220 host FTP server (Version wu-2.6.2-5) ready.", "wu-ftpd", "2.6.2", "5"],
	["220 ready", null, null, null],
])("names the software of %s", (banner, product, version, info) => {
	expect(softwareOf(banner)).toEqual({ product, version, info });
});

describe("greetings", () => {
	it("knows FTP, leaves SMTP alone, and is unsure of a bare 220", () => {
		expect(recogniseFtp(Buffer.from("220 (vsFTPd 3.0.3)\r\n"))).toBe(1);
		expect(recogniseFtp(Buffer.from("220 mail.example.test ESMTP Postfix\r\n"))).toBe(0);
		const bare = recogniseFtp(Buffer.from("220 files.example.test ready\r\n"));
		expect(bare).toBeGreaterThan(0);
		expect(bare).toBeLessThan(0.6);
		expect(recogniseFtp(Buffer.from("200 news\r\n"))).toBe(0);
	});
});

describe("features", () => {
	it("reads the lines between the first and the last", () => {
		const features = parseFeatures(reply("211-Features:\r\n AUTH TLS\r\n UTF8\r\n211 End"));
		expect(features).toEqual(["AUTH TLS", "UTF8"]);
		expect(offersAuthTls(features)).toBe(true);
		expect(offersAuthTls(["AUTH SSL;TLS;"])).toBe(true);
		expect(offersAuthTls(["PROT", "AUTH KERBEROS_V4"])).toBe(false);
		expect(parseFeatures(reply("500 Unknown command."))).toEqual([]);
	});
});

describe("data connections", () => {
	it("takes the port and never the address", () => {
		expect(parsePassivePort(reply("229 Entering Extended Passive Mode (|||29747|)"))).toBe(29747);
		expect(parsePassivePort(reply("227 Entering Passive Mode (192,0,2,1,4,1)."))).toBe(1025);
		expect(parsePassivePort(reply("227 Entering Passive Mode (127,0,0,1,999,999)."))).toBeNull();
		expect(parsePassivePort(reply("229 Entering Extended Passive Mode (|||0|)"))).toBeNull();
		expect(parsePassivePort(reply("500 no"))).toBeNull();
	});

	it("keeps away from printers and low ports", () => {
		expect([22, 515, 1023, 9100, 9107].filter(isDataPort)).toEqual([]);
		expect([1024, 9099, 9108, 65535].filter(isDataPort)).toEqual([1024, 9099, 9108, 65535]);
	});

	it("lists at most twenty names, without folders", () => {
		const names = parseNames(Buffer.from(["./a", "/srv/b", "c d", ".", "", ...Array(30).fill("x")].join("\r\n")));
		expect(names.slice(0, 3)).toEqual(["a", "b", "c d"]);
		expect(names).toHaveLength(20);
	});
});

it("tells a refusal for want of TLS from any other", () => {
	expect(refusesCleartext(reply("530 Non-anonymous sessions must use encryption."))).toBe(true);
	expect(refusesCleartext(reply("534 Policy requires it."))).toBe(true);
	expect(refusesCleartext(reply("530 This FTP server is anonymous only."))).toBe(false);
	expect(refusesCleartext(reply("331 Please specify the password for TLS."))).toBe(false);
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes(captures), (bytes) => {
			const confidence = recogniseFtp(bytes);
			expect(confidence).toBeGreaterThanOrEqual(0);
			expect(confidence).toBeLessThanOrEqual(1);
			expect(parseNames(bytes).length).toBeLessThanOrEqual(20);
		}),
		{ numRuns: 2_000 },
	);
	fc.assert(
		fc.property(hostileLines(captures), (lines) => {
			const read = parseNumberedReply(lines);
			if (read === null) return;
			softwareOf(read.raw);
			refusesCleartext(read);
			expect(parseFeatures(read).length).toBeLessThanOrEqual(64);
			const port = parsePassivePort(read);
			if (port !== null) expect(port).toBeLessThanOrEqual(65_535);
		}),
		{ numRuns: 2_000 },
	);
});
