/** Who owns the files policies ask for and who may do what with them; and what anybody may write to, or run as another. */
import { z } from "zod";

const file = z.object({
	path: z.string(),
	type: z.enum(["file", "directory", "other"]),
	mode: z.string().describe("four octal digits: 0644, 1777"),
	uid: z.int(),
	gid: z.int(),
	/** Its digits taken apart, for checks. */
	othersRead: z.boolean(),
	othersWrite: z.boolean(),
	groupWrite: z.boolean(),
	sticky: z.boolean(),
});

export const files = z.object({
	files: z.array(file).describe("those asked for that are there: accounts, logs, keys, schedules, home directories"),
	hidden: z.array(z.string()).describe("directories that could not be looked into: what is in them is not known"),
	/** Below system directories, without links and sticky directories; null: could not be looked for. */
	worldWritable: z.array(z.string()).nullable(),
	/** Programs below system directories that run as their owner or group; null: could not be looked for. */
	setId: z.array(z.string()).nullable(),
});
