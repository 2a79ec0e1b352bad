/** What runs by itself and when: system and user crontabs, scripts by the hour and day, systemd timers. */
import { z } from "zod";

export const cron = z.object({
	jobs: z.array(
		z.object({
			file: z.string(),
			user: z.string(),
			schedule: z.string().describe("five fields, or @daily and the like"),
			command: z.string().describe("with passwords and tokens left out: ***"),
		}),
	),
	scripts: z.array(z.string()).describe("in /etc/cron.daily, /etc/periodic and the like"),
	timers: z
		.array(z.object({ name: z.string(), activates: z.string() }))
		.nullable()
		.describe("null: no systemd"),
});
