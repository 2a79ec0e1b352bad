/** A raw job over a scripted network and clock: whatever is answered, lost or late, every pair is settled once and no limit is passed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Scope } from "../../scope/scope.ts";
import { type PairState, type PortJob, pairStates } from "../engine.ts";
import { gateOf } from "../gate.test-support.ts";
import { LinkWatch } from "../link-watch.ts";
import { RateController } from "../raw-rate.ts";
import { type Answer, newAnswer } from "./answer.ts";
import { Network, type Path, type RawHost } from "./raw-host.ts";
import { RawSweep } from "./raw-sweep.ts";

const setAddress = (answer: Answer, { address }: RawHost) =>
	answer.words.set(typeof address === "number" ? [address] : address);
const path: Path = { kind: "ip", key: "local", source: 0x7f000001 };

/** What becomes of a try: a state after some time, or nothing. */
type Fate = { readonly state: PairState; readonly afterMs: number; readonly direct: boolean } | null;

interface Outcome {
	readonly pairs: Map<string, string>;
	readonly tries: Map<string, number>;
	readonly mostPerHost: number;
	readonly sweep: RawSweep;
	readonly load: { inFlight: number };
	readonly endedAt: number;
}

/** Runs a job to its end; `fateOf` decides each try (address, port, number of the try). */
function run(
	job: PortJob,
	fateOf: (address: string, port: number, tries: number) => Fate,
	pathOf: (found: (path: Path | "none") => void, nth: number) => Path | "none" | null = () => path,
	scope: Scope | null = null,
): Outcome {
	const load = { inFlight: 0 };
	const network = new Network();
	let asked = 0;
	const later: { at: number; do: () => void }[] = [];
	let now = 0;
	const controller = new RateController({ ceiling: 1e6 }, 0);
	const sweep = new RawSweep(job, scope, {
		controller,
		gate: gateOf(job),
		load,
		networkOf: () => network,
		findPath: (_, found) => pathOf((result) => later.push({ at: now + 30, do: () => found(result) }), asked++),
	});
	const pairs = new Map<string, string>();
	const tries = new Map<string, number>();
	const perHost = new Map<number, number>();
	let mostPerHost = 0;
	for (let turns = 0; !sweep.done; turns++) {
		expect(turns).toBeLessThan(100_000);
		now += 3;
		for (const due of later.filter(({ at }) => at <= now)) {
			later.splice(later.indexOf(due), 1);
			due.do();
		}
		sweep.expire(now);
		controller.update(now);
		for (let i = 0; i < 40; i++) {
			const host = sweep.take(now);
			if (host === null) break;
			const address = job.addresses[host.index] ?? "";
			const { port, repeats } = sweep;
			const key = `${host.index} ${port}`;
			expect(repeats).toBe(tries.get(key) ?? 0);
			tries.set(key, repeats + 1);
			sweep.sending(host, now);
			mostPerHost = Math.max(mostPerHost, host.inFlight);
			perHost.set(host.index, host.inFlight);
			const fate = fateOf(address, port, repeats);
			if (fate === null) continue;
			later.push({
				at: now + fate.afterMs,
				do: () => {
					const answer = Object.assign(newAnswer(), { port, state: fate.state, direct: fate.direct });
					setAddress(answer, host);
					const found = sweep.hostAt(answer);
					if (found !== undefined) sweep.answered(found, answer, repeats & 15, now);
				},
			});
		}
	}
	const { hosts, ports, states } = sweep.results.drain();
	hosts.forEach((host, i) => {
		const key = `${host} ${ports[i]}`;
		expect(pairs.has(key), key).toBe(false);
		pairs.set(key, pairStates[states[i] ?? 0] ?? "");
	});
	return { pairs, tries, mostPerHost, sweep, load, endedAt: now };
}

const limits = { ratePerSecond: 1e6, inFlight: 1e6, inFlightPerHost: 100, timeoutMs: 400, retries: 2 };
const addresses = (count: number) => Array.from({ length: count }, (_, i) => `127.9.${i >> 8}.${i & 255}`);
const portsUpTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

const anyFate = fc.option(
	fc.record({
		state: fc.constantFrom<PairState>("open", "closed", "closed", "filtered", "unreachable"),
		// Some come when the try has long been given up.
		afterMs: fc.constantFrom(1, 5, 40, 120, 600),
		direct: fc.boolean(),
	}),
	{ nil: null },
);

