import { once } from "node:events";
import { getPriority } from "node:os";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";

test("one thread gives way, and the others stay as they were", async () => {
	const before = getPriority(0);
	const module = JSON.stringify(new URL("./give-way.ts", import.meta.url).href);
	const worker = new Worker(
		`import(${module}).then(({ giveWay }) => {
			giveWay();
			require("node:worker_threads").parentPort.postMessage(require("node:os").getPriority(0));
		})`,
		{ eval: true },
	);
	const [told] = (await once(worker, "message")) as [number];
	expect(told).toBe(process.platform === "linux" ? Math.min(19, before + 5) : before);
	expect(getPriority(0)).toBe(before);
	await worker.terminate();
});
