/** A MongoDB server's answers to hello, buildInfo and listDatabases without a login (OP_MSG). */
import { z } from "zod";
import { named } from "./named.ts";

export const mongodb = z.object({
	...named,
	authenticationRequired: z.boolean().describe("listDatabases was refused"),
	databases: z.array(z.string()).describe("names readable without a login, 20 at most"),
	maxWireVersion: z.int().nullable(),
	replicaSet: z.string().nullable(),
});
