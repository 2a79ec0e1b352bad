/** A shell on an asset: the user's own ssh, run by the daemon, drawn in a console. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

/** What a terminal may measure. */
export const terminalSize = z.object({
	columns: z.int().min(20).max(500),
	rows: z.int().min(4).max(200),
});

export const shell = z.object({
	id: z.int().positive(),
	asset: z.object({ id: z.int().positive(), name: z.string() }),
	address: z.string(),
	port: z.int().min(1).max(65_535),
	user: z.string().nullable().describe("login name there; null: what ssh's configuration says"),
	by: z.string().describe("identity of who opened it"),
	openedAt: timestamp,
	exit: z
		.object({ code: z.int(), signal: z.int().nullable() })
		.nullable()
		.describe("how ssh ended; null while it runs. 255 is ssh's own failure"),
});
export type Shell = z.infer<typeof shell>;
