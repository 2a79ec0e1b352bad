/** Threads that read stand back behind the daemon's own, which takes evidence in and answers everybody. */
import { getPriority, setPriority } from "node:os";

/** Of processors that all threads want, one that reads gets a third of what the daemon's gets. Niceness, see setpriority(2). */
const steps = 5;
const lowest = 19;

/** For the thread it is called on; nothing happens where priorities are not those of threads, or it is refused. */
export function giveWay(): void {
	// Elsewhere it would be the whole process.
	if (process.platform !== "linux") return;
	try {
		setPriority(0, Math.min(lowest, getPriority(0) + steps));
	} catch {
		// Then all are alike.
	}
}
