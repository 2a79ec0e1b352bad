/** Bytes from a service that no probe recognises. */
import { z } from "zod";

export const banner = z.object({
	text: z.string().describe("first 512 bytes, bytes outside printable ASCII as \\xNN"),
	trigger: z.string().describe("what was sent before it: nothing, http, tls, …"),
});
