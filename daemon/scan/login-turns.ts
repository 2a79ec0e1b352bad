/** The turns of logins, on the main thread: a login is one question to its host for as long as it lasts. */
import type { PortJob } from "../packets/engine.ts";
import { Gate } from "../packets/gate.ts";
import type { LimitMemory, LimitTable } from "../packets/limit-table.ts";
import { SharedLimits } from "../packets/shared-limits.ts";
import { SurveyTurns } from "./survey-turns.ts";

export type Pace = Pick<PortJob, "limits" | "group">;

export interface LoginTurns {
	/** Resolves with the end of the turn when the login may begin; with null when the signal came before. */
	take(address: string, pace: Pace, signal: AbortSignal): Promise<(() => void) | null>;
	close(): void;
}

/** `sharedOf`: the concurrency groups that addresses are in now. */
export function createLoginTurns(
	limits: LimitTable,
	sharedOf: (addresses: readonly string[]) => NonNullable<PortJob["shared"]>,
): LoginTurns {
	let joined: { readonly memory: LimitMemory; readonly limits: SharedLimits } | null = null;
	const join = () => {
		if (joined !== null) return joined.limits;
		const memory = limits.join();
		joined = { memory, limits: new SharedLimits(memory.buffer, memory.member) };
		return joined.limits;
	};
	return {
		async take(address, pace, signal) {
			const shared = sharedOf([address]);
			const claim = limits.claim({ ...pace, ...(shared.length > 0 ? { shared } : {}) });
			try {
				const end = await new SurveyTurns(new Gate(join(), claim), address).take(signal);
				return () => {
					end();
					limits.release(claim);
				};
			} catch (err) {
				limits.release(claim);
				if (signal.aborted) return null;
				throw err;
			}
		},
		close() {
			if (joined !== null) limits.leave(joined.memory);
			joined = null;
		},
	};
}
