import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { limitsOf, type Profile, performanceLevels, profileOptions } from "../../protocol/model/profile.ts";
import { parseUntil } from "../components/exclusion/parse-until.ts";
import { applySettings, optionsDocument, readOptionsDocument, settingsOf } from "./profile-options.ts";

const options: Profile["options"] = {
	description: "An example: with a colon, and a # sign.",
	ports: { set: "standard", additional: "8081" },
	udp: { set: "light", additional: "" },
	discovery: {
		icmp: true,
		arp: true,
		ackPorts: "80",
		ports: "22,80",
		udpPorts: "53",
		scanDeadHosts: false,
		closeDeadAfter: null,
	},
	performance: { level: "normal" },
	maps: { resolver: "", trace: "sample" },
	maxMinutesPerHost: null,
	maxMinutesPerScan: 60,
};
const profile: Profile = {
	...{ name: "Lab 100%", version: 3, builtIn: false, options, limits: performanceLevels.normal },
	...{ editedAt: null, editedBy: null },
};

describe("single settings", () => {
	test.each([
		["udp.set=none", { udp: { set: "none", additional: "" } }],
		["discovery.icmp=off", { discovery: { ...options.discovery, icmp: false } }],
		["discovery.ackPorts=", { discovery: { ...options.discovery, ackPorts: "" } }],
		["ports.set=full", { ports: { set: "full", additional: "8081" } }],
		["ports.additional=", { ports: { set: "standard", additional: "" } }],
		["ports.additional=22", { ports: { set: "standard", additional: "22" } }],
		["maxMinutesPerScan=none", { maxMinutesPerScan: null }],
		["maxMinutesPerHost = 5", { maxMinutesPerHost: 5 }],
		["discovery.scanDeadHosts=true", { discovery: { ...options.discovery, scanDeadHosts: true } }],
		["description=a=b", { description: "a=b" }],
		["performance.level=low", { performance: { level: "low" } }],
		["performance.level=custom", { performance: { level: "custom", ...performanceLevels.normal } }],
		["performance.retries=3", { performance: { level: "custom", ...performanceLevels.normal, retries: 3 } }],
	])("%s", (text, changed) => {
		expect(applySettings(profile, [text])).toEqual({ ...options, ...changed });
	});

	test("are made in order: a limit after a level starts from that level", () => {
		const made = applySettings(profile, ["performance.retries=9", "performance.level=low", "performance.inFlight=7"]);
		expect(made.performance).toEqual({ level: "custom", ...performanceLevels.low, inFlight: 7 });
		expect(limitsOf(made.performance)).toEqual({ ...performanceLevels.low, inFlight: 7 });
	});

	test.each([
		["speed=1", /no setting "speed"/],
		["ports=full", /no setting "ports"/],
		["__proto__.x=1", /no setting/],
		["udp", /is not a setting/],
		["discovery.arp=maybe", /neither true nor false/],
		["udp.set=full", /udp\.set/],
		["performance.retries=", /not a whole number/],
		["performance.retries=1.5", /not a whole number/],
		["performance.retries=11", /performance\.retries/],
		["performance.level=turbo", /performance\.level/],
		["maxMinutesPerHost=99999", /maxMinutesPerHost/],
	])("%s is refused", (text, says) => {
		expect(() => applySettings(profile, [text])).toThrow(says);
	});

	test("any text is a setting or refused with an AppError", () => {
		const names = [...settingsOf(profile).keys()];
		const text = fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string()), fc.string()).map((pair) => pair.join("="));
		fc.assert(
			fc.property(fc.array(text, { maxLength: 3 }), (settings) => {
				try {
					profileOptions.parse(applySettings(profile, settings));
				} catch (err) {
					expect(err).toBeInstanceOf(AppError);
				}
			}),
		);
	});
});

describe("the document", () => {
	test("says the same when it is read back, and names the version it will make", () => {
		const text = optionsDocument(profile);
		expect(text).toContain('"Lab 100%", version 3. Saving makes version 4');
		expect(readOptionsDocument(text)).toEqual(options);
		const custom = applySettings(profile, ["performance.retries=3"]);
		expect(readOptionsDocument(optionsDocument({ ...profile, options: custom }))).toEqual(custom);
	});

	test.each([
		["", /expected object/],
		["udp: [", /not YAML/],
		["a: &a [*a]", /not YAML|expected/],
		["just text", /expected object/],
		[`${optionsDocument(profile)}\nspeed: 9\n`, /speed/],
		[optionsDocument(profile).replace("set: light", "set: 7"), /udp/],
		[`a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]`, /not YAML|expected/],
	])("refused: %j", (text, says) => {
		expect(() => readOptionsDocument(text)).toThrow(says);
		expect(() => readOptionsDocument(text)).toThrow(AppError);
	});
});

describe("until", () => {
	const now = Date.parse("2026-06-01T12:00:00.000Z");
	test.each([
		["12h", "2026-06-02T00:00:00.000Z"],
		["30d", "2026-07-01T12:00:00.000Z"],
		["2w", "2026-06-15T12:00:00.000Z"],
		["2027-03-31", "2027-03-31T23:59:59.999Z"],
		["2027-03-31T18:00:00+02:00", "2027-03-31T16:00:00.000Z"],
	])("%s", (text, iso) => {
		expect(parseUntil(text, now)).toBe(iso);
	});
	test.each(["", "soon", "3", "2027-02-30", "2027-13-01", "31.3.2027", "2027-03-31T18:00", "99999d", "-1d"])(
		"%j is refused",
		(text) => {
			expect(() => parseUntil(text, now)).toThrow(AppError);
		},
	);
});
