import { expect, it, test } from "vitest";
import { serve, startsTls, talkTo } from "../loopback.test-support.ts";
import { readTranscript, serveTranscript } from "../transcript.test-support.ts";
import { startupMessage } from "./parse.ts";
import { probe } from "./probe.ts";

const transcript = (name: string) =>
	readTranscript(new URL(`testdata/postgresql-15.18-${name}.transcript`, import.meta.url));

test.each([
	[
		"scram",
		{ authentication: "scram-sha-256", cleartextAccepted: true, tlsOffered: false, version: null, error: null },
	],
	["md5", { authentication: "md5", cleartextAccepted: true }],
	["password", { authentication: "password", cleartextAccepted: true }],
	[
		"trust",
		{ authentication: "trust", cleartextAccepted: true, version: "15.18", info: "Debian 15.18-0+deb12u1", error: null },
	],
	["reject", { authentication: "rejected", cleartextAccepted: false, tlsOffered: false }],
	["tls-only", { authentication: "rejected", cleartextAccepted: false, tlsOffered: true }],
])("reads a real PostgreSQL with %s", async (name, expected) => {
	const lesson = await talkTo(probe, await serveTranscript(transcript(name)));
	expect(lesson).toMatchObject({ complete: true, data: { product: "PostgreSQL", ...expected } });
	expect(probe.offersStartTls?.([lesson])).toBe(name === "tls-only");
});

it("sends no SSLRequest inside TLS and says nothing of cleartext", async () => {
	const [, second] = transcript("scram");
	const server = await serveTranscript([second!]);
	const lesson = await talkTo(probe, server, { tls: true });
	expect(lesson).toMatchObject({ data: { tlsOffered: true, cleartextAccepted: false } });
	expect(server.heard).toEqual([startupMessage("postgres", "postgres")]);
});

it("keeps the answer to SSLRequest when the rest stays away", async () => {
	const server = await serve({ onData: (socket, _, count) => (count === 0 ? socket.write("S") : socket.end()) });
	expect(await talkTo(probe, server)).toMatchObject({ complete: false, data: { tlsOffered: true, product: null } });
});

it("starts TLS, or says that the server declines, or is none", async () => {
	const answering = (text: string) => serve({ onData: (socket) => void socket.write(text) });
	expect(await startsTls(probe, await answering("S"))).toBe(true);
	expect(await startsTls(probe, await answering("N"))).toBe(false);
	await expect(startsTls(probe, await answering("HTTP/1.1"))).rejects.toMatchObject({ reason: "protocol" });
});
