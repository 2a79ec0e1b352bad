import { describe, expect, test } from "vitest";
import type { Profile, ProfileOptions } from "../../protocol/model/profile.ts";
import { limitsOf } from "../../protocol/model/profile.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { AddressSet } from "../scope/address-set.ts";
import { scanProfileOf } from "./profile.ts";
import { type PlanningContext, planRequest, planStored, reachOf, targetsOf } from "./request.ts";

const options: ProfileOptions = {
	description: "",
	ports: { set: "none", additional: "9000-9099" },
	udp: { set: "none", additional: "" },
	discovery: {
		icmp: true,
		arp: false,
		ackPorts: "",
		ports: "22,80",
		udpPorts: "53",
		scanDeadHosts: false,
		closeDeadAfter: null,
	},
	performance: { level: "low" },
	maps: { resolver: "", trace: "sample" },
	maxMinutesPerHost: 2,
	maxMinutesPerScan: null,
};

/** Profile Lab: version 1 as given; version 2 has other ports, UDP and a time limit for the scan. */
function contextOf(first: ProfileOptions = options, excluded = AddressSet.empty): PlanningContext {
	const second = {
		...first,
		ports: { set: "light" as const, additional: "" },
		udp: { set: "light" as const, additional: "" },
		maxMinutesPerScan: 60,
	};
	const versions = [first, second].map((own, index): Profile => {
		const limits = limitsOf(own.performance);
		return { name: "Lab", version: index + 1, builtIn: false, options: own, limits, editedAt: null, editedBy: null };
	});
	return {
		resolve: async () => [],
		profileOf: (name, version) => {
			const found = versions[(version ?? 2) - 1];
			return name === "Lab" && found !== undefined ? scanProfileOf(found) : null;
		},
		profileNames: () => ["Initial", "Lab"],
		globalExclusions: async () => excluded,
		fragilePorts: () => new Set([515, 7_777]),
	};
}

const request = { targets: ["127.0.0.1-4"], exclusions: ["127.0.0.1"], profile: "Lab" };
const stored = { targets: ["127.0.0.1", "127.0.0.2"].map((address) => ({ address, hostname: null })) };
const scanOf = (ports: string, profileVersion: number | null) =>
	({ id: 7, targets: request.targets, exclusions: [], ports, profile: "Lab", profileVersion }) as unknown as Scan;

test("ports are the request's, or else those of the profile's newest version", async () => {
	const planned = await planRequest(request, contextOf());
	expect(planned).toMatchObject({ ports: "light", profile: { name: "Lab", version: 2 } });
	expect((await planRequest({ ...request, ports: "1-10", udp: "none" }, contextOf())).estimate.ports).toBe(10);
	expect((await planRequest({ ...request, ports: "1-10", udp: "53,161" }, contextOf())).estimate.ports).toBe(12);
});

test("no ports at all costs what finding out who is there costs", async () => {
	const { estimate } = await planRequest({ ...request, ports: "none", udp: "none" }, contextOf());
	// TCP 22 and 80, UDP 53, an echo request.
	expect(estimate).toMatchObject({ addresses: 3, ports: 0, probes: 12 });
});

test("a profile there is not is refused with the names there are", async () => {
	await expect(planRequest({ ...request, profile: "lob" }, contextOf())).rejects.toMatchObject({
		code: "invalid",
		hint: "There is: Initial, Lab.",
	});
});

test("a scan's own exclusions and the global ones count together, in the plan and where packets are sent", async () => {
	const excluded = AddressSet.fromText([["127.0.0.2", "127.0.0.3"]]);
	expect((await planRequest(request, contextOf(options, excluded))).estimate).toMatchObject({
		addresses: 1,
		excluded: 3,
	});
	const plan = await planStored(
		{ ...scanOf("22", 1), exclusions: ["127.0.0.1"] },
		stored,
		contextOf(options, excluded),
	);
	const denied = AddressSet.fromText(plan.guard.deny);
	expect(["127.0.0.1", "127.0.0.2"].map((address) => denied.has(address))).toEqual([true, true]);
	expect(plan.addresses).toBe(0);
});

test("a stored scan keeps to the version it was started with", async () => {
	const plan = await planStored(scanOf("9000-9099", 1), stored, contextOf());
	expect(plan).toMatchObject({ udpPorts: [], discoveryPorts: [22, 80], maxHostMs: 120_000, maxScanMs: null });
	expect(plan.fragilePorts).toEqual(new Set([515, 7_777]));
	expect(plan.limits).toEqual(limitsOf({ level: "low" }));
	const newer = await planStored(scanOf("9000-9099", 2), stored, contextOf());
	expect(newer.maxScanMs).toBe(3_600_000);
	expect(newer.udpPorts.length).toBeGreaterThan(0);
	// From before profiles had versions.
	expect((await planStored(scanOf("22", null), stored, contextOf())).maxScanMs).toBe(3_600_000);
});

test("dead hosts are scanned when the profile says so, with or without discovery", async () => {
	const context = contextOf({ ...options, discovery: { ...options.discovery, ports: "", scanDeadHosts: true } });
	const plan = await planStored(scanOf("9000-9099", 1), stored, context);
	expect(plan).toMatchObject({ scanDeadHosts: true, discoveryPorts: [] });
});

