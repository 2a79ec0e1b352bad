/** What is mounted where and how, as the kernel says. */
import { z } from "zod";

export const mounts = z.object({
	mounts: z.array(
		z.object({
			source: z.string(),
			target: z.string(),
			type: z.string(),
			options: z.array(z.string()).describe("in force: rw, nosuid, nodev, noexec, …"),
		}),
	),
});
