/** `vedette daemon` as a process of its own: the daemon, and a sentence when it cannot start. */
import type { DaemonWords } from "./daemon-words.ts";

/** Resolves to the exit code. Never throws, never prints a stack trace. */
export async function main(words: DaemonWords): Promise<number> {
	try {
		// It is the same executable: the one place where the console's side reaches for the daemon's code.
		const { runDaemon } = await import("../daemon/main.ts");
		return await runDaemon({ env: process.env, ...words });
	} catch (err) {
		// Only now: what text is measured with takes 20 MB and 50 ms.
		const { exitCodeOf, exitCodes, sentencesOf } = await import("./commands/outcome.ts");
		process.stderr.write(`vedette: ${sentencesOf(err)}\n`);
		// That something it needs is missing is its own failure; "no daemon" is for who looks for one.
		const code = exitCodeOf(err);
		return code === exitCodes.noDaemon ? exitCodes.failed : code;
	}
}
