import { expect, it } from "vitest";
import { serve, startsTls, talkTo } from "../loopback.test-support.ts";
import { readTranscript, serveTranscript } from "../transcript.test-support.ts";
import { probe } from "./probe.ts";

const transcript = (name: string) =>
	readTranscript(new URL(`testdata/openldap-2.5.13-${name}.transcript`, import.meta.url));
/** An extended response with this result code (RFC 4511 4.12). */
const extended = (code: number) => Buffer.of(0x30, 12, 2, 1, 1, 0x78, 7, 10, 1, code, 4, 0, 4, 0);

it("reads a real OpenLDAP that shows itself to anyone", async () => {
	const lesson = await talkTo(probe, await serveTranscript(transcript("anonymous")));
	expect(lesson).toMatchObject({
		complete: true,
		data: {
			product: "OpenLDAP",
			version: null,
			tls: false,
			anonymousBind: true,
			anonymousSearch: true,
			namingContexts: ["dc=example,dc=test"],
			versions: ["3"],
			starttls: true,
		},
	});
	expect(lesson.kind === "ldap" && lesson.data.mechanisms).toContain("DIGEST-MD5");
	expect(probe.offersStartTls?.([lesson])).toBe(true);
});

it("reads a real OpenLDAP that wants a login, and asks it for TLS apart", async () => {
	expect(await talkTo(probe, await serveTranscript(transcript("login-required")))).toMatchObject({
		complete: true,
		data: { product: null, anonymousBind: false, anonymousSearch: false, namingContexts: [], starttls: true },
	});
});

it("keeps the answer to the bind when the rest stays away", async () => {
	const [first] = transcript("anonymous");
	const server = await serveTranscript([[...first!.slice(0, 2), { by: "E" }]]);
	expect(await talkTo(probe, server)).toMatchObject({ complete: false, data: { anonymousBind: true } });
});

it.each([
	["another protocol", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
	["a length nobody sends", Buffer.of(0x30, 0x84, 0x7f, 0xff, 0xff, 0xff)],
	["a notice of disconnection", extended(52)],
])("rejects %s", async (_, bytes) => {
	const server = await serve({ onData: (socket) => socket.end(bytes) });
	await expect(talkTo(probe, server)).rejects.toMatchObject({ reason: "protocol" });
});

it("starts TLS, or says that the server declines", async () => {
	const answering = (code: number) => serve({ onData: (socket) => void socket.write(extended(code)) });
	expect(await startsTls(probe, await answering(0))).toBe(true);
	expect(await startsTls(probe, await answering(2))).toBe(false);
});
