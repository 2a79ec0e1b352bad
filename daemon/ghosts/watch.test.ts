import fc from "fast-check";
import { expect, test } from "vitest";
import { type Hollow, hollow } from "./hollow.ts";
import { NetworkWatch, type Verdict } from "./watch.ts";

const mute = hollow("says-nothing", [80, 443]);
const empty = hollow("refuses-any-port", []);

/** What an address of a network is: nobody there, a machine, or hollow in one of two ways. */
type Kind = "silent" | "lively" | "mute" | "empty";

interface Outcome {
	readonly ghosts: string[];
	readonly hosts: string[];
	/** Hosts whose ports were asked before the network was decided. */
	readonly pioneers: number;
	readonly verdict: Verdict | null;
}

/**
 * Runs a watch over one network as a scan does: windows of discovery, hosts at work finishing in an order that `pick`
 * chooses. `lanes` hosts at once.
 */
function watchOver(
	kinds: readonly Kind[],
	options: { pick: (n: number) => number; lanes?: number; window?: number; cheap?: boolean },
): Outcome {
	const { pick, lanes = 30, window = 1_024, cheap = false } = options;
	const addressOf = (i: number) => `198.18.7.${i}`;
	const kindOf = new Map(kinds.map((kind, i) => [addressOf(i), kind]));
	const queue: string[] = [];
	const ghosts: string[] = [];
	const hosts: string[] = [];
	let pioneers = 0;
	const watch = new NetworkWatch<string, string>(({ verdict, waiting, held }) => {
		queue.push(...waiting);
		(verdict?.is === "ghost" ? ghosts : hosts).push(...held);
	});
	const working: string[] = [];
	const step = () => {
		while (working.length < lanes && queue.length > 0) {
			const address = queue.splice(pick(queue.length), 1)[0] ?? "";
			if (watch.verdictOf(address) === null) pioneers++;
			if (watch.admit(address, address, cheap)) working.push(address);
			else pioneers--;
		}
		if (working.length === 0) return;
		const address = working.splice(pick(working.length), 1)[0] ?? "";
		const kind = kindOf.get(address);
		const found: Hollow | null = kind === "mute" ? mute : kind === "empty" ? empty : null;
		const verdict = watch.verdictOf(address);
		if (found !== null && verdict === null) return watch.hollow(address, found, address);
		if (found !== null && verdict?.is === "ghost" && verdict.signature === found.signature) {
			ghosts.push(address);
			return watch.left(address);
		}
		hosts.push(address);
		watch.lively(address);
	};
	const all = [...kindOf.keys()];
	for (let from = 0; from < all.length; from += window) {
		const asked = all.slice(from, from + window);
		watch.windowBegins(asked);
		const answering = asked.filter((address) => kindOf.get(address) !== "silent");
		while (answering.length > 0) {
			const address = answering.splice(pick(answering.length), 1)[0] ?? "";
			watch.found([address]);
			queue.push(address);
			if (pick(2) === 0) step();
		}
		watch.windowEnds(asked);
	}
	watch.fedAll();
	while (queue.length + working.length > 0) step();
	const left = watch.surrender();
	expect([...left.waiting, ...left.held], "nobody is forgotten").toEqual([]);
	return { ghosts, hosts, pioneers, verdict: watch.verdictOf(addressOf(0)) };
}

/** Repeatable choices. */
const choices = fc.infiniteStream(fc.nat()).map((stream) => (n: number) => {
	const next = stream.next();
	return next.done === true ? 0 : next.value % Math.max(1, n);
});
const repeat = (kind: Kind, count: number): Kind[] => Array.from({ length: count }, () => kind);

test("a network full of the same mute host is a ghost, whatever comes first, and few of its hosts are looked at", () => {
	fc.assert(
		fc.property(choices, fc.integer({ min: 32, max: 256 }), fc.integer({ min: 8, max: 40 }), (pick, size, lanes) => {
			const { ghosts, hosts, verdict, pioneers } = watchOver(repeat("mute", size), { pick, lanes });
			expect(verdict).toMatchObject({ is: "ghost", ...mute });
			expect(ghosts).toHaveLength(size);
			expect(hosts).toEqual([]);
			// Those at work before anything was known of the network, and the batches that decide.
			expect(pioneers).toBeLessThanOrEqual(lanes + 48);
		}),
	);
});

