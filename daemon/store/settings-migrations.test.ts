import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSettings } from "./settings.ts";
import { holdingExclusions } from "./settings-exclusions.ts";
import { migrations } from "./settings-migrations.ts";
import { findProfile, listProfiles } from "./settings-profiles.ts";
import { noSettings, settingsData, settingsVersion } from "./settings-schema.ts";

const log = pino({ level: "silent" });
let folder: string;
let path: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-settings-"));
	path = join(folder, "settings.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("there is a step from each version to the next", () => {
	expect(migrations).toHaveLength(settingsVersion - 1);
});

test("a file of version 1 opens with its profiles, exclusions and filters, and is written as the present version", async () => {
	copyFileSync(fileURLToPath(new URL("./testdata/settings-version-1.json", import.meta.url)), path);
	const settings = await openSettings(path, { log });
	await settings.close();
	expect(JSON.parse(readFileSync(path, "utf8")).data.version).toBe(settingsVersion);

	const { data } = await openSettings(path, { log });
	expect(data.savedFilters).toEqual([{ list: "findings", name: "urgent", filter: "severity:5" }]);
	expect(holdingExclusions(data, Date.now()).map(({ id, target, comment }) => ({ id, target, comment }))).toEqual([
		{ id: 1, target: "192.0.2.9", comment: "printer" },
		{ id: 2, target: "198.51.100.0/24", comment: "Added before comments were asked for." },
	]);
	const night = findProfile(data, "night");
	expect(night).toMatchObject({ name: "Night", version: 1, builtIn: false, editedAt: null });
	expect(night?.limits).toEqual({
		...{ ratePerSecond: 500, inFlight: 200, inFlightPerHost: 20 },
		...{ timeoutMs: 2000, retries: 3, hostsInParallel: 5, surveysPerHost: 8 },
		// It did without before there were such limits.
		...{ ratePerHost: 0, ratePerNetwork: 0 },
	});
	expect(night?.options.ports).toEqual({ set: "standard", additional: "" });
	// The name has become a built-in one.
	expect(listProfiles(data).map((one) => one.name)).toContain("Full TCP (mine)");
	expect(findProfile(data, "Full TCP")?.builtIn).toBe(true);
});

test("UDP becomes a set of ports with version 3", async () => {
	const options = {
		...{ description: "", ports: { set: "full", additional: "" }, performance: { level: "low" } },
		...{ discovery: { ports: "22", scanDeadHosts: false }, maxMinutesPerHost: null, maxMinutesPerScan: null },
	};
	const versions = [true, false].map((udp, i) => ({
		version: i + 1,
		at: null,
		by: null,
		options: { ...options, udp },
	}));
	const before = { ...noSettings, version: 2, profiles: [{ name: "Old", deleted: false, versions }] };
	const { profiles } = settingsData.parse({ ...migrations[1]?.(before), version: settingsVersion });
	expect(profiles[0]?.versions.map((one) => one.options.udp.set)).toEqual(["light", "none"]);
	expect(profiles[0]?.versions[0]?.options.discovery).toEqual({
		...{ icmp: true, arp: true, ackPorts: "80,443", ports: "22", scanDeadHosts: false, closeDeadAfter: null },
		udpPorts: "53,111,135,137,161,500",
	});
});

test("version 4 begins without operators, whatever was in their place", () => {
	const before = { ...noSettings, version: 3, operators: { grants: [{ kind: "unix", id: 7, access: "admin" }] } };
	expect(settingsData.parse({ ...migrations[2]?.(before), version: settingsVersion }).operators).toEqual({
		...{ grants: [], tokens: [], keys: [], singleOperator: null },
	});
});

test.each([
	["nothing in it", {}],
	["no lists", { profiles: null, exclusions: "x" }],
	["odd items", { profiles: [null, 7, { limits: "fast" }], exclusions: [[], 1] }],
])("a step never throws: %s", (_, before) => {
	for (const step of migrations) expect(() => step(before)).not.toThrow();
});
