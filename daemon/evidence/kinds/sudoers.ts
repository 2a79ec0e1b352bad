/** Who may act as whom: the rules of sudoers(5) and doas.conf(5), with their aliases replaced by what they stand for. */
import { z } from "zod";

export const sudoers = z.object({
	rules: z.array(
		z.object({
			tool: z.enum(["sudo", "doas"]),
			file: z.string(),
			who: z.array(z.string()).describe("names, %groups, #uids; ALL is everybody"),
			hosts: z.array(z.string()),
			runas: z.array(z.string()).describe("root where none is said"),
			noPassword: z.boolean(),
			commands: z.array(z.string()).describe("ALL, paths with arguments, those with ! in front are forbidden"),
		}),
	),
	defaults: z
		.array(z.string())
		.describe("settings of the Defaults lines, one each: `!authenticate`, `timestamp_timeout=5`"),
	/** False when files are named that were not read: what no rule here says may stand there. */
	whole: z.boolean(),
});
