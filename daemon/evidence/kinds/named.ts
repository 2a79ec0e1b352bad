/** What every application protocol says of the software behind it. Spread into the kinds that have it. */
import { z } from "zod";

export const named = {
	product: z.string().nullable().describe("product as its maker spells it, e.g. OpenSSH; null when not told"),
	version: z.string().nullable().describe("version as told, without the product's name"),
	info: z.string().nullable().describe("further words of the banner, e.g. the distribution's package revision"),
};

/** True when the conversation ran inside TLS from its first byte. STARTTLS does not count. */
export const wrapped = { tls: z.boolean().describe("the whole conversation ran inside TLS") };
