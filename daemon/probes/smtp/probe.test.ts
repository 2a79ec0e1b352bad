import { expect, it } from "vitest";
import { serveLines, startsTls, talkTo } from "../loopback.test-support.ts";
import { readTranscript, serveTranscript } from "../transcript.test-support.ts";
import { probe } from "./probe.ts";

const postfix = readTranscript(new URL("testdata/postfix-3.7.11.transcript", import.meta.url));

function answering(answers: Record<string, string>, greeting = "220 mx.example.test ESMTP\r\n") {
	return serveLines(greeting, (line) => answers[line.split(" ")[0] ?? ""] ?? "500 5.5.2 unknown\r\n");
}

it("reads a real Postfix", async () => {
	expect(await talkTo(probe, await serveTranscript(postfix))).toEqual({
		kind: "smtp",
		complete: true,
		data: {
			product: "Postfix",
			version: null,
			info: "Debian/GNU",
			tls: false,
			banner: "220 mail.example.test ESMTP Postfix (Debian/GNU)",
			hostname: "mail.example.test",
			extensions: [
				"PIPELINING",
				"SIZE 10240000",
				"VRFY",
				"ETRN",
				"STARTTLS",
				"AUTH PLAIN LOGIN",
				"ENHANCEDSTATUSCODES",
				"8BITMIME",
				"DSN",
				"SMTPUTF8",
				"CHUNKING",
			],
			starttls: true,
			authMechanisms: ["PLAIN", "LOGIN"],
			vrfy: true,
		},
	});
});

it("lists no mechanisms as offered before TLS when all is inside TLS", async () => {
	const lesson = await talkTo(probe, await serveTranscript(postfix), { tls: true });
	expect(lesson).toMatchObject({ data: { tls: true, authMechanisms: [] } });
});

it("falls back to HELO", async () => {
	const server = await answering({ HELO: "250 mx\r\n", VRFY: "252 try RCPT\r\n" });
	expect(await talkTo(probe, server)).toMatchObject({ complete: true, data: { extensions: [], vrfy: false } });
});

it("keeps the greeting of a server that turns it away", async () => {
	const server = await answering({}, "554 5.7.1 mx.example.test ESMTP not for you\r\n");
	expect(await talkTo(probe, server)).toMatchObject({ complete: false, data: { hostname: null, starttls: false } });
	expect(server.heard.join("")).toBe("");
});

it("is not taken in by an FTP server with a bare greeting", async () => {
	const server = await serveLines("220 ready\r\n", () => "530 Please login with USER and PASS.\r\n");
	await expect(talkTo(probe, server)).rejects.toMatchObject({ reason: "protocol" });
});

it("gives up on an endless greeting", async () => {
	const server = await serveLines("220-more\r\n".repeat(5_000), () => "");
	await expect(talkTo(probe, server)).rejects.toMatchObject({ reason: "protocol" });
});

it("waits for the end of a greeting in several lines before it speaks", async () => {
	const server = await answering({ EHLO: "250 mx\r\n", VRFY: "502 no\r\n" }, "220-mx.example.test ESMTP\r\n220 go\r\n");
	expect(await talkTo(probe, server)).toMatchObject({ complete: true, data: { hostname: "mx.example.test" } });
});

it("starts TLS, or says that the server declines", async () => {
	expect(await startsTls(probe, await answering({ EHLO: "250 STARTTLS\r\n", STARTTLS: "220 go\r\n" }))).toBe(true);
	expect(await startsTls(probe, await answering({ EHLO: "250 mx\r\n" }))).toBe(false);
	const lesson = await talkTo(probe, await serveTranscript(postfix));
	expect(probe.offersStartTls?.([lesson])).toBe(true);
});