describe("names", () => {
	const addresses: Record<string, string[]> = {
		"web.example": ["127.0.0.8"],
		"spared.example": ["127.0.0.9"],
		"half.example": ["127.0.0.8", "127.0.0.9"],
	};
	const resolve = async (name: string) => addresses[name] ?? [];
	const spared = AddressSet.fromText([["127.0.0.9", "127.0.0.9"]]);
	const context = { ...contextOf(options, spared), resolve };

	test("of excluded addresses are left out and told, also beside others", async () => {
		const { estimate, scope } = await planRequest(
			{ ...request, exclusions: [], targets: ["127.0.0.1", "spared.example", "gone.example", "web.example"] },
			context,
		);
		expect([...scope.addresses]).toEqual(["127.0.0.1", "127.0.0.8"]);
		expect(estimate.notScanned).toEqual([
			{ target: "gone.example", why: "It does not resolve to any address." },
			{ target: "spared.example", why: "It leads to 127.0.0.9, which is excluded." },
		]);
		expect(estimate).toMatchObject({ notScannedTotal: 2, excluded: 1 });
		const half = await planRequest({ ...request, exclusions: [], targets: ["half.example"] }, context);
		expect([...half.scope.addresses]).toEqual(["127.0.0.8"]);
		expect(half.estimate.notScanned).toEqual([]);
		await expect(
			planRequest({ ...request, exclusions: [], targets: ["spared.example"] }, context),
		).rejects.toMatchObject({
			code: "out-of-scope",
		});
	});

	test("that share an address go with the scan, and virtual hosts as they are now", async () => {
		addresses["www.example"] = ["127.0.0.8"];
		const both = { ...request, exclusions: [], targets: ["web.example", "www.example"] };
		await expect(planRequest(both, context)).rejects.toMatchObject({ code: "invalid" });
		const planned = await planRequest({ ...both, splitTargets: true }, context);
		const { shared } = reachOf(planned);
		const virtualHosts = () => [
			{ address: "127.0.0.8", port: 443, name: "shop.example" },
			{ address: "127.0.0.9", port: 443, name: "spared.example" },
		];
		const reach = { allow: null, deny: AddressSet.empty, shared };
		const targets = [...targetsOf(planned, 1)];
		expect(targets).toEqual([{ address: "127.0.0.8", hostname: null }]);
		const plan = await planStored(scanOf("443", 1), { targets, reach }, { ...context, virtualHosts });
		expect(plan.namesOf?.("127.0.0.8")).toEqual([
			{ port: null, name: "web.example" },
			{ port: null, name: "www.example" },
			{ port: 443, name: "shop.example" },
		]);
		expect(plan.namesOf?.("127.0.0.9")).toEqual([]);
		const warned = await planRequest(
			{ ...request, targets: ["web.example"], ports: "80" },
			{ ...context, virtualHosts },
		);
		expect(warned.estimate.warnings.join()).toContain("shop.example at 127.0.0.8 port 443 is left out");
	});

	test("an exclusion holds for what it stood for then and stands for now, and one that leads nowhere no longer fails", async () => {
		const scan = { ...scanOf("443", 1), exclusions: ["moved.example", "lost.example"] };
		addresses["moved.example"] = ["127.0.0.2"];
		const reach = { allow: null, deny: AddressSet.fromText([["127.0.0.1", "127.0.0.1"]]), shared: new Map() };
		const targets = ["127.0.0.1", "127.0.0.2", "127.0.0.3"].map((address) => ({ address, hostname: null }));
		const plan = await planStored(scan, { targets, reach }, context);
		expect(plan.addresses).toBe(1);
		await expect(planStored(scan, { targets }, context)).rejects.toMatchObject({ code: "invalid" });
	});

	test("a large scan keeps to its addresses whatever its targets stand for by now", async () => {
		const allow = AddressSet.fromText([["127.1.0.0", "127.2.255.255"]]);
		const scan = { ...scanOf("443", 1), targets: ["group:Gone", "@hosts.txt"] };
		const reach = { allow, deny: AddressSet.fromText([["127.2.0.0", "127.2.255.255"]]), shared: new Map() };
		const plan = await planStored({ ...scan, exclusions: ["group:Gone"] }, { targets: [], reach }, context);
		expect(plan.addresses).toBe(65_536);
		const first = [...(plan.order?.(131_062) ?? [])];
		expect(first).toHaveLength(10);
		expect(first.every((address) => address === null || address.startsWith("127.1."))).toBe(true);
	});
});

test("the estimate says how many of the addresses are logged in to, unless nothing is gathered inside", async () => {
	const context = { ...contextOf(), loginReach: (addresses: AddressSet) => addresses.size - 1 };
	expect((await planRequest(request, context)).estimate.logins).toBe(2);
	expect((await planRequest({ ...request, logsIn: false }, context)).estimate.logins).toBe(0);
	expect((await planRequest(request, contextOf())).estimate.logins).toBe(0);
});
