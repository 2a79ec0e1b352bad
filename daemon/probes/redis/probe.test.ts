import { expect, it } from "vitest";
import { serveLines, talkTo } from "../loopback.test-support.ts";
import { readTranscript, serveTranscript } from "../transcript.test-support.ts";
import { probe } from "./probe.ts";

const play = (name: string) =>
	serveTranscript(readTranscript(new URL(`testdata/redis-7.0.15-${name}.transcript`, import.meta.url)));

it("reads a real Redis without a password", async () => {
	expect(await talkTo(probe, await play("open"))).toEqual({
		kind: "redis",
		complete: true,
		data: {
			product: "Redis",
			version: "7.0.15",
			info: null,
			tls: false,
			authenticationRequired: false,
			protectedMode: false,
			mode: "standalone",
			role: "master",
			os: expect.stringMatching(/^Linux /),
		},
	});
});

it("reads a real Redis with a password, and one in protected mode", async () => {
	expect(await talkTo(probe, await play("password"))).toMatchObject({
		complete: true,
		data: { product: null, authenticationRequired: true, protectedMode: false },
	});
	expect(await talkTo(probe, await play("protected"), { tls: true })).toMatchObject({
		complete: true,
		data: { product: "Redis", tls: true, authenticationRequired: false, protectedMode: true },
	});
});

it("takes an INFO that only some may run for a wanted login", async () => {
	const server = await serveLines("", (line) => (line === "PING" ? "+PONG\r\n" : "-NOPERM no permissions\r\n"));
	expect(await talkTo(probe, server)).toMatchObject({ complete: true, data: { authenticationRequired: true } });
});

it("does not wait for an INFO larger than any is", async () => {
	const server = await serveLines("", (line) => (line === "PING" ? "+PONG\r\n" : "$900000000\r\n"));
	expect(await talkTo(probe, server)).toMatchObject({ data: { product: null, authenticationRequired: false } });
});

it("keeps what a server said that hangs up half-way", async () => {
	const server = await serveLines("", (line) => (line === "PING" ? "+PONG\r\n" : null));
	expect(await talkTo(probe, server)).toMatchObject({ complete: false });
});

it("rejects what is no Redis", async () => {
	const server = await serveLines("", () => "ERROR\r\n");
	await expect(talkTo(probe, server)).rejects.toMatchObject({ reason: "protocol" });
});
