/** Interfaces and routes that come and go, and what becomes of a job whose way is one of them. Time is a number handed in. */
import { expect, test } from "vitest";
import { ConnectLoop, strandedForMs } from "./connect-loop.ts";
import { type Connector, type Outcome, outcome } from "./connector.ts";
import { pairStates } from "./engine.ts";
import { testLimits } from "./gate.test-support.ts";
import { LinkWatch, readRoutes4, readRoutes6 } from "./link-watch.ts";
import type { FromWorker } from "./messages.ts";

const table4 = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010200C0	0003	0	0	0	00000000	0	0	0
near0	0000630A	00000000	0001	0	0	0	00FFFFFF	0	0	0
dead	000012C6	00000000	0201	0	0	0	0000FEFF	0	0	0
nonsense
`;
const table6 = `fd990000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001    near0
00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000002 00000000 80200001       lo
`;
const bytes = (text: string) => Uint8Array.from(text.split("."), Number);
const ip6 = (first: number, second: number) => Uint8Array.from({ length: 16 }, (_, i) => [first, second][i] ?? 0);

/** What the machine says, to be changed by a test. */
function machine() {
	const state = { running: ["eth0", "near0", "lo"], routes: [...readRoutes4(table4), ...readRoutes6(table6)] };
	return { state, watch: new LinkWatch(() => ({ running: new Set(state.running), routes: [...state.routes] })) };
}

test("reads the kernel's tables, and leaves out what is no route", () => {
	expect(readRoutes4(table4).map(({ bytes, prefix, link }) => `${bytes.join(".")}/${prefix} ${link}`)).toEqual([
		"0.0.0.0/0 eth0",
		"10.99.0.0/24 near0",
	]);
	expect(readRoutes6(table6).map(({ prefix, link }) => `${prefix} ${link}`)).toEqual(["64 near0", "128 lo"]);
	expect(readRoutes4("")).toEqual([]);
});

test("knows which interface leads where, and that this machine itself is never cut off", () => {
	const { watch, state } = machine();
	watch.check(0);
	expect([bytes("10.99.0.7"), bytes("8.8.8.8"), ip6(0xfd, 0x99), ip6(0xfe, 0)].map((to) => watch.linkTo(to))).toEqual([
		"near0",
		"eth0",
		"near0",
		null,
	]);
	state.running = [];
	state.routes = [];
	watch.check(1_000);
	const loopback = Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? 1 : 0));
	expect([bytes("10.99.0.7"), bytes("127.0.0.1"), loopback].map((to) => watch.isCut(to))).toEqual([true, false, false]);
});

test.each<[string, (state: ReturnType<typeof machine>["state"]) => unknown, boolean, boolean]>([
	["its carrier is lost", (state) => state.running.splice(1, 1), true, false],
	["its route is deleted and the default takes over", (state) => state.routes.splice(1, 1), false, false],
	["every route is deleted", (state) => state.routes.splice(0), true, true],
])("%s", (_, change, near, others) => {
	const { watch, state } = machine();
	watch.check(0);
	const before = watch.version;
	change(state);
	watch.check(50);
	expect(watch.version).toBe(before);
	watch.check(5_000);
	expect(watch.version).toBeGreaterThan(before);
	expect([watch.isCut(bytes("10.99.0.7")), watch.isCut(bytes("8.8.8.8"))]).toEqual([near, others]);
});

/** Answers everything `closed` in the next turn as long as the machine has the interface; else the kernel says so, or nothing comes. */
class Wire implements Connector {
	readonly name = "connect-node";
	readonly blocks = true;
	readonly capacity = 64;
	readonly pending = new Set<number>();
	isUp = true;
	/** The kernel refuses at once; else packets are lost without a word. */
	private readonly refuses: boolean;

	constructor(refuses: boolean) {
		this.refuses = refuses;
	}
	start(slot: number): Outcome {
		if (!this.isUp && this.refuses) return outcome.unreachable;
		this.pending.add(slot);
		return outcome.pending;
	}
	cancel(slot: number): void {
		this.pending.delete(slot);
	}
	poll(_waitMs: number, finished: (slot: number, result: Outcome) => void): number {
		if (!this.isUp) return 0;
		for (const slot of [...this.pending]) {
			this.pending.delete(slot);
			finished(slot, outcome.closed);
		}
		return 1;
	}
	close(): void {}
}

/** A job over near0, which goes at 100 ms and comes back when it is said to. */
function lose(refuses: boolean, backAtMs: number) {
	let now = 0;
	const wire = new Wire(refuses);
	const { watch, state } = machine();
	const { table, limits } = testLimits();
	/** Of the two hosts behind near0, and of the one that is behind eth0 as long as there is a route. */
	const near: string[] = [];
	const far: string[] = [];
	let end: Extract<FromWorker, { kind: "end" }> | undefined;
	const told = new Set<string>();
	const loop = new ConnectLoop(
		wire,
		(message) => {
			if (message.kind === "end") end = message;
			if (message.kind !== "batch") return;
			message.states.forEach((one, i) => {
				(message.hosts[i] === 2 ? far : near).push(pairStates[one] ?? "");
			});
			for (const sentence of message.slowedBy ?? []) told.add(sentence);
		},
		() => now,
		limits,
		watch,
	);
	const job = {
		addresses: ["10.99.0.1", "10.99.0.2", "10.99.1.1"],
		ports: Array.from({ length: 300 }, (_, i) => i + 1),
		limits: { ratePerSecond: 1_000, inFlight: 50, inFlightPerHost: 50, timeoutMs: 300, retries: 1 },
	};
	loop.start(1, job, null, table.claim(job));
	while (!loop.idle && now < 60_000) {
		now += Math.max(1, loop.turn(1));
		if (now >= 100 && now < backAtMs && wire.isUp) {
			wire.isUp = false;
			state.running = ["eth0", "lo"];
			if (refuses) state.routes = [];
		}
		if (now >= backAtMs && !wire.isUp) {
			wire.isUp = true;
			state.running = ["eth0", "near0", "lo"];
			state.routes = [...readRoutes4(table4), ...readRoutes6(table6)];
		}
	}
	return { near, far, end, told: [...told], pending: wire.pending.size, now };
}

test.each([true, false])(
	"an interface that comes back in time costs time and nothing else (refused at once: %s)",
	(refuses) => {
		const { near, far, end, told } = lose(refuses, 4_000);
		expect(end?.failed).toBeUndefined();
		expect(near).toEqual(Array.from({ length: 600 }, () => "closed"));
		expect(far).toHaveLength(300);
		if (refuses) expect(new Set(far)).toEqual(new Set(["closed"]));
		expect(told).toEqual(["The interface near0 is down, gone or without a route: what leaves by it waits."]);
	},
);

test.each([true, false])(
	"one that does not ends the job with the reason, and nothing is made up (refused at once: %s)",
	(refuses) => {
		const { near, far, end, pending, now } = lose(refuses, Number.POSITIVE_INFINITY);
		expect(end?.failed?.message).toMatch(/10\.99\.0\.0\/24 cannot be reached any more: near0 is down/);
		expect(near.length).toBeLessThan(600);
		expect(new Set(near)).toEqual(new Set(["closed"]));
		if (refuses) expect(far.length).toBeLessThan(300);
		expect(pending).toBe(0);
		expect(now).toBeGreaterThan(strandedForMs);
	},
);
