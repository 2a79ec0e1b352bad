/** The turns of one survey, in the thread that makes it: what it sends passes the same gate as the packets of the engines. */
import type { Gate, HostPass } from "../packets/gate.ts";
import { failureOfSignal } from "../probes/failure.ts";
import type { Turns } from "../probes/turns.ts";

/** Where many surveys stand before one limit, asking again sooner only costs time. Milliseconds. */
const shortestWaitMs = 2;

export class SurveyTurns implements Turns {
	readonly #gate: Gate;
	readonly #pass: HostPass;
	readonly #now: () => number;
	/** Connects and datagrams that had their turn. */
	taken = 0;
	#waiting = 0;
	#waitingSince = 0;
	#waitedMs = 0;

	constructor(gate: Gate, address: string, now: () => number = () => performance.now()) {
		this.#gate = gate;
		this.#pass = gate.passFor(address);
		this.#now = now;
	}

	get isWaiting(): boolean {
		return this.#waiting > 0;
	}

	waitedMs(): number {
		return this.#waitedMs + (this.#waiting > 0 ? this.#now() - this.#waitingSince : 0);
	}

	async take(signal: AbortSignal): Promise<() => void> {
		if (signal.aborted) throw failureOfSignal(signal);
		const wait = this.#gate.ask(this.#pass, this.#now());
		if (wait > 0) await this.#wait(wait, signal);
		this.taken++;
		let open = true;
		return () => {
			if (open) this.#gate.done(this.#pass);
			open = false;
		};
	}

	async #wait(firstMs: number, signal: AbortSignal): Promise<void> {
		if (this.#waiting++ === 0) this.#waitingSince = this.#now();
		try {
			for (let ms = firstMs; ms > 0; ms = this.#gate.ask(this.#pass, this.#now())) {
				await rest(Math.max(shortestWaitMs, ms), signal);
			}
		} finally {
			if (--this.#waiting === 0) this.#waitedMs += this.#now() - this.#waitingSince;
		}
	}
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const abort = () => {
			clearTimeout(timer);
			reject(failureOfSignal(signal));
		};
		const timer = setTimeout(() => {
			signal.removeEventListener("abort", abort);
			resolve();
		}, ms);
		signal.addEventListener("abort", abort, { once: true });
	});
}
