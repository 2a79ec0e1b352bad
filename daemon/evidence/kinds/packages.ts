/** Everything a host's package manager has installed. */
import { z } from "zod";

export const packages = z.object({
	manager: z.enum(["dpkg", "rpm", "apk"]),
	packages: z.array(
		z.object({
			name: z.string(),
			version: z.string().describe("as its manager writes it: epoch:version-release"),
			architecture: z.string().nullable(),
			source: z.string().nullable().describe("the source package (dpkg), source RPM's name (rpm), origin (apk)"),
			sourceVersion: z.string().nullable(),
			vendor: z.string().nullable().describe("who made it: Maintainer, Vendor; tells a third party's packages"),
			module: z.string().nullable().describe("rpm: name and stream of its module"),
		}),
	),
});
