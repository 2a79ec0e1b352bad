import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { dns } from "../../evidence/kinds/dns.ts";
import { dialedContext } from "../http/dialed.test-support.ts";
import { type DatagramServer, serveDatagrams } from "./datagram.test-support.ts";
import { probe } from "./probe.ts";

const captured = (name: string) => readFileSync(new URL(`testdata/${name}.bin`, import.meta.url));
let server: DatagramServer | null = null;
afterEach(() => server?.close());

/** Answers as the real server did, under the id asked with. */
async function replay(version: string | null, foreign: string | null) {
	server = await serveDatagrams((request) => {
		const name = request.includes("version") ? version : foreign;
		if (name === null) return null;
		const answer = Buffer.from(captured(name));
		request.copy(answer, 0, 0, 2);
		return answer;
	});
	const [lesson] = await probe.talk(dialedContext(server.port));
	if (lesson?.kind !== "dns") throw new Error("no dns lesson");
	expect(dns.parse(lesson.data)).toEqual(lesson.data);
	return lesson;
}

test("a resolver that tells its version", async () => {
	const { data, complete } = await replay("unbound-1.17.version", "unbound-1.17.foreign");
	expect(complete).toBe(true);
	expect(data).toEqual({
		product: "Unbound",
		version: "1.17.1",
		info: null,
		recursion: true,
		versionBind: "unbound 1.17.1",
		authoritative: true,
		rcode: "NXDOMAIN",
	});
	expect(server?.heard).toHaveLength(2);
});

test("a server that refuses both", async () => {
	const { data } = await replay("bind-9.18.refused", "bind-9.18.refused");
	expect(data).toMatchObject({ product: null, versionBind: null, recursion: false, rcode: "REFUSED" });
});

test("silence to one question leaves the record incomplete", async () => {
	const { data, complete } = await replay(null, "bind-9.18.foreign");
	expect(complete).toBe(false);
	expect(data).toMatchObject({ recursion: true, versionBind: null });
});

test("an answer to another question is none", async () => {
	server = await serveDatagrams((request) => {
		const answer = Buffer.from(captured("bind-9.18.foreign"));
		answer.writeUInt16BE(request.readUInt16BE(0) ^ 1, 0);
		return answer;
	});
	await expect(probe.talk(dialedContext(server.port))).rejects.toMatchObject({
		name: "ProbeFailure",
		reason: "timeout",
	});
});

test("a closed port is an outcome", async () => {
	server = await serveDatagrams(() => null);
	await server.close();
	await expect(probe.talk(dialedContext(server.port))).rejects.toMatchObject({ reason: "refused" });
	server = null;
});
