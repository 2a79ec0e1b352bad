/** System services: whether they run and whether they start by themselves; and the names of all processes. */
import { z } from "zod";

export const services = z.object({
	manager: z.enum(["systemd", "openrc", "sysv"]).nullable(),
	services: z.array(
		z.object({
			name: z.string().describe("without .service; sockets and timers keep their ending"),
			enabled: z.boolean().nullable().describe("starts by itself; null: not told"),
			active: z.boolean().nullable(),
		}),
	),
	/** Distinct, sorted. Null: not all could be seen, so that nothing is proved not to run. */
	processes: z.array(z.string()).nullable(),
});
