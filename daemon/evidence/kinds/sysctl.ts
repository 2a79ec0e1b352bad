/** Kernel parameters that matter for security, as they are in force; a key that is absent is not known to the kernel. */
import { z } from "zod";

export const sysctl = z.object({
	settings: z.record(z.string(), z.string()).describe("net.ipv4.ip_forward, kernel.randomize_va_space, …"),
});
