import { defineConfig } from "vitest/config";

/** Real servers from Debian packages on 127.0.0.0/8 addresses; needs root and the packages that .ci/run installs. */
export default defineConfig({
	test: {
		root: new URL("../..", import.meta.url).pathname,
		include: ["test/lab/**/*.lab.ts"],
		testTimeout: 180_000,
		hookTimeout: 120_000,
		fileParallelism: false,
	},
});
