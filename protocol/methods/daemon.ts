/** The daemon itself: greeting, state, figures, stopping. */
import { z } from "zod";
import { accessLevels, defineMethod, defineStream } from "../define.ts";
import { doctorReport } from "../model/doctor.ts";
import { daemonStatus, overview } from "../model/overview.ts";
import { person } from "../model/person.ts";

export const hello = defineMethod({
	name: "daemon.hello",
	summary: "Greet the daemon",
	description:
		"Must be the first call of a connection; anything else before it is answered `conflict`. Agrees on the protocol (same major number) and says who the caller is taken to be.",
	access: "read",
	errors: ["version-mismatch"],
	params: z.object({
		protocol: z.string().max(20),
		client: z.string().max(100).describe("name and version, for the log"),
		readOnly: z.boolean().default(false).describe("ask for no more than read access"),
	}),
	result: z.object({
		version: z.string(),
		protocol: z.string(),
		access: z.enum(accessLevels),
		user: z.string().describe("identity the daemon took from the connection, e.g. unix:1000"),
		people: z
			.array(person)
			.default([])
			.describe("what those who were let in are called, to be shown instead of identities"),
		capabilities: z.array(z.string()),
	}),
});

export const status = defineMethod({
	name: "daemon.status",
	summary: "State of the daemon process",
	description: "Version, home, memory, the port engine in use and why, connections.",
	access: "read",
	params: z.object({}),
	result: daemonStatus,
});

export const getOverview = defineMethod({
	name: "daemon.overview",
	summary: "Figures of the dashboard",
	description: "Counts are kept as findings change, so this is cheap at any size.",
	access: "read",
	params: z.object({}),
	result: overview,
});

export const doctor = defineMethod({
	name: "daemon.doctor",
	summary: "Is everything here as it should be?",
	description:
		"Checks the daemon's rights, limits, home, database, signatures and machine; each is ok, a warning or failed, with what was found and how to mend it. Reads only and sends no packet; looking through a large database takes up to half a minute.",
	access: "read",
	timeoutMs: 60_000,
	params: z.object({}),
	result: doctorReport,
});

export const stop = defineMethod({
	name: "daemon.stop",
	summary: "Stop the daemon",
	description: "Running scans are checkpointed and carry on at the next start. Answers before it stops.",
	access: "admin",
	audit: ["daemon.stop"],
	params: z.object({}),
	result: z.object({ stopping: z.literal(true) }),
});

export const watchOverview = defineStream({
	name: "daemon.watchOverview",
	summary: "The dashboard, kept current",
	description: "A new overview whenever something in it has changed, twice a second at most.",
	access: "read",
	params: z.object({}),
	snapshot: overview,
	event: z.discriminatedUnion("kind", [z.object({ kind: z.literal("overview"), overview })]),
});
