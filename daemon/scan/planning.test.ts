import { expect, test } from "vitest";
import type { Profile, ProfileOptions } from "../../protocol/model/profile.ts";
import { limitsOf } from "../../protocol/model/profile.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { AddressSet } from "../scope/address-set.ts";
import { scanProfileOf } from "./profile.ts";
import { type PlanningContext, planRequest, planStored } from "./request.ts";

const options: ProfileOptions = {
	description: "",
	ports: { set: "none", additional: "9000-9099" },
	udp: { set: "none", additional: "" },
	discovery: { icmp: true, arp: false, ackPorts: "", ports: "22,80", udpPorts: "53", scanDeadHosts: false },
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
	expect(estimate).toMatchObject({ addresses: 3, ports: 4, probes: 12 });
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
