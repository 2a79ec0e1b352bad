/** Default deny, exclusions, fragile ports, and the estimate a scan shows before it starts. */
import { expect, test } from "vitest";
import { AddressSet } from "./address-set.ts";
import { type EstimatedLimits, type EstimatedWork, estimate } from "./estimate.ts";
import { mayTalk, Scope } from "./scope.ts";

const set = (...pairs: [string, string][]) => AddressSet.fromText(pairs);
const scope = new Scope(set(["10.0.0.0", "10.0.0.255"]), set(["10.0.0.10", "10.0.0.19"], ["192.0.2.0", "192.0.2.255"]));

test.each([
	["10.0.0.1", true],
	["10.0.0.10", false],
	["10.0.0.19", false],
	["10.0.0.20", true],
	["::ffff:10.0.0.10", false],
	["::ffff:10.0.0.20", true],
	["10.0.1.0", false],
	["2001:db8::1", false],
	["localhost", false],
	["", false],
])("may %s be probed: %s", (address, expected) => {
	expect(scope.mayProbe(address)).toBe(expected);
	expect(Scope.fromGuard(scope.guard()).mayProbe(address)).toBe(expected);
});

test("what is excluded is counted, and nothing is left of what is not in scope", () => {
	expect(scope.addresses.size).toBe(246);
	expect(scope.excluded).toBe(10);
});

test("multicast, broadcast and the unspecified addresses are refused even when allowed", () => {
	const all = new Scope(set(["0.0.0.0", "255.255.255.255"], ["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]));
	for (const address of ["0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1"]) {
		expect(all.mayProbe(address)).toBe(false);
	}
	expect(all.mayProbe("127.0.0.1")).toBe(true);
});

test("printer ports get no byte", () => {
	expect([514, 515, 516, 9099, 9100, 9107, 9108].map(mayTalk)).toEqual([true, false, true, true, false, false, true]);
});

const wideOpen = {
	...{ ratePerSecond: 1e6, inFlight: 1e6, inFlightPerHost: 1e6, timeoutMs: 1_000, retries: 1, hostsInParallel: 1e6 },
};
function work(scope: Scope, ports: number, limits: Partial<EstimatedLimits> = {}): EstimatedWork {
	const told = { names: 0, logins: 0, meanings: [], notScanned: [], warnings: [] };
	return { scope, ports, discovery: 2, scanDeadHosts: false, limits: { ...wideOpen, ...limits }, ...told };
}
const hosts = (from: string, to: string) => new Scope(set([from, to]));

test.each<[string, Partial<EstimatedLimits>, number, number, RegExp]>([
	["the rate", { ratePerSecond: 100 }, 100, 204, /^100 packets a second in all$/],
	["places in flight", { inFlight: 100 }, 2, 204, /^100 questions open at once$/],
	[
		"places in flight at one host",
		{ inFlightPerHost: 10, hostsInParallel: 5 },
		4,
		408,
		/^10 questions open to one host, 5/,
	],
	[
		"a host's own rate",
		{ ratePerHost: 10, hostsInParallel: 5 },
		200,
		408,
		/^10 packets a second to one host, 5 hosts at once$/,
	],
	["a network's rate", { ratePerNetwork: 50 }, 200, 408, /^50 packets a second to one \/24/],
])("how long it takes is decided by %s", (_, limits, seconds, mostSeconds, heldBy) => {
	const result = estimate(work(hosts("10.0.0.0", "10.0.0.99"), 100, limits));
	expect(result.seconds).toBeCloseTo(seconds);
	expect(result.mostSeconds).toBeCloseTo(mostSeconds);
	expect(result.heldBy).toMatch(heldBy);
});

test("a network's rate counts its addresses, whatever ranges they come in; this machine's own are free of it", () => {
	const even = Array.from({ length: 100 }, (_, i): [string, string] => [`10.0.0.${i * 2}`, `10.0.0.${i * 2}`]);
	const apart = Array.from({ length: 100 }, (_, i): [string, string] => [`10.0.${i}.1`, `10.0.${i}.1`]);
	expect(estimate(work(new Scope(set(...even)), 100, { ratePerNetwork: 50 })).seconds).toBeCloseTo(200);
	expect(estimate(work(new Scope(set(...apart)), 100, { ratePerNetwork: 50 })).seconds).toBeCloseTo(2);
	expect(estimate(work(hosts("127.0.0.0", "127.0.0.99"), 100, { ratePerNetwork: 50 })).seconds).toBeLessThan(1);
});

test("packets: discovery alone when nobody is there, every port in every try when all are silent", () => {
	const scope = hosts("10.0.0.1", "10.0.0.10");
	expect(estimate(work(scope, 100)).packets).toEqual({ least: 40, most: 2_040 });
	expect(estimate({ ...work(scope, 100), scanDeadHosts: true }).packets).toEqual({ least: 2_040, most: 2_040 });
	expect(estimate(work(scope, 0))).toMatchObject({ ports: 0, probes: 20, packets: { least: 40, most: 40 } });
});

test.each([
	[65_536, 1, 100, false],
	[65_537, 1, 100_000, true],
	[10, 3_600, 10, false],
	[10, 3_601, 10, true],
])("%i addresses with %i ports at %i a second: confirm %s", (addresses, ports, ratePerSecond, expected) => {
	const first = 0x0a000000;
	const wide = new Scope(new AddressSet([{ family: 4, first: BigInt(first), last: BigInt(first + addresses - 1) }]));
	const result = estimate(work(wide, ports, { ratePerSecond }));
	expect(result).toMatchObject({ addresses, probes: addresses * ports, seconds: (addresses * ports) / ratePerSecond });
	expect(result.needsConfirmation).toBe(expected);
});

test("public addresses and targets that are all excluded are warned about", () => {
	const open = new Scope(set(["198.51.100.0", "198.51.100.3"], ["10.0.0.1", "10.0.0.1"]));
	expect(estimate(work(open, 1, { ratePerSecond: 10 })).warnings.join()).toContain("4 of the addresses are public");
	const none = new Scope(set(["10.0.0.1", "10.0.0.1"]), set(["10.0.0.0", "10.0.0.9"]));
	expect(estimate(work(none, 1, { ratePerSecond: 10 })).warnings.join()).toContain("excluded");
});
