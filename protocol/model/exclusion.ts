/** An exclusion that holds for every scan: who wants what left alone, why, since when and until when. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

/** `holds`: no packet is sent there. `expired`: its time is over. `removed`: somebody took it back. */
export const exclusionStates = ["holds", "expired", "removed"] as const;

export const exclusion = z.object({
	id: z.int().positive(),
	target: z.string().describe("as it was written: address, CIDR, range or host name"),
	ranges: z
		.array(z.tuple([z.string(), z.string()]))
		.describe("first and last address of what it stood for when it was added; a name is looked up again at each scan"),
	comment: z.string(),
	state: z.enum(exclusionStates),
	addedAt: timestamp.nullable().describe("null when that was not kept"),
	addedBy: z.string().nullable(),
	expiresAt: timestamp.nullable(),
});
export type Exclusion = z.infer<typeof exclusion>;

export const exclusionEvent = z.object({
	at: timestamp.nullable(),
	by: z.string().nullable().describe("null for an expiry"),
	action: z.enum(["added", "removed", "expired"]),
	exclusion: z.int().positive(),
	target: z.string(),
	comment: z.string().describe("why it was added or removed"),
});
export type ExclusionEvent = z.infer<typeof exclusionEvent>;

export const fragilePorts = z.object({
	always: z.string().describe("ports on which printers print what they receive; these cannot be taken out"),
	further: z.string().describe("the list that can be set, such as 502,20000-20010; empty for none"),
});
