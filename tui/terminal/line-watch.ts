/**
 * How fast the line to the user's terminal is, and whether little should be sent over it. The terminal is asked to report
 * (DSR 5, ECMA-48 8.3.35), which every one answers at once: what passes until then is the line's round trip.
 */

/** Above this the line counts as slow, and until it is back below the lower figure. Milliseconds of round trip. */
export const slowMs = { from: 150, until: 100 } as const;
/** The terminal is asked this often, only when it is far. Milliseconds. */
const askEveryMs = 5_000;
/** Bytes a second are told over this span. Milliseconds. */
const spanMs = 2_000;

export const statusQuery = "\u001b[5n";
export const statusReply = "\u001b[0n";

export type Thrift = "auto" | "on" | "off";

export interface LineWatchOptions {
	/** The terminal is behind a network: only then is it asked. */
	readonly isFar: boolean;
	/** Steady milliseconds. */
	now(): number;
	/** Says something to the terminal. */
	tell(sequence: string): void;
	/** Round trip to the daemon in milliseconds, where it is elsewhere; null when it is here or not known. */
	daemonMs(): number | null;
	/** Bytes written to the terminal so far. */
	written(): number;
	/** Little is to be sent from now on, or all of it again. */
	onThrift(isThrifty: boolean): void;
}

export class LineWatch {
	thrift: Thrift = "auto";
	/** Round trip to the terminal; null until it has answered. */
	roundTripMs: number | null = null;
	readonly #options: LineWatchOptions;
	#asked: number | undefined;
	#lastAsk = Number.NEGATIVE_INFINITY;
	#isThrifty = false;
	#marks: { at: number; bytes: number }[] = [];

	constructor(options: LineWatchOptions) {
		this.#options = options;
	}

	get isThrifty(): boolean {
		return this.#isThrifty;
	}

	/** Call about once a second. */
	tick(): void {
		const { now, isFar, tell, written } = this.#options;
		const at = now();
		this.#marks = [...this.#marks.filter((mark) => at - mark.at <= spanMs), { at, bytes: written() }];
		if (isFar && at - this.#lastAsk >= askEveryMs) {
			this.#lastAsk = at;
			this.#asked ??= at;
			tell(statusQuery);
		}
		this.#decide();
	}

	/** The terminal has said something; true when it was the answer. */
	hear(reply: string): boolean {
		if (reply !== statusReply) return false;
		if (this.#asked !== undefined) this.roundTripMs = this.#options.now() - this.#asked;
		this.#asked = undefined;
		this.#decide();
		return true;
	}

	/** By itself, always, never, and round again. */
	turn(): Thrift {
		this.thrift = this.thrift === "auto" ? "on" : this.thrift === "on" ? "off" : "auto";
		this.#decide();
		return this.thrift;
	}

	/** What went to the terminal in the last two seconds, bytes a second. */
	bytesPerSecond(): number {
		const first = this.#marks[0];
		const last = this.#marks.at(-1);
		if (first === undefined || last === undefined || last.at <= first.at) return 0;
		return ((last.bytes - first.bytes) * 1_000) / (last.at - first.at);
	}

	#decide(): void {
		const slowest = Math.max(this.roundTripMs ?? 0, this.#options.daemonMs() ?? 0);
		const isSlow = slowest > (this.#isThrifty ? slowMs.until : slowMs.from);
		const isThrifty = this.thrift === "auto" ? isSlow : this.thrift === "on";
		if (isThrifty === this.#isThrifty) return;
		this.#isThrifty = isThrifty;
		this.#options.onThrift(isThrifty);
	}
}
