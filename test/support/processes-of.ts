/** Finds processes that a test started through others, by what they were started with (proc(5)). */
import { readdirSync, readFileSync } from "node:fs";

/** Pids of those whose words and environment satisfy the test. */
export function processesOf(test: (words: readonly string[], env: readonly string[]) => boolean): number[] {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((pid) => {
			try {
				return test(zeroEnded(`/proc/${pid}/cmdline`), zeroEnded(`/proc/${pid}/environ`));
			} catch {
				return false; // Gone meanwhile, or somebody else's.
			}
		});
}

function zeroEnded(path: string): string[] {
	return readFileSync(path, "utf8")
		.split("\0")
		.filter((word) => word !== "");
}
