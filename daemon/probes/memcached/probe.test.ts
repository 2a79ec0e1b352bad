import { expect, it } from "vitest";
import { serveLines, talkTo } from "../loopback.test-support.ts";
import { readTranscript, serveTranscript } from "../transcript.test-support.ts";
import { probe } from "./probe.ts";

const play = (name: string) =>
	serveTranscript(readTranscript(new URL(`testdata/memcached-1.6.18-${name}.transcript`, import.meta.url)));

it("reads a real memcached that anyone may read", async () => {
	expect(await talkTo(probe, await play("open"))).toEqual({
		kind: "memcached",
		complete: true,
		data: { product: "memcached", version: "1.6.18", info: null, statsReadable: true, items: 0 },
	});
});

it("reads a real memcached that wants a login", async () => {
	expect(await talkTo(probe, await play("password"))).toEqual({
		kind: "memcached",
		complete: true,
		data: { product: "memcached", version: null, info: null, statsReadable: false, items: null },
	});
});

it("ends at a limit where statistics never end", async () => {
	const answer = (line: string) => (line === "version" ? "VERSION 1\r\n" : "STAT a 1\r\n".repeat(2_000));
	const lesson = await talkTo(probe, await serveLines("", answer));
	expect(lesson).toMatchObject({ data: { statsReadable: true, items: null } });
});

it("keeps the version of a server that hangs up half-way, and rejects what is no memcached", async () => {
	const curt = await serveLines("", (line) => (line === "version" ? "VERSION 1.6.18\r\n" : null));
	expect(await talkTo(probe, curt)).toMatchObject({ complete: false, data: { version: "1.6.18" } });
	const other = await serveLines("", () => "-ERR unknown command\r\n");
	await expect(talkTo(probe, other)).rejects.toMatchObject({ reason: "protocol" });
});
