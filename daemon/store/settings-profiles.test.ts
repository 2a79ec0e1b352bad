import { expect, test } from "vitest";
import { performanceLevels, portsText, profileOptions } from "../../protocol/model/profile.ts";
import { builtInProfiles } from "./built-in-profiles.ts";
import {
	addProfile,
	addVersion,
	deleteProfile,
	findProfile,
	getProfile,
	listProfiles,
	listVersions,
} from "./settings-profiles.ts";
import { noSettings, type SettingsData } from "./settings-schema.ts";

const change = { at: "2026-01-01T00:00:00.000Z", by: "unix:1000" };
const options = getProfile(noSettings, "Initial").options;
const slower = { ...options, performance: { level: "low" as const } };
const fresh = (): SettingsData => structuredClone(noSettings);

test("the built-in ones are there, well-formed, and cannot be touched", () => {
	const names = ["Initial", "Light inventory", "Full TCP", "PCI external", "Fast", "Gentle"];
	expect(listProfiles(noSettings).map((one) => one.name)).toEqual(names);
	for (const { options: own } of builtInProfiles) expect(profileOptions.parse(own)).toEqual(own);
	const data = fresh();
	expect(() => addVersion(data, "initial", 1, slower, change)).toThrow(/built in and cannot be edited/);
	expect(() => deleteProfile(data, "PCI external")).toThrow(/built in and cannot be deleted/);
	expect(() => addProfile(data, " FAST ", options, change)).toThrow(/already an option profile "Fast"/);
});

test("each edit is a new version and the old ones stay", () => {
	const data = fresh();
	addProfile(data, "Night", options, change);
	addVersion(data, "night", 1, slower, { ...change, by: "unix:0" });
	expect(findProfile(data, "NIGHT")).toMatchObject({ version: 2, limits: performanceLevels.low, editedBy: "unix:0" });
	expect(findProfile(data, "Night", 1)).toMatchObject({ version: 1, limits: performanceLevels.normal });
	expect(listVersions(data, "Night").map((one) => one.version)).toEqual([2, 1]);
	expect(() => addVersion(data, "Night", 1, options, change)).toThrow(/newest version is 2, not 1/);
	expect(() => getProfile(data, "Night", 9)).toThrow(/no version 9/);
});

test("a deleted one is gone for new scans, readable by version, and its name counts on", () => {
	const data = fresh();
	addProfile(data, "Night", options, change);
	deleteProfile(data, "night");
	expect(findProfile(data, "Night")).toBeNull();
	expect(findProfile(data, "Night", 1)?.version).toBe(1);
	expect(() => getProfile(data, "Night")).toThrow(
		expect.objectContaining({ hint: expect.stringContaining("Initial") }),
	);
	expect(() => deleteProfile(data, "Night")).toThrow(/no option profile/);
	addProfile(data, "Night", slower, change);
	expect(findProfile(data, "Night")).toMatchObject({ version: 2, limits: performanceLevels.low });
});

test.each([
	[{ set: "none", additional: "" }, "none"],
	[{ set: "none", additional: "22,80" }, "22,80"],
	[{ set: "light", additional: "8081" }, "light,8081"],
	[{ set: "full", additional: "" }, "full"],
] as const)("ports %o are written %s", (ports, text) => {
	expect(portsText(ports)).toBe(text);
});
