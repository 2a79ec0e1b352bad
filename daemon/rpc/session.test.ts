import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { Scan } from "../../protocol/model/scan.ts";
import { type Door, isAlive, openDoor, Peer } from "../../test/conformance/door.ts";
import { Hub } from "../hub.ts";
import { openStore } from "../store/store.ts";
import type { Handlers, Streams } from "./handler.ts";
import { findingsStreams } from "./handlers/findings.ts";
import { watchScans } from "./handlers/scan-streams.ts";
import type { Services } from "./services.ts";

let door: Door | null = null;
afterEach(async () => {
	await door?.close();
	door = null;
});

test("an answer that cannot be written as JSON is a failure, not the end of the daemon", async () => {
	const round: Record<string, unknown> = {};
	round.again = round;
	const handlers = {
		signatures: { list: () => ({ total: 0 }), get: () => ({ count: 1n }) },
		knowledge: { status: () => round },
	} as unknown as Handlers;
	door = await openDoor({ handlers, strict: false });
	const peer = await Peer.open(door.socketPath);
	const big = await peer.ask("signatures.get", { id: "x" });
	expect(big.error?.data?.code).toBe("internal");
	expect((await peer.ask("knowledge.status", {})).error?.data?.code).toBe("internal");
	await peer.close();
	expect(await isAlive(door.socketPath)).toBe(true);
});

test("consoles that vanish without a word leave nobody listening", async () => {
	const hub = new Hub();
	const store = openStore(":memory:", { clock: { now: () => Date.now() } });
	const streams = {
		findings: findingsStreams({ store, hub } as Services),
		scans: { watch: watchScans(hub, () => []) },
	} as unknown as Streams;
	door = await openDoor({ streams, strict: true });
	const peers = await Promise.all(Array.from({ length: 60 }, () => Peer.open((door as Door).socketPath)));
	for (const peer of peers)
		for (const stream of ["findings.watch", "scans.watch"])
			expect((await peer.ask("$/subscribe", { stream })).error).toBeUndefined();
	expect(hub.listeners).toBe(120);
	const half = peers.splice(0, 30);
	for (const peer of half) peer.socket.terminate();
	for (const peer of peers) await peer.close();
	await Promise.all(half.map((peer) => peer.closed));
	// The daemon hears of an end a moment after the console does.
	while (door.server.connections() > 0) await setImmediate();
	expect(hub.listeners).toBe(0);
	store.close();
});

test("a snapshot that is not as declared leaves nobody listening", async () => {
	const hub = new Hub();
	const nonsense = watchScans(hub, () => [{ id: "none", targets: [], exclusions: [] }] as never);
	door = await openDoor({ streams: { scans: { watch: nonsense } } as unknown as Streams, strict: true });
	const peer = await Peer.open(door.socketPath);
	const answer = await peer.ask("$/subscribe", { stream: "scans.watch" });
	expect(answer.error?.data?.code).toBe("internal");
	expect(hub.listeners).toBe(0);
	await peer.close();
});

test("two hundred scans of ten thousand targets each do not keep a console from its list", async () => {
	const hub = new Hub();
	const targets = Array.from({ length: 10_000 }, (_, i) => `127.100.${i >> 8}.${i & 255}`);
	const scans = Array.from({ length: 200 }, (_, i) => ({ id: 200 - i, targets, exclusions: [] }) as unknown as Scan);
	door = await openDoor({
		streams: { scans: { watch: watchScans(hub, () => scans) } } as unknown as Streams,
		strict: false,
	});
	const peer = await Peer.open(door.socketPath);
	const answer = await peer.ask("$/subscribe", { stream: "scans.watch" });
	const snapshot = answer.result?.snapshot as { scans: Scan[] };
	expect(snapshot.scans.length).toBeGreaterThan(20);
	expect(snapshot.scans[0]?.id).toBe(200);
	await peer.close();
});
