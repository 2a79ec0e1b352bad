/** The configuration sshd really uses (`sshd -T`): keyword, lower case, to its values in order. */
import { z } from "zod";

export const sshd = z.object({
	settings: z.record(z.string(), z.array(z.string())),
	/** True for what sshd itself worked out, false when only its files could be read. */
	effective: z.boolean(),
});
