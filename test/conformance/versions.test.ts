/** A console and a daemon of different times, both ways, over a real connection. */
import { afterEach, describe, expect, test } from "vitest";
import type { Handlers } from "../../daemon/rpc/handler.ts";
import { type Client, connectClient, type WebSocketLike } from "../../protocol/client.ts";
import { dialUnix } from "../../protocol/dial.ts";
import { AppError } from "../../protocol/errors.ts";
import * as consoles from "../../protocol/methods/consoles.ts";
import * as signatures from "../../protocol/methods/signatures.ts";
import { cannotSpeak, canSpeak } from "../../protocol/versions.ts";
import { type Door, openDoor, Peer } from "./door.ts";

let door: Door | undefined;
let client: Client | undefined;
afterEach(async () => {
	await client?.close();
	await door?.close();
	client = undefined;
	door = undefined;
});

async function errorOf(work: Promise<unknown>): Promise<AppError> {
	const err = await work.then(
		() => null,
		(reason: unknown) => reason,
	);
	if (err instanceof AppError) return err;
	throw new Error(`no AppError: ${String(err)}`);
}

/** A daemon that greets with this, whatever it is asked. */
function greeting(result: unknown): WebSocketLike {
	const listeners: ((event: { data: unknown }) => void)[] = [];
	return {
		send(text) {
			const { id } = JSON.parse(text) as { id: number };
			queueMicrotask(() => {
				for (const listener of listeners) listener({ data: JSON.stringify({ jsonrpc: "2.0", id, result }) });
			});
		},
		close: () => undefined,
		addEventListener: (type: string, listener: unknown) => {
			if (type === "message") listeners.push(listener as (event: { data: unknown }) => void);
		},
	};
}

test("an older client is told by a newer daemon that it is the older", async () => {
	door = await openDoor();
	const peer = await Peer.open(door.socketPath, false);
	const { error } = await peer.ask("daemon.hello", { protocol: "0.9", client: "vedette 0.0.9" });
	expect(error?.message).toBe(
		"The daemon (1.2.3) speaks protocol 1.0, the client (vedette 0.0.9) 0.9: they do not understand each other.",
	);
	expect(error?.data?.hint).toMatch(/^This side is the older/);
	const newer = await peer.ask("daemon.hello", { protocol: "2.0", client: "vedette 9.0.0" });
	expect(newer.error?.data?.hint).toMatch(/^The daemon is the older.*vedette daemon stop/);
	await peer.close();
});

describe("a daemon that greets as no other", () => {
	test.each([
		[
			"a newer one with more to say",
			{ version: "9.0.0", protocol: "2.0", access: "root", user: {} },
			/This side is the older/,
		],
		["an older one with less", { version: "0.0.1", protocol: "0.4" }, /The daemon is the older/],
		["one of nowhere", { version: "x", protocol: "\u001b[31m" }, /same version on both sides/],
	])("%s", async (_name, result, hint) => {
		const err = await errorOf(
			connectClient({ dial: async () => greeting(result), client: "vedette 0.1.0", retryMs: 0 }),
		);
		expect([err.code, err.hint]).toEqual(["version-mismatch", expect.stringMatching(hint)]);
		expect(err.message).toContain("vedette 0.1.0");
	});

	test("of the same major number it is spoken to, whatever it adds", async () => {
		const result = { version: "0.2.0", protocol: "1.7", access: "read", user: "unix:0", capabilities: [], more: 1 };
		client = await connectClient({ dial: async () => greeting(result), client: "vedette 0.1.0", retryMs: 0 });
		expect(client.hello).toMatchObject({ version: "0.2.0", protocol: "1.7" });
	});
});

test("what an older daemon does not know is said to be that, and the rest works", async () => {
	door = await openDoor();
	const { socketPath } = door;
	client = await connectClient({ dial: () => dialUnix(socketPath), client: "vedette 9.0.0", retryMs: 0 });
	const err = await errorOf(client.call(consoles.list, {}));
	expect([err.code, err.message]).toEqual([
		"version-mismatch",
		"The daemon (1.2.3) does not know consoles.list; vedette 9.0.0 does.",
	]);
	expect(await client.call(signatures.list, {})).toMatchObject({ total: 0 });
});

test("an answer of a daemon of another version that is not understood says so; of the same version it is a fault", async () => {
	const handlers = { signatures: { list: () => ({ items: "many" }) } } as unknown as Handlers;
	door = await openDoor({ handlers, strict: false });
	const { socketPath } = door;
	client = await connectClient({ dial: () => dialUnix(socketPath), client: "vedette 0.1.0", retryMs: 0 });
	const other = await errorOf(client.call(signatures.list, {}));
	expect([other.code, other.message]).toEqual([
		"version-mismatch",
		expect.stringContaining("1.2.3, and this is vedette 0.1.0"),
	]);
	await client.close();
	client = await connectClient({ dial: () => dialUnix(socketPath), client: "vedette 1.2.3", retryMs: 0 });
	expect((await errorOf(client.call(signatures.list, {}))).code).toBe("internal");
});

test.each([
	["1.0", "1.9", true],
	["1.0", "2.0", false],
	["1.0", "1", false],
	["", "", false],
	["__proto__", "__proto__", false],
])("%s and %s", (a, b, expected) => {
	expect(canSpeak(a, b)).toBe(expected);
	expect(cannotSpeak({ program: "1", protocol: a }, { program: "2", protocol: b }).code).toBe("version-mismatch");
});
