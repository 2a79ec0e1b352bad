/** Which question is asked when, over a time and a network that are made up. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Gate } from "../gate.ts";
import { LimitTable } from "../limit-table.ts";
import { type LinkState, LinkWatch } from "../link-watch.ts";
import { RoundTrip } from "../round-trip.ts";
import { SharedLimits } from "../shared-limits.ts";
import { unpackAnswers } from "./answer-columns.ts";
import type { Destination, Heard, SendOutcome } from "./channel.ts";
import type { HostKey } from "./host-key.ts";
import type { DatagramJob, ProbeKind } from "./job.ts";
import { DatagramSweep } from "./sweep.ts";

interface Sent {
	readonly at: number;
	readonly kind: ProbeKind;
	readonly key: HostKey;
	readonly port: number;
}

const usual = { ratePerSecond: 1_000_000, inFlight: 10_000, inFlightPerHost: 1_000, timeoutMs: 500, retries: 1 };

/** Turns a sweep to its end; the network answers at once, or not. */
function play(
	job: Partial<DatagramJob>,
	network: (sent: Sent) => Partial<Heard> | SendOutcome | null,
	/** What the machine says of its interfaces at a moment. */
	look?: (at: number) => LinkState,
) {
	const table = new LimitTable({ exempt: [] });
	const { buffer, member } = table.join();
	const full: DatagramJob = { addresses: [], probes: {}, limits: usual, ...job };
	const sent: Sent[] = [];
	const answers: Heard[] = [];
	const roundTrip = new RoundTrip();
	let now = 1_000;
	const watch = look === undefined ? undefined : new LinkWatch(() => look(now));
	watch?.check(now);
	const context = {
		gate: new Gate(new SharedLimits(buffer, member, 0), table.claim(full)),
		mayLeave: () => true,
		send: (kind: ProbeKind, to: Destination, port: number): SendOutcome => {
			const one = { at: now, kind, key: to.key, port };
			const outcome = network(one);
			if (typeof outcome === "string") return outcome;
			sent.push(one);
			const silent = { key: to.key, kind, port, state: "open", alive: true, reply: null, mac: null } as const;
			if (outcome !== null) answers.push({ ...silent, ...outcome });
			return "sent";
		},
		roundTrip: () => roundTrip,
		...(watch === undefined ? {} : { watch }),
	};
	const slowedBy = new Set<string>();
	const sweep = new DatagramSweep(full, context, now);
	for (let turns = 0; !sweep.isDone; turns++) {
		if (turns > 100_000) throw new Error("it never ends");
		watch?.check(now);
		sweep.linksChanged();
		if (sweep.strandedAt !== null && now > 60_000) break;
		const wait = sweep.turn(now, 64);
		for (const sentence of sweep.drainSlowdowns()) slowedBy.add(sentence);
		now += Math.max(0.05, wait);
		for (const answer of answers.splice(0)) sweep.heard(answer, now);
	}
	const found = unpackAnswers(full, sweep.answers.take());
	return { sent, sweep, took: now - 1_000, found, now, slowedBy: [...slowedBy], networks: sweep.drainNetworks() };
}

const addresses = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];

test("silence is asked again as often as the job says, and then believed", () => {
	const { sent, found, sweep } = play({ addresses, probes: { echo: true } }, () => null);
	expect(sent).toHaveLength(6);
	expect(found).toEqual([]);
	expect(sweep.settled).toBe(3);
});

test("nothing but the link is asked before the link has answered, and nothing at all when it does not", () => {
	const { sent, found } = play({ addresses, probes: { link: true, echo: true, udpPorts: [9] } }, ({ kind, key }) =>
		kind === "link" && key === 0x7f000002 ? { mac: "52:54:00:00:00:02" } : null,
	);
	expect(new Set(sent.filter(({ kind }) => kind !== "link").map(({ key }) => key))).toEqual(new Set([0x7f000002]));
	expect(found.map(({ address, state, alive, mac }) => ({ address, state, alive, mac }))).toEqual([
		{ address: "127.0.0.2", state: "open", alive: true, mac: "52:54:00:00:00:02" },
		{ address: "127.0.0.1", state: "unreachable", alive: false, mac: null },
		{ address: "127.0.0.3", state: "unreachable", alive: false, mac: null },
	]);
});

test("whoever is beyond the link is asked by the other ways", () => {
	const { found } = play({ addresses, probes: { link: true, echo: true } }, ({ kind }) =>
		kind === "link" ? "never" : {},
	);
	expect(found.map(({ kind }) => kind)).toEqual(["echo", "echo", "echo"]);
});

test("an answer to what was not asked is none", () => {
	const { found } = play({ addresses, probes: { udpPorts: [53] } }, () => ({ port: 54 }));
	expect(found).toEqual([]);
	const elsewhere = play({ addresses, probes: { udpPorts: [53] } }, () => ({ key: 0x7f000009 }));
	expect(elsewhere.found).toEqual([]);
});

test("one answer settles all datagrams of its port, and is told once", () => {
	const { sent, found } = play({ addresses: ["127.0.0.1"], probes: { udpPorts: [161] } }, () => ({
		reply: Uint8Array.of(1),
	}));
	expect(sent).toHaveLength(3);
	expect(found).toHaveLength(1);
});

test("a host that tells of few closed ports is said to be sparing with that", () => {
	const ports = Array.from({ length: 100 }, (_, i) => 30_000 + i);
	const told = ({ port }: Sent) => (port < 30_006 ? { state: "closed" as const } : null);
	const { sweep, found, now } = play({ addresses: ["127.0.0.1"], probes: { udpPorts: ports } }, told);
	expect(found).toHaveLength(6);
	expect(sweep.sparing(now)).toEqual(["127.0.0.1"]);
	const plain = play({ addresses: ["127.0.0.1"], probes: { udpPorts: ports } }, () => ({ state: "closed" }));
	expect(plain.sweep.sparing(plain.now)).toEqual([]);
});

