/** The client against the real server: calls, timeouts, subscriptions that heal, reconnecting. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, type ClientState, connectClient, type WebSocketLike } from "../../protocol/client.ts";
import { dialUnix } from "../../protocol/dial.ts";
import { AppError } from "../../protocol/errors.ts";
import * as findings from "../../protocol/methods/findings.ts";
import * as knowledge from "../../protocol/methods/knowledge.ts";
import * as scans from "../../protocol/methods/scans.ts";
import * as signatures from "../../protocol/methods/signatures.ts";
import { type Door, openDoor } from "./door.ts";

let door: Door;
const clients: Client[] = [];
beforeAll(async () => {
	door = await openDoor();
});
afterAll(async () => {
	for (const client of clients) await client.close();
	await door.close();
});

async function connect(path = door.socketPath, dial = () => dialUnix(path) as Promise<WebSocketLike>): Promise<Client> {
	const client = await connectClient({ dial, client: "test 1", retryMs: 2_000, pingMs: 1_000 });
	clients.push(client);
	return client;
}

async function errorOf(work: Promise<unknown>): Promise<AppError> {
	const err = await work.then(
		() => null,
		(reason: unknown) => reason,
	);
	if (err instanceof AppError) return err;
	throw new Error(`no AppError: ${String(err)}`);
}

/** Everything a subscription said, as text, and a way to wait for more. */
function listen(client: Client) {
	const said: string[] = [];
	let wake = () => {};
	const say = (text: string) => {
		said.push(text);
		wake();
	};
	const subscription = client.subscribe(
		findings.watch,
		{},
		{
			onSnapshot: ({ total }) => say(`snapshot ${total}`),
			onEvent: ({ total }) => say(`event ${total}`),
			onLost: (reason) => say(`lost ${reason}`),
			onError: (err) => say(`error ${err.code}`),
		},
	);
	const until = async (text: string) => {
		while (!said.includes(text)) {
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
		}
	};
	return { said, subscription, until };
}

test("says hello, calls, validates both ways, measures the latency", async () => {
	const client = await connect();
	expect(client.hello).toMatchObject({ version: "1.2.3", access: "admin" });
	expect(await client.call(signatures.list, {})).toEqual({ items: [], total: 0, next: null });
	const wrong = await errorOf(client.call(scans.get, { scan: -1 }));
	expect([wrong.code, wrong.message]).toEqual(["invalid", expect.stringContaining("scan:")]);
	expect((await errorOf(client.call(scans.cancel, { scan: 3 }))).hint).toBe("List them: vedette scans");
	expect((await errorOf(client.call(knowledge.status, {}))).code).toBe("internal");
	const latency = client.latencyMs ?? (await new Promise<number>((resolve) => client.onLatency(resolve)));
	expect(latency).toBeGreaterThan(0);
	expect(await client.discover()).toMatchObject({ openrpc: "1.3.2" });
});

test("a call that takes too long or is given up is cancelled at the daemon too", async () => {
	const client = await connect();
	const already = door.waiting.length;
	const hurried = { ...scans.get, timeoutMs: 50 };
	const late = await errorOf(client.call(hurried, { scan: 1 }));
	expect([late.code, late.message]).toEqual(["unavailable", expect.stringContaining("within 50 ms")]);
	const controller = new AbortController();
	const call = client.call(scans.get, { scan: 1 }, { signal: controller.signal });
	controller.abort();
	expect((await errorOf(call)).code).toBe("cancelled");
	expect((await errorOf(client.call(scans.get, { scan: 1 }, { signal: controller.signal }))).code).toBe("cancelled");
	// Answered in order: by now both cancellations have been read.
	await client.call(signatures.list, {});
	expect(door.waiting.slice(already).map((signal) => signal.aborted)).toEqual([true, true]);
});

test("subscribes, follows, and stops", async () => {
	const client = await connect();
	const { said, subscription, until } = listen(client);
	await subscription.ready;
	door.emit(1);
	door.emit(2);
	await until("event 2");
	expect(said).toEqual(["snapshot 0", "event 1", "event 2"]);
	subscription.close();
	await client.call(signatures.list, {});
	expect(door.openStreams()).toBe(0);
	const refused = client.subscribe(scans.follow, { scan: 1 }, { onSnapshot: () => {}, onEvent: () => {} });
	expect((await errorOf(refused.ready)).code).toBe("not-found");
});

test("a number that is missing brings a new snapshot", async () => {
	const client = await connect(door.socketPath, async () =>
		withoutMessage(await dialUnix(door.socketPath), '"sequence":2'),
	);
	const { said, until } = listen(client);
	await until("snapshot 0");
	for (const total of [1, 2, 3]) door.emit(total);
	await until("lost gap");
	while (said.filter((line) => line === "snapshot 0").length < 2) await client.call(signatures.list, {});
	door.emit(4);
	await until("event 4");
	expect(said).toEqual(["snapshot 0", "event 1", "lost gap", "snapshot 0", "event 4"]);
});

