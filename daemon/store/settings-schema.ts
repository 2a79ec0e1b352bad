/** What settings hold, version by version, and how an older version becomes the present one. */
import { z } from "zod";

const name = z.string().trim().min(1).max(100);

/** The pace of a scan. Rates and counts are over all hosts unless they say otherwise. */
export const profileLimits = z.object({
	/** Connection attempts a second. */
	ratePerSecond: z.int().min(1).max(1_000_000),
	/** Attempts open at once. */
	inFlight: z.int().min(1).max(60_000),
	/** Attempts open at once to one host. */
	inFlightPerHost: z.int().min(1).max(60_000),
	/** How long an attempt may take before it is tried again; shortened as the round trip becomes known. */
	timeoutMs: z.int().min(50).max(60_000),
	/** Further tries for a port that says nothing. */
	retries: z.int().min(0).max(10),
	/** Addresses in work at once, after discovery. */
	hostsInParallel: z.int().min(1).max(10_000),
});

export const profile = z.object({ name, description: z.string().max(500), limits: profileLimits });
export type Profile = z.infer<typeof profile>;

/** Never scanned, whatever a request says. `target` is written as targets are. */
export const exclusion = z.object({ target: z.string().min(1).max(253), comment: z.string().max(500) });
export type Exclusion = z.infer<typeof exclusion>;

export const savedFilter = z.object({
	list: z.enum(["scans", "assets", "findings", "signatures"]),
	name,
	filter: z.string().max(4_000),
});

export const settingsVersion = 1;

export const settingsData = z.object({
	version: z.literal(settingsVersion),
	/** The user's own; the built-in ones are not kept here. */
	profiles: z.array(profile).max(1_000),
	exclusions: z.array(exclusion).max(10_000),
	savedFilters: z.array(savedFilter).max(1_000),
});
export type SettingsData = z.infer<typeof settingsData>;

export const noSettings: SettingsData = { version: settingsVersion, profiles: [], exclusions: [], savedFilters: [] };

/** Step n makes version n + 2 of version n + 1. A released step is never edited. */
export const migrations: readonly ((before: Record<string, unknown>) => Record<string, unknown>)[] = [];

/**
 * Profiles that are always there. Hosts in parallel follow what platforms of this kind give their three levels; the
 * rates are ours and suit a connect scan.
 */
export const builtInProfiles: readonly Profile[] = [
	{
		name: "Initial",
		description: "A steady pace for ordinary networks.",
		limits: {
			ratePerSecond: 10_000,
			inFlight: 2_000,
			inFlightPerHost: 500,
			timeoutMs: 1_500,
			retries: 1,
			hostsInParallel: 30,
		},
	},
	{
		name: "Fast",
		description: "For a few hosts, or a network that can take it.",
		limits: {
			ratePerSecond: 50_000,
			inFlight: 8_000,
			inFlightPerHost: 2_000,
			timeoutMs: 1_000,
			retries: 1,
			hostsInParallel: 40,
		},
	},
	{
		name: "Gentle",
		description: "For slow links and fragile devices.",
		limits: {
			ratePerSecond: 300,
			inFlight: 100,
			inFlightPerHost: 10,
			timeoutMs: 3_000,
			retries: 2,
			hostsInParallel: 10,
		},
	},
];
