/** What a connection may say: everything malformed is answered or ends that connection, never anything else. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Door, isAlive, openDoor, Peer, theSecret } from "./door.ts";

let door: Door;
beforeAll(async () => {
	door = await openDoor();
});
afterAll(() => door.close());

const request = (method: unknown, params?: unknown, id: unknown = 7) => ({ jsonrpc: "2.0", id, method, params });
const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

describe("messages that are answered with an error", () => {
	test.each<[string, unknown, number]>([
		["not JSON", "{", -32700],
		["nothing", "", -32700],
		["a NUL", "\0", -32700],
		["a depth bomb", deep(100_000), -32700],
		["a depth bomb in params", `{"jsonrpc":"2.0","id":1,"method":"signatures.list","params":${deep(64)}}`, -32700],
		["a million open brackets", "[".repeat(1_000_000), -32700],
		["a number", "7", -32600],
		["null", "null", -32600],
		["a string", '"daemon.stop"', -32600],
		["an empty batch", "[]", -32600],
		["a batch of nothing", "[null]", -32600],
		["a batch bomb", `[${Array.from({ length: 65 }, () => "0").join(",")}]`, -32600],
		["JSON-RPC 1.0", { id: 1, method: "daemon.stop", params: [] }, -32600],
		["no method", { jsonrpc: "2.0", id: 1 }, -32600],
		["a method that is no string", request({ toString: "daemon.stop" }), -32600],
		["a method of 100 kB", request("x".repeat(100_000)), -32600],
		["an id that is an object", request("signatures.list", {}, { a: 1 }), -32600],
		["an id of 10 kB", request("signatures.list", {}, "x".repeat(10_000)), -32600],
		["an unknown method", request("daemon.format"), -32601],
		["a method of the prototype", request("__proto__"), -32601],
		["another", request("constructor"), -32601],
		["a method of ours to the other side", request("$/event", { subscription: 1, sequence: 1 }), -32601],
		["params as an array", request("signatures.list", [1]), -32602],
		["params as a string", request("signatures.list", "x"), -32602],
		["a parameter of the wrong type", request("signatures.list", { limit: "9" }), -32602],
		["a parameter out of bounds", request("signatures.list", { limit: 1e9 }), -32602],
		["a parameter that does not exist", request("signatures.list", { limits: 9 }), -32602],
		[
			"__proto__ as a parameter",
			`{"jsonrpc":"2.0","id":1,"method":"signatures.list","params":{"__proto__":{"limit":1}}}`,
			-32602,
		],
		["constructor as a parameter", request("signatures.list", { constructor: { prototype: { polluted: 1 } } }), -32602],
		["a stream that does not exist", request("$/subscribe", { stream: "nothing.watch" }), -32602],
		["a stream named like a method", request("$/subscribe", { stream: "signatures.list" }), -32602],
		[
			"__proto__ in a stream's params",
			`{"jsonrpc":"2.0","id":1,"method":"$/subscribe","params":{"stream":"findings.watch","params":{"__proto__":{"polluted":1},"x":1}}}`,
			-32602,
		],
		["a subscription without a number", request("$/unsubscribe", {}), -32602],
	])("%s", async (_name, message, code) => {
		const peer = await Peer.open(door.socketPath);
		peer.send(message);
		const answer = await peer.next().then((one) => (Array.isArray(one) ? one[0] : one));
		expect(answer.error?.code).toBe(code);
		expect(answer.error?.message).toMatch(/\.$/);
		// The connection itself goes on.
		expect((await peer.ask("signatures.list", {}, 8)).result).toBeDefined();
		await peer.close();
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
		expect(await isAlive(door.socketPath)).toBe(true);
	});
});

describe("messages that end the connection", () => {
	test.each<[string, (peer: Peer) => void, number]>([
		["a binary frame", (peer) => peer.send(Buffer.from("{}")), 1003],
		["a frame beyond the limit", (peer) => peer.send(`"${"x".repeat(1_048_576)}"`), 1009],
		["a message in 2,000 fragments", (peer) => fragments(peer, 2_000), 1008],
		["fragments beyond the limit together", (peer) => fragments(peer, 20, 100_000), 1009],
		[
			"text that is not UTF-8",
			(peer) => peer.socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false }),
			1007,
		],
	])("%s", async (_name, send, code) => {
		const peer = await Peer.open(door.socketPath);
		send(peer);
		expect(await peer.closed).toBe(code);
		expect(await isAlive(door.socketPath)).toBe(true);
	});
});

function fragments(peer: Peer, count: number, bytes = 1): void {
	for (let index = 0; index < count; index++) peer.socket.send("x".repeat(bytes), { fin: index === count - 1 });
}

describe("the greeting", () => {
	test.each(["signatures.list", "daemon.stop", "rpc.discover", "$/ping", "$/subscribe"])(
		"%s before it is a conflict",
		async (method) => {
			const peer = await Peer.open(door.socketPath, false);
			expect((await peer.ask(method, {})).error?.data?.code).toBe("conflict");
			await peer.close();
		},
	);

	test.each<[string, unknown, string]>([
		["another major", { protocol: "2.0", client: "t" }, "version-mismatch"],
		["none", { client: "t" }, "invalid"],
		["nonsense", { protocol: "__proto__", client: "t" }, "version-mismatch"],
		["with words of a later minor", { protocol: "1.7", client: "t", colour: "blue" }, "fine"],
		["a later minor", { protocol: "1.99", client: "t" }, "fine"],
	])("version: %s", async (_name, params, code) => {
		const peer = await Peer.open(door.socketPath, false);
		const answer = await peer.ask("daemon.hello", params);
		expect(answer.error?.data?.code ?? "fine").toBe(code);
		const after = await peer.ask("signatures.list", {});
		expect(after.result === undefined).toBe(code !== "fine");
		await peer.close();
	});
});

describe("faults of our own", () => {
	test("an unforeseen error says nothing but its incident, and the log has it all", async () => {
		const peer = await Peer.open(door.socketPath);
		const { error } = await peer.ask("scans.list", {});
		expect(error?.data?.code).toBe("internal");
		expect(JSON.stringify(error)).not.toContain(theSecret);
		const incident = error?.data?.incident;
		const line = door.logLines.find((one) => one.incident === incident);
		expect(JSON.stringify(line)).toContain(theSecret);
		expect(line).toMatchObject({ method: "scans.list" });
		await peer.close();
	});

	test("a result that is not as declared is internal", async () => {
		const peer = await Peer.open(door.socketPath);
		expect((await peer.ask("knowledge.status", {})).error?.data?.code).toBe("internal");
		await peer.close();
	});

	test("an expected error carries code, hint and message", async () => {
		const peer = await Peer.open(door.socketPath);
		const { error } = await peer.ask("scans.cancel", { scan: 4 });
		expect(error).toMatchObject({
			code: -32001,
			message: "There is no scan 4.",
			data: { hint: "List them: vedette scans" },
		});
		await peer.close();
	});

	test("an answer larger than a frame is too-large", async () => {
		const other = await openDoor({ limits: { answerBytes: 100_000 } });
		const peer = await Peer.open(other.socketPath);
		expect((await peer.ask("findings.list", { limit: 2 })).result).toBeDefined();
		expect((await peer.ask("findings.list", { limit: 9 })).error?.data?.code).toBe("too-large");
		await peer.close();
		await other.close();
	});
});

describe("many at once", () => {
	test("a batch is answered as one, notifications in it not at all", async () => {
		const peer = await Peer.open(door.socketPath);
		peer.send([
			request("signatures.list", {}, "a"),
			{ jsonrpc: "2.0", method: "signatures.list" },
			request("nothing.here", {}, 2),
			5,
		]);
		const answers = (await peer.next()) as unknown as { id: unknown }[];
		expect(answers.map(({ id }) => id)).toEqual(["a", 2, null]);
		await peer.close();
	});

	test("open requests are bounded, cancelling makes room, and an id in use is refused", async () => {
		const other = await openDoor({ limits: { openRequests: 3 } });
		const peer = await Peer.open(other.socketPath);
		for (const id of [1, 2, 3]) peer.send(request("scans.get", { scan: 1 }, id));
		expect((await peer.ask("signatures.list", {}, 3)).error?.code).toBe(-32600);
		expect((await peer.ask("signatures.list", {}, 4)).error?.data?.code).toBe("busy");
		peer.send({ jsonrpc: "2.0", method: "$/cancel", params: { id: 2 } });
		expect(await peer.next()).toMatchObject({ id: 2, error: { data: { code: "cancelled" } } });
		expect((await peer.ask("signatures.list", {}, 5)).result).toBeDefined();
		expect(other.waiting.map((signal) => signal.aborted)).toEqual([false, true, false]);
		await peer.close();
		await other.close();
		expect(other.waiting.every((signal) => signal.aborted)).toBe(true);
	});

	test("subscriptions are bounded and end with their connection", async () => {
		const other = await openDoor({ limits: { subscriptions: 2 } });
		const peer = await Peer.open(other.socketPath);
		for (let index = 0; index < 2; index++) await peer.ask("$/subscribe", { stream: "findings.watch" });
		expect((await peer.ask("$/subscribe", { stream: "findings.watch" })).error?.data?.code).toBe("busy");
		expect(other.openStreams()).toBe(2);
		expect((await peer.ask("$/unsubscribe", { subscription: 1 })).result).toEqual({});
		expect(other.openStreams()).toBe(1);
		await peer.close();
		await other.close();
		expect(other.openStreams()).toBe(0);
	});
});

describe("a reader that does not read", () => {
	test("loses its subscription with $/lost once it reads again, and others notice nothing", async () => {
		const other = await openDoor({ limits: { queueBytes: 100_000 } });
		const slow = await Peer.open(other.socketPath);
		const quick = await Peer.open(other.socketPath);
		await slow.ask("$/subscribe", { stream: "findings.watch" });
		await quick.ask("$/subscribe", { stream: "findings.watch" });
		slow.socket.pause();
		for (let total = 1; other.openStreams() === 2; total++) {
			other.emit(total);
			expect((await quick.next()).params).toMatchObject({ sequence: total, event: { total } });
		}
		slow.socket.resume();
		let last = await slow.next();
		for (let sequence = 1; last.method === "$/event"; sequence++) {
			expect(last.params?.sequence).toBe(sequence);
			last = await slow.next();
		}
		expect(last).toMatchObject({ method: "$/lost", params: { reason: "slow" } });
		expect((await slow.ask("$/subscribe", { stream: "findings.watch" })).result).toMatchObject({ sequence: 0 });
		await Promise.all([slow.close(), quick.close()]);
		await other.close();
	});

	test("is not read from either, and costs bounded memory", async () => {
		const other = await openDoor({ limits: { queueBytes: 100_000, answerBytes: 1_000_000 } });
		const peer = await Peer.open(other.socketPath);
		peer.socket.pause();
		const before = process.memoryUsage().rss;
		for (let id = 1; id <= 2_000; id++) peer.send(request("findings.list", { limit: 20 }, id));
		for (let round = 0; round < 20; round++) expect(await isAlive(other.socketPath)).toBe(true);
		expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1_048_576);
		peer.socket.terminate();
		await other.close();
	});
});

test("no message of any kind kills the daemon", async () => {
	const peer = await Peer.open(door.socketPath);
	const part = fc.oneof(
		fc.jsonValue(),
		fc.constantFrom("2.0", "daemon.hello", "$/subscribe", "$/cancel", "findings.watch"),
	);
	const message = fc.oneof(
		fc.json(),
		fc.string(),
		fc
			.record({ jsonrpc: fc.constantFrom("2.0", "1.0"), id: part, method: part, params: part }, { requiredKeys: [] })
			.map((value) => JSON.stringify(value)),
		fc
			.tuple(fc.constant(JSON.stringify(request("signatures.list", { limit: 3 }))), fc.nat(60), fc.string())
			.map(([text, at, noise]) => text.slice(0, at) + noise + text.slice(at + 1)),
	);
	for (const text of fc.sample(message, 5_000)) peer.send(text);
	// Whatever the others were answered with, this one's answer is among them.
	peer.send(request("signatures.list", {}, "the last"));
	for (let seen: unknown; seen !== "the last"; ) seen = (await peer.next()).id;
	await peer.close();
	expect(await isAlive(door.socketPath)).toBe(true);
});
