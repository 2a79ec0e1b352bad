/** Exports: findings handed out as a document in parts, as fast as they are asked for. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { exportFormat, exportJob, exportPart } from "../model/export.ts";

export const open = defineMethod({
	name: "exports.open",
	summary: "Begin an export of findings",
	description:
		"Which findings are in it is settled now: those findings.list answers to the filter, and besides them those that are excepted or ignored, marked as such. With `ids`: these, whatever their status. Read with exports.read. Answers `busy` while too many exports are open.",
	access: "read",
	errors: ["busy", "too-large", "unavailable"],
	timeoutMs: 120_000,
	params: z.object({
		format: exportFormat,
		filter: z.string().max(4_000).default("").describe("query, as for findings.list; empty means all that are open"),
		ids: z.array(z.int().positive()).max(50_000).optional(),
		author: z.string().max(200).optional().describe("who says so, in OpenVEX and CSAF; missing: this daemon"),
		namespace: z.url().max(500).optional().describe("the author's address on the web, in CSAF"),
	}),
	result: exportJob,
});

export const read = defineMethod({
	name: "exports.read",
	summary: "The next part of an export",
	description:
		"Parts are numbered from 1 and asked for in order, several at once if need be; those behind the last one answer `conflict`. The one given out last may be asked for again. An export that nobody reads is closed after an hour, or when others are wanted; two minutes after the connection that read it has ended, unless another one reads on.",
	access: "read",
	errors: ["not-found", "conflict", "too-large", "unavailable"],
	timeoutMs: 120_000,
	params: z.object({ export: z.int().positive(), part: z.int().positive() }),
	result: exportPart,
});

export const close = defineMethod({
	name: "exports.close",
	summary: "End an export",
	description: "Also before its end. One that is not open is fine.",
	access: "read",
	params: z.object({ export: z.int().positive() }),
	result: z.object({}),
});
