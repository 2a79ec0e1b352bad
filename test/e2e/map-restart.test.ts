/** A map outlives its daemon: killed half-way, it goes on at the next start and probes only what was not settled. */
import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as maps from "../../protocol/methods/maps.ts";
import type { NetworkMap } from "../../protocol/model/map.ts";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

let household: Household;
beforeAll(() => {
	household = new Household();
	// Told by those who were connected to, which raw packets do not do; the lab captures those.
	household.env.VEDETTE_ENGINE = "connect";
});
afterAll(() => household.end());

test("kill -9 in the middle of a map loses nothing and repeats one window at most", async () => {
	const addresses = 4_096;
	/** By which of the daemons last. */
	const reached = new Map<string, "first" | "second">();
	let daemon: "first" | "second" = "first";
	let again = 0;
	const server = createServer((socket) => {
		const address = socket.localAddress ?? "";
		if ((reached.get(address) ?? daemon) !== daemon) again++;
		reached.set(address, daemon);
		socket.on("error", () => socket.destroy());
		socket.resume();
	});
	// All may wait to be accepted: where this process is slow, none of them is to look silent.
	await new Promise<void>((resolve) => server.listen({ port: 0, host: "0.0.0.0", backlog: addresses }, resolve));
	const { port } = server.address() as { port: number };
	try {
		const first = await household.daemon();
		const half = Promise.withResolvers<void>();
		const watching = first.client.subscribe(
			maps.watch,
			{},
			{
				onSnapshot: () => undefined,
				onEvent: ({ map }) => map.settled >= addresses / 4 && half.resolve(),
			},
		);
		await watching.ready;
		await first.client.call(maps.start, {
			targets: ["127.44.0.0/20"],
			...{ dns: false, tcpPorts: String(port), udpPorts: "none" },
		});
		await half.promise;
		await ended(first.child, "SIGKILL");
		daemon = "second";
		const second = await household.daemon();
		const done = Promise.withResolvers<NetworkMap>();
		const see = (map: NetworkMap) => {
			if (map.status === "finished") done.resolve(map);
		};
		second.client.subscribe(
			maps.watch,
			{},
			{
				onSnapshot: (snapshot) => snapshot.maps.forEach(see),
				onEvent: ({ map }) => see(map),
			},
		);
		expect(await done.promise).toMatchObject({ hosts: addresses, live: addresses, settled: addresses });
		expect(reached.size).toBe(addresses);
		expect(again).toBeLessThanOrEqual(256);
	} finally {
		server.close();
	}
});
