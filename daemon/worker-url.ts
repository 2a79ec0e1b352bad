/** Where a worker thread's code is, seen from the sources and from the bundle alike. */

/** The worker threads there are, and their sources relative to this file. */
const sources = {
	"connect-worker": "./packets/connect-worker.ts",
	"raw-worker": "./packets/raw-worker.ts",
	"datagram-worker": "./packets/datagram-worker.ts",
	"probe-worker": "./scan/probe-worker.ts",
	"import-worker": "./knowledge/advisories/import-worker.ts",
	"bundle-worker": "./knowledge/bundles/bundle-worker.ts",
	"update-worker": "./knowledge/update/update-worker.ts",
	"trace-worker": "./packets/trace/trace-worker.ts",
	"login-worker": "./login/login-worker.ts",
	"duplicates-worker": "./duplicates/search-worker.ts",
	"read-worker": "./store/read-worker.ts",
	"scan-file-worker": "./imports/scan-file-worker.ts",
	"bulk-worker": "./bulk/bulk-worker.ts",
	"export-worker": "./exports/export-worker.ts",
} as const;
export type WorkerName = keyof typeof sources;

/** Run from source, the `.ts` file (Node strips its types); bundled, `<name>.js` beside the entry files. */
export function workerUrl(name: WorkerName, from: string = import.meta.url): URL {
	if (from.endsWith(".ts")) return new URL(sources[name], from);
	// Shared code lands in chunks/, one folder below the entries.
	const inChunks = new URL(".", from).pathname.endsWith("/chunks/");
	return new URL(`${inChunks ? "../" : "./"}${name}.js`, from);
}
