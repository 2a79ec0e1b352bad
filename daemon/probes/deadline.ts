/** Runs a piece of work under a hard deadline: its signal aborts then, and the caller is answered then, come what may. */
import { failureOfSignal } from "./failure.ts";
import { ProbeFailure } from "./probe.ts";
import { noTurns, type Turns } from "./turns.ts";

/**
 * Rejects with ProbeFailure `timeout` at the deadline, with `aborted` when the outer signal aborts, even if `work` never
 * settles. What `work` does after that is ignored. Time spent waiting for `turns` does not count.
 */
export async function withDeadline<T>(
	outer: AbortSignal,
	timeoutMs: number,
	work: (signal: AbortSignal) => Promise<T>,
	turns: Turns = noTurns,
): Promise<T> {
	const controller = new AbortController();
	const { signal } = controller;
	const stop = () => controller.abort(failureOfSignal(outer));
	if (outer.aborted) throw failureOfSignal(outer);
	outer.addEventListener("abort", stop, { once: true });
	let counted = turns.waitedMs();
	const expire = () => {
		const waited = turns.waitedMs();
		const more = waited - counted;
		counted = waited;
		if (more > 0) timer = setTimeout(expire, more);
		else controller.abort(new ProbeFailure("timeout", "deadline"));
	};
	let timer = setTimeout(expire, timeoutMs);
	const aborted = new Promise<never>((_, reject) => {
		signal.addEventListener("abort", () => reject(failureOfSignal(signal)), { once: true });
	});
	try {
		return await Promise.race([work(signal), aborted]);
	} finally {
		clearTimeout(timer);
		outer.removeEventListener("abort", stop);
	}
}