/** A socket on which one message never arrives. */
function withoutMessage(socket: Awaited<ReturnType<typeof dialUnix>>, mark: string): WebSocketLike {
	let dropped = false;
	return {
		send: (text) => socket.send(text),
		close: (code, reason) => socket.close(code, reason),
		addEventListener(type: "message" | "close", listener: (event: { data: unknown }) => void) {
			if (type === "close") socket.addEventListener("close", () => listener({ data: null }));
			else {
				socket.addEventListener("message", (event) => {
					if (!dropped && String(event.data).includes(mark)) dropped = true;
					else listener(event);
				});
			}
		},
	};
}

test("a daemon that goes and comes back: calls say so, the subscription comes back by itself", async () => {
	const first = await openDoor();
	const client = await connect(first.socketPath);
	const states: ClientState[] = [];
	const reached = (state: ClientState) =>
		new Promise<void>((resolve) => client.onState((now) => now === state && resolve()));
	client.onState((state) => states.push(state));
	const { said, until } = listen(client);
	await until("snapshot 0");
	const pending = errorOf(client.call(scans.get, { scan: 1 }));
	const gone = reached("reconnecting");
	const back = reached("connected");
	await first.server.close();
	await gone;
	expect((await pending).code).toMatch(/unavailable|cancelled/);
	expect((await errorOf(client.call(signatures.list, {}))).code).toBe("unavailable");
	const second = await openDoor({ socketPath: first.socketPath });
	await back;
	while (second.openStreams() === 0) await client.call(signatures.list, {});
	second.emit(9);
	await until("event 9");
	expect(said).toEqual(["snapshot 0", "lost disconnected", "snapshot 0", "event 9"]);
	await client.close();
	expect(states).toEqual(["reconnecting", "connected", "closed"]);
	await second.close();
	await first.close();
});

test("who asks for it is connected again without the wait", async () => {
	const first = await openDoor();
	const client = await connect(first.socketPath);
	const gone = new Promise<void>((resolve) => client.onState((now) => now === "reconnecting" && resolve()));
	client.retry();
	expect([client.state, client.attempts], "of a line that is there nothing becomes of it").toEqual(["connected", 0]);
	await first.server.close();
	await gone;
	client.retry();
	expect(client.attempts).toBe(1);
	client.retry();
	expect(client.attempts, "one try at a time").toBe(1);
	await client.close();
	client.retry();
	expect(client.state).toBe("closed");
	await first.close();
});

test("an answer that could not be read in time, because this process was held up, is no silence", async () => {
	let pings = 0;
	const holdUp = () => {
		for (const until = performance.now() + 60; performance.now() < until; );
	};
	const dial = async (): Promise<WebSocketLike> => {
		const socket = await dialUnix(door.socketPath);
		return {
			close: (code, reason) => socket.close(code, reason),
			addEventListener: socket.addEventListener.bind(socket),
			send(text) {
				socket.send(text);
				if (!text.includes("$/ping")) return;
				pings++;
				queueMicrotask(holdUp);
			},
		};
	};
	// Silence of two such periods ends a connection, and each time it is held up for three.
	const client = await connectClient({ dial, client: "t", retryMs: 0, pingMs: 20 });
	const states: ClientState[] = [];
	client.onState((state) => states.push(state));
	while (pings < 4) await client.call(signatures.list, {});
	expect(states).toEqual([]);
	await client.close();
});

test("nobody there: unavailable, with what to do", async () => {
	const dial = () => dialUnix("/nonexistent/daemon.sock");
	const err = await errorOf(connectClient({ dial, client: "t", retryMs: 0 }));
	expect([err.code, err.hint]).toEqual(["unavailable", "Start it with: vedette daemon start"]);
});

test("a daemon that begins a moment later is waited for", async () => {
	const path = `${door.folder}/later.sock`;
	const client = connectClient({ dial: () => dialUnix(path), client: "t", retryMs: 5_000 });
	const later = await openDoor({ socketPath: path });
	expect((await client).state).toBe("connected");
	await (await client).close();
	await later.close();
});

test("a peer that talks nonsense is left", async () => {
	const listeners: { message?: (event: { data: unknown }) => void; close?: () => void } = {};
	const nonsense: WebSocketLike = {
		send: () => queueMicrotask(() => listeners.message?.({ data: `${"[".repeat(100)}` })),
		close: () => undefined,
		addEventListener: (type: string, listener: (event: { data: unknown }) => void) => {
			if (type === "message") listeners.message = listener;
		},
	};
	const err = await errorOf(connectClient({ dial: async () => nonsense, client: "t", retryMs: 0 }));
	expect(err.code).toBe("unavailable");
});
