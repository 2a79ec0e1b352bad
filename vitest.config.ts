import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Everything that passes on a bare machine: no root, no installed servers, packets to loopback only. */
export default defineConfig({
	test: {
		include: ["{daemon,tui,protocol}/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"],
		exclude: ["**/node_modules/**", "test/lab/**", "test/bench/**"],
		// Most of the time goes by in waiting for daemons and services: no processor is kept free for the runner itself.
		maxWorkers: availableParallelism(),
		testTimeout: 60_000,
		hookTimeout: 60_000,
	},
});
