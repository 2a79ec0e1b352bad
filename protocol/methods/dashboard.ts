/** The dashboard as its operator arranged it: kept by the daemon, so that every console of theirs shows the same. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { dashboard, dashboardWidgets } from "../model/dashboard.ts";

export const get = defineMethod({
	name: "dashboard.get",
	summary: "The caller's dashboard",
	description: "What it shows, in order.",
	access: "read",
	params: z.object({}),
	result: dashboard,
});

export const save = defineMethod({
	name: "dashboard.save",
	summary: "Arrange the caller's dashboard",
	description:
		"All of it at once; nobody else's changes. `not-found` for a saved query there is none of. A query may be deleted later: its box says so then.",
	access: "read",
	errors: ["not-found", "too-large"],
	params: z.object({ widgets: dashboardWidgets }),
	result: dashboard,
});

export const reset = defineMethod({
	name: "dashboard.reset",
	summary: "The dashboard that came with Vedette",
	description: "Forgets how the caller arranged theirs.",
	access: "read",
	params: z.object({}),
	result: dashboard,
});
