/** Assets: the inventory. */
import { z } from "zod";
import { defineMethod, defineStream } from "../define.ts";
import { asset, assetDetail } from "../model/asset.ts";
import { listParams, pageOf } from "../model/common.ts";

export const list = defineMethod({
	name: "assets.list",
	summary: "List assets",
	description:
		"Worst first unless sorted. Fields: id, name, address, os, tracking, firstSeen, lastSeen, lastScan, openPorts, port, service, severity, risk.",
	access: "read",
	params: listParams,
	result: pageOf(asset),
});

export const get = defineMethod({
	name: "assets.get",
	summary: "One asset in full",
	description: "By id, or by name or address in `name`. Services, identifiers and the current evidence.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ id: z.int().positive().optional(), name: z.string().max(253).optional() }),
	result: assetDetail,
});

export const watch = defineStream({
	name: "assets.watch",
	summary: "Tells when the inventory has changed",
	description: "No rows: a list that is on screen asks again for its page. Once a second at most.",
	access: "read",
	params: z.object({}),
	snapshot: z.object({ total: z.int().nonnegative() }),
	event: z.discriminatedUnion("kind", [z.object({ kind: z.literal("changed"), total: z.int().nonnegative() })]),
});
