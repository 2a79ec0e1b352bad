/** The script that measures what an engine costs, put together with the engine's threads as the program itself is. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Where it is; whoever has run it removes it. Run from source it would measure what strips the types as well. */
export async function bundleFootprint(): Promise<{ script: string; remove(): void }> {
	// Where the packages that stay outside are found.
	const dir = mkdtempSync(join(root, "node_modules", ".footprint-"));
	const bundle = await rolldown({
		cwd: root,
		input: {
			footprint: "test/bench/packets/footprint.ts",
			"raw-worker": "daemon/packets/raw-worker.ts",
			"connect-worker": "daemon/packets/connect-worker.ts",
		},
		platform: "node",
		external: ["koffi"],
	});
	await bundle.write({ dir, format: "esm", entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" });
	await bundle.close();
	return { script: join(dir, "footprint.js"), remove: () => rmSync(dir, { recursive: true, force: true }) };
}
