/** What settings hold. How older versions become this one is in settings-migrations.ts. */
import { z } from "zod";
import { accessLevels } from "../../protocol/define.ts";
import { dashboardWidgets } from "../../protocol/model/dashboard.ts";
import { bundleKey } from "../../protocol/model/knowledge-bundle.ts";
import { feedSource, updateSettings } from "../../protocol/model/knowledge-update.ts";
import { concurrencyGroup } from "../../protocol/model/network-figures.ts";
import { listener, singleOperator, tokenName } from "../../protocol/model/operator.ts";
import { profileName, profileOptions } from "../../protocol/model/profile.ts";
import { timestamp } from "../../protocol/model/timestamp.ts";
import { storedPreferences, storedView } from "./settings-views.ts";

/** One version of a profile, never changed once written. `at` and `by` are null when that was not kept. */
export const profileVersion = z.object({
	version: z.int().positive(),
	at: timestamp.nullable(),
	by: z.string().max(200).nullable(),
	options: profileOptions,
});

const storedProfile = z.object({
	name: profileName,
	/** Kept for the scans that used it; the name is free, and whoever takes it counts its versions on. */
	deleted: z.boolean(),
	/** Ascending, without a gap. */
	versions: z.array(profileVersion).min(1).max(10_000),
});
export type StoredProfile = z.infer<typeof storedProfile>;

/** Never scanned, whatever a request says. Never deleted from the settings either: removed ones are the history. */
const storedExclusion = z.object({
	/** Ascending, without a gap, from 1. */
	id: z.int().positive(),
	/** As it was written. */
	target: z.string().min(1).max(253),
	/** What it stood for when it was added; empty when that was not kept. */
	ranges: z.array(z.tuple([z.string().max(50), z.string().max(50)])).max(64),
	comment: z.string().min(1).max(500),
	addedAt: timestamp.nullable(),
	addedBy: z.string().max(200).nullable(),
	expiresAt: timestamp.nullable(),
	removed: z.object({ at: timestamp, by: z.string().max(200), comment: z.string().min(1).max(500) }).nullable(),
});
export type StoredExclusion = z.infer<typeof storedExclusion>;

/** What somebody said of addresses that answer: these are real, these are ghosts. */
const storedGhostRule = z.object({
	/** Ascending, from 1; never used again while any rule is left. */
	id: z.int().positive(),
	target: z.string().min(1).max(253),
	ranges: z.array(z.tuple([z.string().max(50), z.string().max(50)])).max(64),
	says: z.enum(["real", "ghost"]),
	comment: z.string().max(500).nullable(),
	addedAt: timestamp,
	addedBy: z.string().max(200),
});

const savedFilter = z.object({
	list: z.enum(["scans", "assets", "findings", "signatures"]),
	name: z.string().trim().min(1).max(100),
	filter: z.string().max(4_000),
});

/** A key by which bundles are trusted; `sealed`: its secret half, of a key that was made here. */
const storedBundleKey = bundleKey
	.omit({ mine: true })
	.extend({ sealed: z.string().max(8_000).nullable(), sealedBy: z.string().max(100).nullable() });
export type StoredBundleKey = z.infer<typeof storedBundleKey>;

const grant = z.object({
	kind: z.enum(["unix", "group"]),
	/** User or group number. */
	id: z.int().nonnegative(),
	/** What it was called when access was granted. */
	name: z.string().max(100),
	access: z.enum(accessLevels),
	at: timestamp,
	by: z.string().max(200),
});
export type StoredGrant = z.infer<typeof grant>;

const token = z.object({
	name: tokenName,
	access: z.enum(accessLevels),
	/** Whose connections it makes, `unix:UID`; null: its own. */
	owner: z.string().max(200).nullable(),
	/** SHA-256 of the secret. */
	hash: z.string().regex(/^[\da-f]{64}$/),
	createdAt: timestamp,
	createdBy: z.string().max(200),
	expiresAt: timestamp,
	/** Never deleted: its name stays in the audit log, and must not become somebody else's. */
	revoked: z.object({ at: timestamp, by: z.string().max(200) }).nullable(),
});
export type StoredToken = z.infer<typeof token>;

const signer = z.object({
	/** Identity of whose key it is. */
	operator: z.string().max(200),
	/** What they were called when it was added. */
	name: z.string().max(100),
	type: z.string().max(100),
	/** Base64 of the public key. */
	key: z.string().max(8_192),
	fingerprint: z.string().max(100),
	comment: z.string().max(200),
	at: timestamp,
	by: z.string().max(200),
});
export type StoredSigner = z.infer<typeof signer>;

const storedOperators = z.object({
	grants: z.array(grant).max(500),
	tokens: z.array(token).max(2_000),
	/** Whose signatures over decisions count. */
	keys: z.array(signer).max(1_000).default([]),
	singleOperator: singleOperator.nullable(),
});

const storedDashboard = z.object({
	/** Identity of whose it is. */
	operator: z.string().max(200),
	widgets: dashboardWidgets,
});

export const settingsVersion = 4;

export const settingsData = z.object({
	version: z.literal(settingsVersion),
	/** The user's own; the built-in ones are not kept here. */
	profiles: z.array(storedProfile).max(1_000),
	exclusions: z.array(storedExclusion).max(20_000),
	/** Ports that are never talked to besides those that never are, as a port list; empty for none. */
	fragilePorts: z.string().max(10_000),
	savedFilters: z.array(savedFilter).max(1_000),
	/** Absent in settings from before there were any. */
	ghostRules: z.array(storedGhostRule).max(10_000).default([]),
	/** Name server that maps ask when neither request nor profile names one, `address:port`; empty: this machine's. */
	mapResolver: z.string().max(100).default(""),
	/** What may be sent to some addresses by all scans and maps together, by name. */
	concurrencyGroups: z.array(concurrencyGroup).max(500).default([]),
	/** Where knowledge comes from: the user's own sources, and built-in ones that were changed. */
	feedSources: z.array(feedSource).max(200).default([]),
	bundleKeys: z.array(storedBundleKey).max(100).default([]),
	updates: updateSettings.default({ everyHours: null, oldAfterDays: 7, allowHttp: false }),
	operators: storedOperators,
	/** Filter, order and columns of lists under a name. */
	views: z.array(storedView).max(1_000).default([]),
	/** How each operator looks at each list. */
	listPreferences: z.array(storedPreferences).max(5_000).default([]),
	/** Where the daemon listens on the network; null: nowhere. */
	listener: listener.nullable().default(null),
	/** How operators arranged their dashboards; who did not has the default one. */
	dashboards: z.array(storedDashboard).max(500).default([]),
});
export type SettingsData = z.infer<typeof settingsData>;

export const noSettings: SettingsData = {
	version: settingsVersion,
	profiles: [],
	exclusions: [],
	fragilePorts: "",
	savedFilters: [],
	ghostRules: [],
	mapResolver: "",
	concurrencyGroups: [],
	feedSources: [],
	bundleKeys: [],
	updates: { everyHours: null, oldAfterDays: 7, allowHttp: false },
	operators: { grants: [], tokens: [], keys: [], singleOperator: null },
	views: [],
	listPreferences: [],
	listener: null,
	dashboards: [],
};
