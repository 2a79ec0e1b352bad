/** What carries a port. */
import { z } from "zod";

export const transport = z.enum(["tcp", "udp"]);
export type Transport = z.infer<typeof transport>;