test("a network whose hosts are in line behind another's is not acquitted before they were looked at", () => {
	const condemned: string[] = [];
	const watch = new NetworkWatch<string, string>(({ verdict, held }) => {
		if (verdict?.is === "ghost") condemned.push(...held);
	});
	const all = Array.from({ length: 33 }, (_, i) => `198.18.7.${i}`);
	watch.windowBegins(all);
	watch.found(all);
	const first = all.slice(0, 4);
	for (const address of first) expect(watch.admit(address, address, false)).toBe(true);
	for (const address of first) watch.hollow(address, mute, address);
	watch.windowEnds(all);
	watch.fedAll();
	expect(watch.verdictOf("198.18.7.0")).toBe(null);
	for (const address of all.slice(4, 16)) {
		watch.admit(address, address, true);
		watch.hollow(address, mute, address);
	}
	expect(condemned).toEqual(all.slice(0, 16));
});

test("a few real hosts in it stay hosts", () => {
	fc.assert(
		fc.property(choices, fc.nat(5), (pick, real) => {
			const kinds = fc.sample(fc.shuffledSubarray([...Array(250).keys()], { minLength: 250 }), {
				numRuns: 1,
				seed: real,
			})[0];
			const places = new Set(kinds?.slice(0, real));
			const outcome = watchOver(
				Array.from({ length: 250 }, (_, i) => (places.has(i) ? "lively" : "mute")),
				{ pick },
			);
			expect(outcome.verdict?.is).toBe("ghost");
			expect(outcome.hosts).toHaveLength(real);
			expect(outcome.ghosts).toHaveLength(250 - real);
		}),
	);
});

test("everything that refuses is a ghost too, though nobody waits for it", () => {
	fc.assert(
		fc.property(choices, (pick) => {
			const outcome = watchOver(repeat("empty", 256), { pick, cheap: true });
			expect(outcome.ghosts).toHaveLength(256);
		}),
	);
});

test("a network with gaps is honest, however alike its hosts are", () => {
	fc.assert(
		fc.property(choices, fc.constantFrom("mute", "empty", "lively"), fc.nat(240), (pick, kind, alive) => {
			const kinds = [...repeat(kind as Kind, alive), ...repeat("silent", 256 - alive)];
			const shuffled = kinds.map((_, i) => kinds[(i * 97) % 256] ?? "silent");
			const outcome = watchOver(shuffled, { pick });
			expect(outcome.ghosts).toEqual([]);
			expect(outcome.hosts).toHaveLength(alive);
		}),
	);
});

test("a full network of machines is honest, also when some of them are hollow", () => {
	fc.assert(
		fc.property(choices, fc.integer({ min: 0, max: 128 }), (pick, hollows) => {
			const kinds = [...repeat("mute", hollows), ...repeat("lively", 256 - hollows)];
			const shuffled = kinds.map((_, i) => kinds[(i * 97) % 256] ?? "silent");
			expect(watchOver(shuffled, { pick: () => 0 }).ghosts).toEqual([]);
			expect(watchOver(shuffled, { pick }).hosts.length).toBeGreaterThanOrEqual(256 - hollows);
		}),
	);
});

test("a handful of addresses says nothing about a network", () => {
	fc.assert(
		fc.property(choices, fc.integer({ min: 1, max: 31 }), (pick, size) => {
			const outcome = watchOver(repeat("mute", size), { pick, window: 7 });
			expect(outcome.hosts).toHaveLength(size);
		}),
	);
});

test("this machine answers for all of 127.0.0.0/8 by nature", () => {
	const held: string[] = [];
	const watch = new NetworkWatch<string, string>((released) => held.push(...released.held));
	const all = Array.from({ length: 256 }, (_, i) => `127.0.3.${i}`);
	watch.windowBegins(all);
	watch.found(all);
	for (const address of all) expect(watch.admit(address, address, false)).toBe(true);
	for (const address of all) watch.hollow(address, empty, address);
	watch.windowEnds(all);
	expect(held).toEqual(all);
	expect(watch.verdictOf("127.0.3.1")).toEqual({ is: "honest" });
});

test("a scan that is taken up again knows what was settled before", () => {
	const watch = new NetworkWatch<string, string>(() => undefined);
	for (let i = 0; i < 200; i++) watch.restore(`198.18.7.${i}`, "answered");
	watch.restoreVerdict("198.18.7.0/24", mute);
	expect(watch.verdictOf("198.18.7.250")).toMatchObject({ is: "ghost", signature: mute.signature });
	const other = new NetworkWatch<string, string>(() => undefined);
	for (let i = 0; i < 200; i++) other.restore(`198.18.7.${i}`, i % 3 === 0 ? "host" : "silent");
	other.windowEnds(["198.18.7.250"]);
	expect(other.verdictOf("198.18.7.250")).toEqual({ is: "honest" });
});
