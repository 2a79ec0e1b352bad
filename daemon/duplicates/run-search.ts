/** Runs the search of the whole inventory, on a thread where the database is a file, and hands over what it finds in parts. */
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { pairKey, readNotSame } from "../store/not-same.ts";
import type { Store } from "../store/store.ts";
import { workerUrl } from "../worker-url.ts";
import { type FoundPart, searchAll } from "./search.ts";
import type { SearchInput, SearchMessage } from "./search-worker.ts";

/** Rejects when the thread fails; the reason of `signal` when it aborts. `take` is awaited before the next part is looked for. */
export async function runSearch(
	{ db }: Pick<Store, "db">,
	take: (part: FoundPart) => Promise<void>,
	signal: AbortSignal,
): Promise<void> {
	const apart = [...readNotSame(db).keys()];
	const path = db.location();
	if (path !== null && path !== "") return await runWorker({ path, apart }, take, signal);
	const said = new Set(apart);
	for (const part of searchAll(db, (a, b) => said.has(pairKey(a, b)))) {
		signal.throwIfAborted();
		await take(part);
		await setImmediate();
	}
}

function runWorker(
	workerData: SearchInput,
	take: (part: FoundPart) => Promise<void>,
	signal: AbortSignal,
): Promise<void> {
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	const worker = new Worker(workerUrl("duplicates-worker"), {
		...{ workerData, name: "duplicates-worker", execArgv: [] },
		// Rather collects its garbage more often than grow to what the machine has.
		resourceLimits: { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 16 },
	});
	const stop = () => reject(signal.reason);
	signal.addEventListener("abort", stop, { once: true });
	worker.on("message", (message: SearchMessage) => {
		if (message.kind === "done") resolve();
		else take(message.part).then(() => worker.postMessage("next"), reject);
	});
	worker.on("error", reject);
	worker.on("exit", () => reject(new Error("the search's thread ended before the search")));
	if (signal.aborted) stop();
	return promise.finally(async () => {
		signal.removeEventListener("abort", stop);
		worker.removeAllListeners();
		worker.on("error", () => undefined);
		await worker.terminate();
	});
}
