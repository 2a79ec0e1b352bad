import fc from "fast-check";
import { expect, it } from "vitest";
import { hostileBytes } from "../hostile.test-support.ts";
import { readTranscript, serverBytes } from "../transcript.test-support.ts";
import {
	bodyLength,
	parseAuthentication,
	parseErrorFields,
	parseParameter,
	productOfError,
	recognisePostgresql,
	refusesCleartext,
	splitServerVersion,
	startupMessage,
} from "./parse.ts";

const captures = ["scram", "trust", "md5", "password", "reject", "tls-only"].flatMap((name) =>
	serverBytes(readTranscript(new URL(`testdata/postgresql-15.18-${name}.transcript`, import.meta.url))),
);
const code = (...bytes: number[]) => Buffer.from(bytes);

it("names what a server asks for", () => {
	expect(parseAuthentication(code(0, 0, 0, 0))).toBe("trust");
	expect(parseAuthentication(code(0, 0, 0, 3))).toBe("password");
	expect(parseAuthentication(code(0, 0, 0, 5, 1, 2, 3, 4))).toBe("md5");
	expect(parseAuthentication(code(0, 0, 0, 7))).toBe("gss");
	expect(parseAuthentication(code(0, 0, 0, 9))).toBe("sspi");
	expect(parseAuthentication(Buffer.from("\0\0\0\x0aSCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"))).toBe("scram-sha-256");
	expect(parseAuthentication(Buffer.from("\0\0\0\x0aOAUTHBEARER\0\0"))).toBe("other");
	expect(parseAuthentication(code(0, 0))).toBe("other");
});

it("tells a refusal for want of TLS by its routine, whatever language the text is in", () => {
	const fields = (text: string) => parseErrorFields(Buffer.from(text));
	const german = fields(
		"SFATAL\0C28000\0Mkein pg_hba.conf-Eintrag, keine Verschlüsselung\0Fauth.c\0RClientAuthentication\0\0",
	);
	expect(refusesCleartext(german)).toBe(true);
	expect(productOfError(german)).toBe("PostgreSQL");
	const noRole = fields('SFATAL\0C28000\0Mrole "postgres" does not exist\0Fmiscinit.c\0RInitializeSessionUserId\0\0');
	expect(refusesCleartext(noRole)).toBe(false);
	const pool = fields("SFATAL\0C08P01\0MSSL required\0\0");
	expect(refusesCleartext(pool)).toBe(true);
	expect(productOfError(pool)).toBeNull();
});

it("splits a server version", () => {
	expect(splitServerVersion("15.18 (Debian 15.18-0+deb12u1)")).toEqual({
		version: "15.18",
		info: "Debian 15.18-0+deb12u1",
	});
	expect(splitServerVersion("9.6.24")).toEqual({ version: "9.6.24", info: null });
	expect(splitServerVersion("?")).toEqual({ version: null, info: null });
});

it("knows the answers to SSLRequest", () => {
	expect(recognisePostgresql(Buffer.from("S"))).toBeGreaterThan(0.8);
	expect(recognisePostgresql(Buffer.from("N"))).toBeGreaterThan(0.8);
	expect(recognisePostgresql(Buffer.from("SSH-2.0-x\r\n"))).toBe(0);
	expect(recognisePostgresql(Buffer.from("ERROR\r\n"))).toBe(0);
	expect(recognisePostgresql(captures.find((bytes) => bytes[0] === 0x45)!)).toBe(1);
});

it("writes a start-up message whose length is its own", () => {
	const message = startupMessage("postgres", "postgres");
	expect(message.readUInt32BE(0)).toBe(message.length);
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes(captures), (bytes) => {
			const confidence = recognisePostgresql(bytes);
			expect(confidence >= 0 && confidence <= 1).toBe(true);
			parseAuthentication(bytes);
			parseParameter(bytes);
			const length = bodyLength(bytes);
			if (length !== null) expect(length).toBeLessThanOrEqual(16_384);
			const fields = parseErrorFields(bytes.subarray(5));
			expect(fields.size).toBeLessThanOrEqual(32);
			refusesCleartext(fields);
		}),
		{ numRuns: 4_000 },
	);
});
