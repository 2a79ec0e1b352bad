import fc from "fast-check";
import { expect, test } from "vitest";
import { type HopAnswer, RouteFinder } from "./find-route.ts";

/** A network as a tree: the routers on the way to each host, nearest first. */
function network(ways: Readonly<Record<string, readonly string[]>>, silent: ReadonlySet<string> = new Set()) {
	let asked = 0;
	const ask = async (address: string, hops: number): Promise<HopAnswer> => {
		asked++;
		const way = ways[address] ?? [];
		const met = hops > way.length ? address : (way[hops - 1] ?? address);
		if (silent.has(met)) return { kind: "silence" };
		return met === address ? { kind: "host" } : { kind: "router", address: met };
	};
	return { finder: new RouteFinder(ask), asked: () => asked };
}

test("the second host behind the same routers costs two probes", async () => {
	const { finder, asked } = network({ a: ["r1", "r2", "r3"], b: ["r1", "r2", "r3"], c: ["r1", "r4", "r5"] });
	expect(await finder.find("a", "x")).toEqual({ hops: ["r1", "r2", "r3"], reached: true });
	expect(asked()).toBe(4);
	expect(await finder.find("b", "x")).toEqual({ hops: ["r1", "r2", "r3"], reached: true });
	expect(asked()).toBe(6);
	expect(await finder.find("c", "y")).toEqual({ hops: ["r1", "r4", "r5"], reached: true });
	expect(asked()).toBe(10);
});

test("a host nearer than expected, a silent router, a silent host and a neighbour", async () => {
	const ways = { far: ["r1", "r2", "r3"], near: ["r1"], here: [], mute: ["r1", "r2"] };
	const { finder } = network(ways, new Set(["r2", "mute"]));
	expect(await finder.find("far", "f")).toEqual({ hops: ["r1", null, "r3"], reached: true });
	expect(await finder.find("near", "n")).toEqual({ hops: ["r1"], reached: true });
	expect(await finder.find("mute", "m")).toEqual({ hops: ["r1"], reached: false });
	expect(await finder.find("here", "h")).toEqual({ hops: [], reached: true });
});

test("a circle and a refusal come to an end", async () => {
	let asked = 0;
	const circle = new RouteFinder(async (_, hops) => {
		asked++;
		return { kind: "router", address: hops % 2 === 0 ? "even" : "odd" };
	});
	expect((await circle.find("x", "n")).reached).toBe(false);
	expect(asked).toBeLessThan(10);
	const refused = new RouteFinder(async (_, hops) =>
		hops === 1 ? { kind: "router", address: "r1" } : { kind: "refusal", address: "fw" },
	);
	expect(await refused.find("x", "n")).toEqual({ hops: ["r1", "fw"], reached: false });
});

test("in any tree where everyone answers, every way is found, in whatever order", async () => {
	const trees = fc.array(fc.nat({ max: 1_000 }), { minLength: 2, maxLength: 40 });
	await fc.assert(
		fc.asyncProperty(trees, fc.nat(), async (parents, seed) => {
			const wayOf = (node: number): number[] => {
				const parent = node === 0 ? 0 : (parents[node] ?? 0) % node;
				return node === 0 ? [] : [...wayOf(parent), parent];
			};
			const hosts = parents.map((_, node) => ({ node, way: wayOf(node).map((one) => `r${one}`) }));
			const ways = Object.fromEntries(hosts.map(({ node, way }) => [`h${node}`, way.slice(0, 29)]));
			const { finder } = network(ways);
			const order = hosts.map(({ node }) => node).sort((a, b) => ((a * 7 + seed) % 13) - ((b * 7 + seed) % 13));
			for (const node of order) {
				expect(await finder.find(`h${node}`, `${node % 3}`)).toEqual({ hops: ways[`h${node}`], reached: true });
			}
		}),
	);
});
