import { expect, it } from "vitest";
import { patience } from "../../../test/support/eventually.ts";
import { serve, startsTls, talkTo } from "../loopback.test-support.ts";
import { readTranscript, serveTranscript } from "../transcript.test-support.ts";
import { sslRequest } from "./parse.ts";
import { probe } from "./probe.ts";

const play = (name: string) => serveTranscript(readTranscript(new URL(`testdata/${name}.transcript`, import.meta.url)));

it("reads a real MariaDB", async () => {
	const lesson = await talkTo(probe, await play("mariadb-10.11.19"));
	expect(lesson.data).toEqual({
		product: "MariaDB",
		version: "10.11.19",
		info: "0+deb12u1",
		serverVersion: "5.5.5-10.11.19-MariaDB-0+deb12u1",
		protocolVersion: 10,
		authPlugin: "mysql_native_password",
		tlsOffered: true,
		error: null,
	});
	expect(probe.offersStartTls?.([lesson])).toBe(true);
});

it("reads a real MariaDB that does not let this host in", async () => {
	const lesson = await talkTo(probe, await play("mariadb-10.11.19-host-refused"));
	expect(lesson.data).toMatchObject({
		product: "MariaDB",
		serverVersion: null,
		tlsOffered: false,
		error: "Host '127.0.0.2' is not allowed to connect to this MariaDB server",
	});
});

it("asks for TLS only where it is offered", async () => {
	const open = await play("mariadb-10.11.19");
	expect(await startsTls(probe, open)).toBe(true);
	await expect.poll(() => open.heard[0]?.equals(sslRequest()), patience).toBe(true);
	expect(await startsTls(probe, await play("mariadb-10.11.19-host-refused"))).toBe(false);
});

it.each(["HTTP/1.1 400 Bad Request\r\n\r\n", "\x05\0\0\0\x0bfive", "\xff\xff\xff\0\x0a"])(
	"rejects %j",
	async (bytes) => {
		const server = await serve({ greet: (socket) => socket.end(bytes, "latin1") });
		await expect(talkTo(probe, server)).rejects.toMatchObject({ name: "ProbeFailure" });
	},
);