test("a machine without room is waited for, and nothing is lost", () => {
	let calls = 0;
	const { found } = play({ addresses, probes: { echo: true } }, () => (++calls % 3 === 0 ? {} : "full"));
	expect(found).toHaveLength(3);
});

test("the rate holds, and so does what may be open to one host", () => {
	const many = Array.from({ length: 40 }, (_, i) => `127.0.1.${i}`);
	const slow = { ...usual, ratePerSecond: 100, retries: 0 };
	const { sent } = play({ addresses: many, limits: slow, probes: { echo: true } }, () => ({}));
	for (const one of sent) {
		const within = sent.filter(({ at }) => at >= one.at && at < one.at + 100).length;
		expect(within).toBeLessThanOrEqual(11);
	}
	const narrow = { ...usual, inFlightPerHost: 2, retries: 0 };
	const ports = [1, 2, 3, 4, 5].map((n) => 40_000 + n);
	const waves = play({ addresses: ["127.0.0.1"], limits: narrow, probes: { udpPorts: ports } }, () => null);
	for (const one of waves.sent)
		expect(waves.sent.filter(({ at }) => Math.abs(at - one.at) < 400).length).toBeLessThan(3);
});

test("whatever the network does, every question is settled once and no host is told of twice for one", () => {
	const outcome = fc.constantFrom(null, {}, "never", "full", { state: "closed" }, { alive: false }, { port: 7 });
	fc.assert(
		fc.property(
			fc.array(outcome, { minLength: 1, maxLength: 30 }),
			fc.record({ link: fc.boolean(), echo: fc.boolean(), firstAnswerOnly: fc.boolean(), perHost: fc.nat(3) }),
			(outcomes, { link, echo, firstAnswerOnly, perHost }) => {
				let n = 0;
				let fulls = 0;
				const { found, sweep } = play(
					{
						...{ addresses, firstAnswerOnly, limits: { ...usual, inFlightPerHost: perHost + 1 } },
						probes: { link, echo, udpPorts: [53, 161, 9], ackPorts: [80] },
					},
					() => {
						const next = outcomes[n++ % outcomes.length] as Partial<Heard> | SendOutcome | null;
						return next === "full" && fulls++ > 50 ? null : next;
					},
				);
				expect(sweep.settled).toBe(sweep.total);
				const told = found.map(({ address, kind, port }) => `${address} ${kind} ${port}`);
				expect(new Set(told).size).toBe(told.length);
			},
		),
		{ numRuns: 500 },
	);
});

const routed = { routes: [{ bytes: Uint8Array.of(192, 0, 2, 0), prefix: 24, link: "eth0" }] };
const far = ["192.0.2.1", "192.0.2.2"];
const udpPorts = [40_001, 40_002, 40_003];

test("a wire that is cut makes no port silent: what was asked into the void is asked again", () => {
	const cut = (at: number) => at > 1_150 && at < 9_000;
	const look = (at: number) => ({ ...routed, running: new Set(cut(at) ? [] : ["eth0"]) });
	const narrow = { ...usual, inFlightPerHost: 1 };
	const answer = ({ at }: Sent) => (cut(at) || at < 1_200 ? null : { state: "closed" as const });
	const { found, sweep, slowedBy, now } = play({ addresses: far, limits: narrow, probes: { udpPorts } }, answer, look);
	expect(found.map(({ state }) => state)).toEqual(Array(6).fill("closed"));
	expect(sweep.settled).toBe(6);
	expect(now).toBeGreaterThan(9_000);
	expect(slowedBy).toEqual([expect.stringMatching(/^The interface eth0 is down/)]);
});

test("what the machine refuses to send because the way is gone waits for it, and one that stays away is told", () => {
	const look = (at: number) => ({ routes: at > 1_001 ? [] : routed.routes, running: new Set(["eth0"]) });
	const { sent, found, sweep } = play(
		{ addresses: far, probes: { udpPorts, echo: true } },
		() => "never",
		(at) => look(at + 2),
	);
	expect(sent).toEqual([]);
	expect(found).toEqual([]);
	expect(sweep.isDone).toBe(true);
	const later = play({ addresses: far, probes: { udpPorts } }, ({ at }) => (at > 1_001 ? "never" : null), look);
	expect(later.found).toEqual([]);
	expect(later.sweep.settled).toBe(0);
	expect(later.sweep.strandedAt).toEqual({ network: "192.0.2.0/24", link: "eth0" });
});

test("each network's packets, answers, refusals and repeats are told", () => {
	let n = 0;
	const { networks } = play({ addresses: ["192.0.2.1", "198.51.100.1"], probes: { udpPorts } }, ({ port }) =>
		port === 40_001 ? { state: "filtered" } : port === 40_002 && n++ < 2 ? null : { state: "closed" },
	);
	expect(networks).toEqual(
		["192.0.2.0/24", "198.51.100.0/24"].map((network) => ({
			...{ network, sent: 4, answers: 3, resets: 0, prohibited: 1, lost: 1, rttMs: expect.any(Number) },
		})),
	);
});

test("a limit that holds packets back is named", () => {
	const shared = [{ name: "site", ranges: [["192.0.2.0", "192.0.2.255"]] as const, ratePerSecond: 20, inFlight: 9 }];
	const { slowedBy } = play({ addresses: far, shared, probes: { udpPorts } }, () => ({}));
	expect(slowedBy).toEqual(['The limits of the concurrency group "site" are reached.']);
});
