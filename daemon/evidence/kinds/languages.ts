/** Packages of programming languages that no package of the distribution brought: npm, PyPI, RubyGems. */
import { z } from "zod";

export const languages = z.object({
	packages: z.array(
		z.object({
			ecosystem: z.enum(["npm", "PyPI", "RubyGems"]),
			name: z.string().describe("as its registry writes it; PyPI's in its normal form"),
			version: z.string(),
			path: z.string().describe("what tells it: package.json, METADATA, .gemspec"),
		}),
	),
});
