import { chmodSync } from "node:fs";
import { defineConfig, type Plugin } from "rolldown";
import { readSignatures } from "./daemon/knowledge/load.ts";
import { preparedName, prepareSignatures } from "./daemon/knowledge/prepared.ts";

/**
 * A named import of a Node module makes Node read every property of it, and some are made on first touch: of node:http a
 * whole web client, 14 MB in a process that never needs one. Asked for as an object, only what is used is made.
 */
const plainBuiltins: Plugin = {
	name: "plain-builtins",
	renderChunk(code, chunk) {
		// The file that tells an old Node to make way must run there, and the call is younger than that.
		if (chunk.name === "vedette") return null;
		return code.replace(/^import \{ (.*?) \} from "(node:[\w/]+)";$/gm, (_, names: string, module: string) => {
			return `const { ${names.replaceAll(" as ", ": ")} } = process.getBuiltinModule("${module}");`;
		});
	},
};

/** Of date-fns the log's rotation uses five functions; what is called by its short name brings all three hundred. */
const fewDates: Plugin = {
	name: "few-dates",
	resolveId: (id) => (id === "date-fns" ? "\0few-dates.cjs" : null),
	load: (id) =>
		id === "\0few-dates.cjs"
			? ["format", "addDays", "addHours", "parse", "isValid"]
					.map((name) => `exports.${name} = require("date-fns/${name}").${name};`)
					.join("\n")
			: null,
};

/** Signatures come along as JSON too, which the daemon reads in a hundredth of the time. */
const preparedSignatures: Plugin = {
	name: "prepared-signatures",
	generateBundle() {
		const source = prepareSignatures(readSignatures("signatures"));
		if (source !== null) this.emitFile({ type: "asset", fileName: preparedName, source });
	},
};

/** npm sets the executable bit at install only, and each build writes the file anew. */
const executable: Plugin = {
	name: "executable",
	writeBundle: ({ dir = "dist" }) => chmodSync(`${dir}/vedette.js`, 0o755),
};

/** Bundles the executable and its worker threads. Everything a native module or a data file needs stays outside. */
export default defineConfig({
	input: {
		vedette: "tui/launch.ts",
		"probe-worker": "daemon/scan/probe-worker.ts",
		"connect-worker": "daemon/packets/connect-worker.ts",
		"raw-worker": "daemon/packets/raw-worker.ts",
		"datagram-worker": "daemon/packets/datagram-worker.ts",
		"import-worker": "daemon/knowledge/advisories/import-worker.ts",
		"bundle-worker": "daemon/knowledge/bundles/bundle-worker.ts",
		"update-worker": "daemon/knowledge/update/update-worker.ts",
		"trace-worker": "daemon/packets/trace/trace-worker.ts",
		"login-worker": "daemon/login/login-worker.ts",
		"duplicates-worker": "daemon/duplicates/search-worker.ts",
		"read-worker": "daemon/store/read-worker.ts",
		"scan-file-worker": "daemon/imports/scan-file-worker.ts",
		"bulk-worker": "daemon/bulk/bulk-worker.ts",
		"export-worker": "daemon/exports/export-worker.ts",
	},
	platform: "node",
	external: ["koffi", "node-pty", "ssh2", "react-devtools-core"],
	transform: { define: { "process.env.NODE_ENV": '"production"' } },
	plugins: [plainBuiltins, fewDates, preparedSignatures, executable],
	output: {
		dir: "dist",
		format: "esm",
		entryFileNames: "[name].js",
		chunkFileNames: "chunks/[name]-[hash].js",
		cleanDir: true,
		sourcemap: false,
		// V8 keeps a source as long as its code lives, and needs two bytes a character as soon as one is beyond Latin-1.
		// Names stay: the log's stack traces must be readable.
		minify: { compress: false, mangle: false, codegen: { removeWhitespace: true, asciiOnly: true } },
	},
});
