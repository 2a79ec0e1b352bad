import fc from "fast-check";
import { expect, it, test } from "vitest";
import { hostileBytes } from "../hostile.test-support.ts";
import { readTranscript, serverBytes } from "../transcript.test-support.ts";
import {
	parseFirstPacket,
	payloadLength,
	recogniseMysql,
	softwareOfError,
	softwareOfVersion,
	sslRequest,
} from "./parse.ts";

const captures = ["mariadb-10.11.19", "mariadb-10.11.19-host-refused"].flatMap((name) =>
	serverBytes(readTranscript(new URL(`testdata/${name}.transcript`, import.meta.url))),
);

test.each([
	["5.5.5-10.11.6-MariaDB-0+deb12u1", "MariaDB", "10.11.6", "0+deb12u1"],
	["11.4.2-MariaDB-ubu2404", "MariaDB", "11.4.2", "ubu2404"],
	["10.1.48-MariaDB", "MariaDB", "10.1.48", null],
	["8.0.36-0ubuntu0.22.04.1", "MySQL", "8.0.36", "0ubuntu0.22.04.1"],
	["5.7.44-log", "MySQL", "5.7.44", "log"],
	["5.5.5-m3", "MySQL", "5.5.5", "m3"],
	["8.0.11-TiDB-v7.5.0", "TiDB", "7.5.0", null],
	["5.7.mysql_aurora.2.07.2", "Amazon Aurora MySQL", "2.07.2", null],
	["8.0.30-Vitess", "Vitess", null, null],
	["nonsense", null, null, null],
])("splits %s", (text, product, version, info) => {
	expect(softwareOfVersion(text)).toEqual({ product, version, info });
});

it("reads a real handshake", () => {
	const [bytes] = captures;
	expect(parseFirstPacket(bytes!.subarray(4))).toEqual({
		kind: "handshake",
		protocolVersion: 10,
		serverVersion: "5.5.5-10.11.19-MariaDB-0+deb12u1",
		authPlugin: "mysql_native_password",
		tlsOffered: true,
	});
	expect(recogniseMysql(bytes!)).toBe(1);
	expect(recogniseMysql(bytes!.subarray(0, 20))).toBeLessThan(1);
});

it("reads a real refusal and one with a state before its text", () => {
	const text = "Host '127.0.0.2' is not allowed to connect to this MariaDB server";
	expect(parseFirstPacket(captures[1]!.subarray(4))).toEqual({ kind: "error", code: 1130, text });
	expect(softwareOfError(text).product).toBe("MariaDB");
	expect(softwareOfError("Too many connections").product).toBeNull();
	const packet = Buffer.concat([Buffer.of(0xff, 0x10, 0x04), Buffer.from("#08004Too many connections")]);
	expect(parseFirstPacket(packet)).toEqual({ kind: "error", code: 1040, text: "Too many connections" });
});

it("reads protocol 9 as far as it goes", () => {
	const packet = Buffer.from("\x093.20.32\0\x01\0\0\0saltsalt\0", "latin1");
	expect(parseFirstPacket(packet)).toMatchObject({ protocolVersion: 9, serverVersion: "3.20.32", tlsOffered: false });
});

it("asks for TLS in 32 bytes", () => {
	expect(payloadLength(sslRequest())).toBe(32);
	expect(sslRequest().readUInt32LE(4) & 0x800).toBe(0x800);
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes(captures), (bytes) => {
			const confidence = recogniseMysql(bytes);
			expect(confidence >= 0 && confidence <= 1).toBe(true);
			const packet = parseFirstPacket(bytes.subarray(4));
			if (packet?.kind === "handshake") softwareOfVersion(packet.serverVersion);
			if (packet?.kind === "error") expect(packet.text.length).toBeLessThanOrEqual(1_024);
		}),
		{ numRuns: 4_000 },
	);
});
