import { expect, it } from "vitest";
import { serveLines, startsTls, talkTo } from "../loopback.test-support.ts";
import { readTranscript, serveTranscript } from "../transcript.test-support.ts";
import { probe } from "./probe.ts";

const dovecot = (name: string) =>
	serveTranscript(readTranscript(new URL(`testdata/dovecot-2.3.19-${name}.transcript`, import.meta.url)));

it("reads a real Dovecot that takes passwords in the clear", async () => {
	expect(await talkTo(probe, await dovecot("open"))).toEqual({
		kind: "pop3",
		complete: true,
		data: {
			product: "Dovecot",
			version: null,
			info: "Debian",
			tls: false,
			banner: "+OK Dovecot (Debian) ready.",
			capabilities: [
				"CAPA",
				"TOP",
				"UIDL",
				"RESP-CODES",
				"PIPELINING",
				"AUTH-RESP-CODE",
				"STLS",
				"USER",
				"SASL PLAIN LOGIN",
			],
			starttls: true,
			mechanisms: ["PLAIN", "LOGIN"],
			cleartextLogin: true,
		},
	});
});

it("reads a real Dovecot that wants TLS first", async () => {
	const lesson = await talkTo(probe, await dovecot("tls-required"));
	expect(lesson).toMatchObject({ complete: true, data: { starttls: true, cleartextLogin: false, mechanisms: [] } });
	expect(probe.offersStartTls?.([lesson])).toBe(true);
});

it("asks with USER where CAPA is not known, and sends no password", async () => {
	const server = await serveLines("+OK old\r\n", (line) => (line.startsWith("USER ") ? "+OK\r\n" : "-ERR\r\n"));
	expect(await talkTo(probe, server)).toMatchObject({ complete: true, data: { cleartextLogin: true } });
	expect(server.heard.join("")).not.toMatch(/PASS/);
});

it("keeps the greeting of a server that hangs up or never ends its list", async () => {
	const silent = await serveLines("+OK Dovecot ready.\r\n", () => null);
	expect(await talkTo(probe, silent)).toMatchObject({ complete: false, data: { product: "Dovecot" } });
	const endless = await serveLines("+OK Dovecot ready.\r\n", () => `+OK\r\n${"UIDL\r\n".repeat(1_000)}`);
	expect(await talkTo(probe, endless)).toMatchObject({ complete: false, data: { capabilities: [] } });
});

it("rejects what is no POP3", async () => {
	const server = await serveLines("220 hello\r\n", () => "");
	await expect(talkTo(probe, server)).rejects.toMatchObject({ reason: "protocol" });
});

it("starts TLS, or says that the server declines", async () => {
	const answer = (stls: string) => serveLines("+OK\r\n", (line) => (line === "STLS" ? stls : "-ERR\r\n"));
	expect(await startsTls(probe, await answer("+OK Begin TLS\r\n"))).toBe(true);
	expect(await startsTls(probe, await answer("-ERR no\r\n"))).toBe(false);
});