test("every pair is settled once, as often asked as allowed, within the limit of its host", () => {
	fc.assert(
		fc.property(
			fc.record({
				hosts: fc.integer({ min: 0, max: 9 }),
				ports: fc.integer({ min: 0, max: 90 }),
				perHost: fc.integer({ min: 1, max: 7 }),
				retries: fc.integer({ min: 0, max: 4 }),
				firstAnswerOnly: fc.boolean(),
			}),
			fc.array(anyFate, { minLength: 1, maxLength: 30 }),
			fc.array(fc.constantFrom<"at-once" | "later" | "dead" | "none">("at-once", "later", "dead", "none"), {
				minLength: 1,
				maxLength: 5,
			}),
			({ hosts, ports, perHost, retries, firstAnswerOnly }, fates, ways) => {
				let next = 0;
				const job = {
					addresses: addresses(hosts),
					ports: portsUpTo(ports),
					limits: { ...limits, inFlightPerHost: perHost, retries },
					firstAnswerOnly,
				};
				const outcome = run(
					job,
					() => fates[next++ % fates.length] ?? null,
					(found, nth) => {
						const way = ways[nth % ways.length];
						if (way === "at-once") return path;
						if (way === "none") return "none";
						found(way === "later" ? path : "none");
						return null;
					},
				);
				const { pairs, tries, sweep, load, mostPerHost } = outcome;
				expect(sweep.settled).toBe(hosts * ports);
				expect({ group: load.inFlight, job: sweep.inFlight }).toEqual({ group: 0, job: 0 });
				expect(mostPerHost).toBeLessThanOrEqual(perHost);
				expect(sweep.sent).toBe([...tries.values()].reduce((sum, one) => sum + one, 0));
				// Up to four more when probes are being lost.
				for (const one of tries.values()) expect(one).toBeLessThanOrEqual(retries + 1 + 4);
				if (!firstAnswerOnly) expect(pairs.size).toBe(hosts * ports);
			},
		),
		{ numRuns: 300 },
	);
});

test("a clean network is asked once a pair, and each answer is told as it was", () => {
	const stateOf = (port: number): PairState => (port % 7 === 0 ? "open" : "closed");
	const job = { addresses: addresses(20), ports: portsUpTo(300), limits };
	const { pairs, sweep } = run(job, (_, port) => ({ state: stateOf(port), afterMs: 4, direct: true }));
	expect(sweep.sent).toBe(6_000);
	for (const [key, state] of pairs) expect(state).toBe(stateOf(Number(key.split(" ")[1])));
});

test("what is lost is asked again, and more often when much is lost", () => {
	let state = 7;
	const lost = () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 0x1_0000_0000 < 0.1;
	};
	const job = { addresses: addresses(30), ports: portsUpTo(200), limits: { ...limits, retries: 1 } };
	const { pairs } = run(job, () => (lost() ? null : { state: "closed", afterMs: 6, direct: true }));
	const missed = [...pairs.values()].filter((one) => one !== "closed");
	// With two tries one in a hundred would be missed, 60 of 6,000.
	expect(missed.length).toBeLessThanOrEqual(2);
});

test("a silent host of many ports is asked twice, one of few as often as told", () => {
	const tell = (ports: number) => {
		const job = { addresses: addresses(2), ports: portsUpTo(ports), limits: { ...limits, retries: 4 } };
		return run(job, () => null);
	};
	expect(new Set(tell(65).tries.values())).toEqual(new Set([2]));
	expect(new Set(tell(64).tries.values())).toEqual(new Set([5]));
	expect(new Set(tell(65).pairs.values())).toEqual(new Set(["filtered"]));
});

test("the tail of a run over a network that answers is short", () => {
	const job = { addresses: addresses(50), ports: portsUpTo(20), limits: { ...limits, timeoutMs: 5_000 } };
	const { endedAt } = run(job, (_, port) => (port === 3 ? null : { state: "closed", afterMs: 2, direct: true }));
	expect(endedAt).toBeLessThan(1_500);
});

test("an address listed twice is answered twice; one that the guard denies is never taken", () => {
	const job = { addresses: ["127.9.0.1", "127.9.0.2", "127.9.0.1"], ports: [5, 6], limits };
	const scope = Scope.fromGuard({ allow: [["127.9.0.0", "127.9.0.9"]], deny: [["127.9.0.2", "127.9.0.2"]] });
	const asked = new Set<string>();
	const { pairs, sweep } = run(
		job,
		(address) => {
			asked.add(address);
			return { state: "closed", afterMs: 1, direct: true };
		},
		undefined,
		scope,
	);
	expect([...pairs.keys()].sort()).toEqual(["0 5", "0 6", "2 5", "2 6"]);
	expect({ refused: sweep.refused, settled: sweep.settled, asked: [...asked] }).toEqual({
		refused: 1,
		settled: 6,
		asked: ["127.9.0.1"],
	});
});

