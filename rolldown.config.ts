import { defineConfig } from "rolldown";

/** Bundles the executable and its worker threads. Everything a native module or a data file needs stays outside. */
export default defineConfig({
	input: {
		vedette: "tui/launch.ts",
		"probe-worker": "daemon/scan/probe-worker.ts",
		"connect-worker": "daemon/packets/connect-worker.ts",
	},
	platform: "node",
	external: ["koffi", "node-pty", "react-devtools-core"],
	transform: { define: { "process.env.NODE_ENV": '"production"' } },
	output: {
		dir: "dist",
		format: "esm",
		entryFileNames: "[name].js",
		chunkFileNames: "chunks/[name]-[hash].js",
		cleanDir: true,
		sourcemap: false,
	},
});
