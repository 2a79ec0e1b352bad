/** What nmap says beyond what is kept of every scan, taken in from its XML: at port 0 of the host, else of one port. */
import { z } from "zod";

const script = z.object({ id: z.string(), output: z.string() });

export const nmap = z.object({
	version: z.string().nullable().describe("of nmap"),
	arguments: z.string().nullable().describe("the command line, in the host's record"),
	service: z
		.object({
			name: z.string().nullable(),
			product: z.string().nullable(),
			version: z.string().nullable(),
			info: z.string().nullable(),
			method: z.string().nullable().describe("probed: it answered; table: guessed from the port's number"),
			cpes: z.array(z.string()),
		})
		.nullable(),
	scripts: z.array(script).describe("raw output of each script, cut at 16,384 characters"),
	hostKeys: z.array(z.object({ type: z.string(), fingerprint: z.string() })).describe("by the script ssh-hostkey"),
	host: z
		.object({
			vendor: z.string().nullable().describe("of the network adapter"),
			netbios: z.string().nullable().describe("by the script nbstat"),
			systems: z.array(z.object({ name: z.string(), accuracy: z.number() })).describe("best guess first"),
			uptimeSeconds: z.number().nullable(),
			distance: z.number().nullable().describe("hops"),
			route: z.array(z.object({ ttl: z.int(), address: z.string(), rttMs: z.number().nullable() })),
		})
		.nullable()
		.describe("null of a port"),
});
