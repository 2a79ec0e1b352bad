/** People by name: what is stored and compared is the identity, what is shown is what it is called. */
import { z } from "zod";

/** `person:NAME`: somebody without an account on the daemon's machine, whom tokens stand for; capitals count as small letters. */
export const personPattern = /^person:[A-Za-z0-9_][\w.@-]{0,99}$/;

export const person = z.object({
	identity: z.string().max(200).describe("unix:UID, person:NAME or token:NAME"),
	name: z.string().max(100).describe("what the machine calls the user, or the token's person"),
});
export type Person = z.infer<typeof person>;

/** Who is meant by a word. */
export const personFound = z.object({
	identity: z.string().nullable().describe("null: nobody here is called that"),
	name: z.string(),
	near: z.array(z.string()).describe("names that are much like it"),
	known: z.array(z.string()).describe("everybody's, the first twenty"),
});
export type PersonFound = z.infer<typeof personFound>;
