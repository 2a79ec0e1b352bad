import { expect, test } from "vitest";
import { netbiosIn } from "../identity/netbios.ts";
import type { DatagramEngine } from "../packets/datagrams/job.ts";
import { askNetbiosName } from "./netbios-name.ts";

/** A node status response with one unique name of type 0. */
function response(name: string): Uint8Array {
	const bytes = Buffer.alloc(57 + 18 + 6);
	bytes.writeUInt16BE(0x8400, 2);
	bytes[12] = 32;
	bytes.writeUInt16BE(0x21, 46);
	bytes[56] = 1;
	bytes.write(name.padEnd(15), 57, "latin1");
	bytes.writeUInt16BE(0x0400, 73);
	return bytes;
}

/** Answers, or is silent; tells what it was asked. */
function scripted(reply: Uint8Array | null) {
	const asked: unknown[] = [];
	const engine: DatagramEngine = {
		run({ addresses, probes }) {
			asked.push([addresses, probes.udpPorts]);
			const said = { address: "127.0.0.9", kind: "udp", port: 137, alive: true, rttMs: 1, mac: null } as const;
			const answers = reply === null ? [] : [{ ...said, state: "open" as const, reply }];
			return {
				note: { skipped: [], sparing: [] },
				stop: async () => undefined,
				async *[Symbol.asyncIterator]() {
					yield { answers, settled: 1, sent: 2, refused: 0 };
				},
			};
		},
		close: async () => undefined,
	};
	return { engine, asked };
}

function ask(engine: DatagramEngine | undefined, change: { udpPorts?: number[]; fragilePorts?: Set<number> } = {}) {
	let packets = 0;
	const task = {
		target: { address: "127.0.0.9", hostname: null, how: "answered", rttMs: 1, checkpoint: null },
		limits: { ratePerSecond: 100, inFlight: 10, inFlightPerHost: 10, timeoutMs: 500, retries: 1 },
		...{ guard: undefined, group: undefined, fragilePorts: new Set<number>(), udpPorts: [53], datagrams: engine },
		...{ signal: new AbortController().signal, now: () => 7 },
		...change,
	} as unknown as Parameters<typeof askNetbiosName>[0];
	return askNetbiosName(task, (sent) => (packets += sent)).then((record) => ({ record, packets }));
}

test("the host is asked for its name, and what it says is evidence of it", async () => {
	const { engine, asked } = scripted(response("FILES"));
	const { record, packets } = await ask(engine);
	expect(asked).toEqual([[["127.0.0.9"], [137]]]);
	expect(packets).toBe(2);
	expect(record).toMatchObject({ address: "127.0.0.9", port: 137, protocol: "udp", source: "network", observedAt: 7 });
	expect(record?.kind === "banner" && netbiosIn(record)?.name).toBe("FILES");
});

test("nobody is asked where the scan asks the port itself, where it is fragile, or where datagrams cannot be sent", async () => {
	const { engine, asked } = scripted(response("FILES"));
	expect((await ask(engine, { udpPorts: [137] })).record).toBeNull();
	expect((await ask(engine, { fragilePorts: new Set([137]) })).record).toBeNull();
	expect((await ask(undefined)).record).toBeNull();
	expect(asked).toEqual([]);
	expect((await ask(scripted(null).engine)).record).toBeNull();
});
