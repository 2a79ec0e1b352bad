import { expect, it } from "vitest";
import { serve, talkTo } from "../loopback.test-support.ts";
import { probe } from "./probe.ts";
import { commandOf, serveMongo } from "./server.test-support.ts";

const hello = { ismaster: true, maxWireVersion: 17, setName: "rs0", ok: 1 };
const buildInfo = { version: "6.0.14", gitVersion: "x", modules: [], ok: 1 };

it("reads a MongoDB that shows its databases to anyone", async () => {
	const listDatabases = { databases: [{ name: "admin" }, { name: "shop" }], ok: 1 };
	expect(await talkTo(probe, await serveMongo({ isMaster: hello, buildInfo, listDatabases }))).toEqual({
		kind: "mongodb",
		complete: true,
		data: {
			product: "MongoDB",
			version: "6.0.14",
			info: null,
			authenticationRequired: false,
			databases: ["admin", "shop"],
			maxWireVersion: 17,
			replicaSet: "rs0",
		},
	});
});

it("reads a MongoDB that wants a login", async () => {
	const listDatabases = { ok: 0, code: 13, errmsg: "command listDatabases requires authentication" };
	const lesson = await talkTo(probe, await serveMongo({ isMaster: hello, buildInfo, listDatabases }));
	expect(lesson).toMatchObject({ complete: true, data: { authenticationRequired: true, databases: [] } });
});

it("asks an old server with OP_QUERY all along", async () => {
	const listDatabases = { databases: [], ok: 1 };
	const old = { ismaster: true, maxWireVersion: 5, ok: 1 };
	const server = await serveMongo({ isMaster: old, buildInfo: { ...buildInfo, version: "3.4.24" }, listDatabases });
	expect(await talkTo(probe, server)).toMatchObject({ complete: true, data: { version: "3.4.24", maxWireVersion: 5 } });
	expect(server.heard[0]!.includes(Buffer.from([0xdd, 7, 0, 0]))).toBe(false);
});

it("sends nothing that writes and no login", async () => {
	const seen: string[] = [];
	const server = await serveMongo({ isMaster: hello, buildInfo, listDatabases: { databases: [], ok: 1 } });
	await talkTo(probe, server);
	let rest = server.heard[0]!;
	while (rest.length > 0) {
		seen.push(...Object.keys(commandOf(rest)).slice(0, 1));
		rest = rest.subarray(rest.readInt32LE(0));
	}
	expect(seen).toEqual(["isMaster", "buildInfo", "listDatabases"]);
});

it("leaves open what a secondary refuses or a server hangs up on", async () => {
	const listDatabases = { ok: 0, code: 13435, errmsg: "not primary and secondaryOk=false" };
	const secondary = await serveMongo({ isMaster: hello, buildInfo, listDatabases });
	expect(await talkTo(probe, secondary)).toMatchObject({ complete: false, data: { version: "6.0.14" } });
	const curt = await serveMongo({ isMaster: hello, buildInfo: null });
	expect(await talkTo(probe, curt)).toMatchObject({ complete: false, data: { maxWireVersion: 17, version: null } });
});

it("rejects what is no MongoDB, and lengths nobody sends", async () => {
	const other = await serve({ onData: (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n") });
	await expect(talkTo(probe, other)).rejects.toMatchObject({ reason: "protocol" });
	const bomb = await serve({
		onData: (socket) => socket.end(Buffer.of(0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0)),
	});
	await expect(talkTo(probe, bomb)).rejects.toMatchObject({ reason: "protocol" });
});