test("more pairs than fit at once are done block by block", () => {
	const job = { addresses: addresses(140), ports: portsUpTo(500), limits: { ...limits, inFlightPerHost: 60_000 } };
	const load = { inFlight: 0 };
	const network = new Network();
	const sweep = new RawSweep(
		job,
		null,
		{
			controller: new RateController({ ceiling: 1e6 }, 0),
			gate: gateOf(job),
			load,
			networkOf: () => network,
			findPath: () => path,
		},
		64 * 500,
	);
	const answer = newAnswer();
	let [answers, most] = [0, 0];
	for (let now = 0; !sweep.done; now += 2) {
		for (let i = 0; i < 2_000; i++) {
			const host = sweep.take(now);
			if (host === null) break;
			sweep.sending(host, now);
			most = Math.max(most, host.index);
			// Hosts beyond the first two blocks of 64 are not touched before a block is done.
			if (answers < 63 * 500) expect(host.index).toBeLessThan(128);
			setAddress(answer, host);
			answer.port = sweep.port;
			answer.state = "closed";
			sweep.answered(host, answer, 0, now);
			answers++;
		}
		sweep.expire(now);
		sweep.results.drain();
	}
	expect({ answers, most, settled: sweep.settled }).toEqual({
		answers: 140 * 500,
		most: 139,
		settled: 140 * 500,
	});
});

test("what was under way over an interface that went is asked again when it is back, and nothing is made of the silence", () => {
	const job = { addresses: ["10.99.0.1", "10.99.0.2"], ports: portsUpTo(200), limits: { ...limits, retries: 1 } };
	const running = new Set(["near0"]);
	const route = { bytes: Uint8Array.of(10, 99, 0, 0), prefix: 24, link: "near0" };
	const watch = new LinkWatch(() => ({ running: new Set(running), routes: [route] }));
	watch.check(0);
	const load = { inFlight: 0 };
	const gate = gateOf(job);
	const network = new Network();
	const around = { controller: new RateController({ ceiling: 1e6 }, 0), gate, load, watch };
	const sweep = new RawSweep(job, null, { ...around, networkOf: () => network, findPath: () => path });
	const answer = Object.assign(newAnswer(), { state: "closed" as const });
	const told = new Set<string>();
	for (let now = 0; !sweep.done; now += 2) {
		expect(now).toBeLessThan(60_000);
		if (now === 20) running.delete("near0");
		if (now === 3_000) running.add("near0");
		watch.check(now);
		sweep.linksChanged(now);
		sweep.expire(now);
		for (let i = 0; i < 10; i++) {
			const host = sweep.take(now);
			if (host === null) break;
			expect(running.has("near0") || now < 300).toBe(true);
			sweep.sending(host, now);
			if (!running.has("near0")) continue;
			setAddress(answer, host);
			answer.port = sweep.port;
			sweep.answered(host, answer, sweep.repeats - 1, now);
		}
		for (const sentence of sweep.drainSlowdowns()) told.add(sentence);
		if (now === 2_000) expect(sweep.strandedAt).toEqual({ network: "10.99.0.0/24", link: "near0" });
	}
	expect(load.inFlight).toBe(0);
	const { states } = sweep.results.drain();
	expect([...states].map((state) => pairStates[state])).toEqual(Array.from({ length: 400 }, () => "closed"));
	expect([...told]).toEqual(["The interface near0 is down, gone or without a route: what leaves by it waits."]);
});

test("a host that answers so many refusals a second is asked more slowly, and all of it is learned", () => {
	const job = { addresses: addresses(20), ports: portsUpTo(600), limits };
	const slow = addresses(20)[0];
	let [tokens, at] = [20, 0];
	let now = 0;
	const { pairs, sweep } = run(job, (address, port) => {
		now += 0.1;
		if (address !== slow) return { state: "closed", afterMs: 2, direct: true };
		// 200 refusals a second, and a SYN-ACK always.
		if (port % 100 === 0) return { state: "open", afterMs: 2, direct: true };
		tokens = Math.min(20, tokens + (now - at) * 0.2);
		at = now;
		if (tokens < 1) return null;
		tokens--;
		return { state: "closed", afterMs: 2, direct: true };
	});
	expect(sweep.settled).toBe(12_000);
	const open = [...pairs].filter(([, state]) => state === "open").map(([key]) => key);
	expect(open).toHaveLength(6);
	const others = [...pairs].filter(([key, state]) => !key.startsWith("0 ") && state !== "closed");
	expect(others).toEqual([]);
});
