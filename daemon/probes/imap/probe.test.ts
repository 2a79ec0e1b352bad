import { expect, it } from "vitest";
import { serveLines, startsTls, talkTo } from "../loopback.test-support.ts";
import { readTranscript, serveTranscript } from "../transcript.test-support.ts";
import { probe } from "./probe.ts";

const dovecot = (name: string) =>
	serveTranscript(readTranscript(new URL(`testdata/dovecot-2.3.19-${name}.transcript`, import.meta.url)));

it("reads a real Dovecot that takes passwords in the clear", async () => {
	const lesson = await talkTo(probe, await dovecot("open"));
	expect(lesson).toMatchObject({
		complete: true,
		data: {
			product: "Dovecot",
			version: null,
			info: "Debian",
			starttls: true,
			mechanisms: ["PLAIN", "LOGIN"],
			cleartextLogin: true,
		},
	});
	expect(probe.offersStartTls?.([lesson])).toBe(true);
	const inside = await talkTo(probe, await dovecot("open"), { tls: true });
	expect(inside).toMatchObject({ data: { tls: true, cleartextLogin: false } });
});

it("reads a real Dovecot that wants TLS first", async () => {
	const lesson = await talkTo(probe, await dovecot("tls-required"));
	expect(lesson).toMatchObject({ complete: true, data: { starttls: true, cleartextLogin: false, mechanisms: [] } });
});

it("takes a version from ID", async () => {
	const server = await serveLines("* OK ready\r\n", (line) => {
		const [tag, command] = line.split(" ");
		if (command === "CAPABILITY") return `* CAPABILITY IMAP4rev1 ID\r\n${tag} OK done\r\n`;
		if (command === "ID") return `* ID ("name" "Cyrus IMAPD" "version" "3.0.9")\r\n${tag} OK done\r\n`;
		return `* BYE\r\n${tag} OK bye\r\n`;
	});
	expect(await talkTo(probe, server)).toMatchObject({ data: { product: "Cyrus IMAPD", version: "3.0.9" } });
});

it("keeps the greeting of a server that turns it away or hangs up", async () => {
	const busy = await serveLines("* BYE too many connections\r\n", () => null);
	expect(await talkTo(probe, busy)).toMatchObject({ complete: false, data: { cleartextLogin: false } });
	const curt = await serveLines("* OK Dovecot ready.\r\n", () => null);
	expect(await talkTo(probe, curt)).toMatchObject({ complete: false, data: { product: "Dovecot" } });
});

it("gives up on an endless answer", async () => {
	const server = await serveLines("* OK ready\r\n", () => "* nothing\r\n".repeat(500));
	expect(await talkTo(probe, server)).toMatchObject({ complete: false });
});

it("starts TLS, or says that the server declines", async () => {
	const answer = (status: string) => serveLines("* OK\r\n", (line) => `${line.split(" ")[0]} ${status}\r\n`);
	expect(await startsTls(probe, await answer("OK Begin TLS"))).toBe(true);
	expect(await startsTls(probe, await answer("NO not now"))).toBe(false);
});
