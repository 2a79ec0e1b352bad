/** A terminal without a screen for measurements: takes what is written at once or at the pace of a line, and counts it. */
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";

export const size = { columns: 200, rows: 50 };

export class CountingOutput extends EventEmitter {
	readonly isTTY = true;
	readonly columns = size.columns;
	readonly rows = size.rows;
	bytes = 0;
	writes = 0;
	/** Called once what was just written has been taken. */
	onTaken: (() => void) | undefined;
	/** Bytes the line has not taken yet. */
	writableLength = 0;
	readonly #bytesPerSecond: number;
	#freeAt = 0;

	constructor(bytesPerSecond = Number.POSITIVE_INFINITY) {
		super();
		this.#bytesPerSecond = bytesPerSecond;
	}

	write(text: string, done?: () => void): boolean {
		const length = Buffer.byteLength(text);
		this.bytes += length;
		this.writes++;
		if (this.#bytesPerSecond === Number.POSITIVE_INFINITY) {
			this.onTaken?.();
			if (done) queueMicrotask(done);
			return true;
		}
		const now = performance.now();
		this.#freeAt = Math.max(now, this.#freeAt) + (length / this.#bytesPerSecond) * 1_000;
		this.writableLength += length;
		setTimeout(() => {
			this.writableLength -= length;
			this.onTaken?.();
			done?.();
		}, this.#freeAt - now);
		return false;
	}
}

/** What is written into it was typed. */
export function openKeyboard() {
	const keyboard = Object.assign(new PassThrough(), {
		isTTY: true,
		setRawMode: () => keyboard,
		ref: () => keyboard,
		unref: () => keyboard,
	});
	return keyboard;
}

export type Keyboard = ReturnType<typeof openKeyboard>;

export interface KeyTimes {
	readonly p50: number;
	readonly p95: number;
	readonly max: number;
	readonly bytesPerKey: number;
}

/**
 * Types each key at uneven times; milliseconds from its arrival to the end of the first write after it or, when `quietMs` is
 * given, of the last write before that long without one. A key that writes nothing does not count.
 */
export async function timeKeys(
	keyboard: Keyboard,
	output: CountingOutput,
	keys: readonly string[],
	quietMs?: number,
): Promise<KeyTimes> {
	await pause(1_500);
	const times: number[] = [];
	const before = output.bytes;
	for (const [at, key] of keys.entries()) {
		await pause(23 + ((at * 17) % 31));
		const from = performance.now();
		const painted = quietMs === undefined ? nextWrite(output) : lastWrite(output, quietMs);
		keyboard.write(key);
		const until = await painted;
		if (until !== undefined) times.push(until - from);
	}
	times.sort((one, other) => one - other);
	const at = (part: number) => times[Math.floor((times.length - 1) * part)] ?? 0;
	return { p50: at(0.5), p95: at(0.95), max: at(1), bytesPerKey: (output.bytes - before) / keys.length };
}

function nextWrite(output: CountingOutput): Promise<number> {
	return new Promise((resolve) => {
		output.onTaken = () => {
			output.onTaken = undefined;
			resolve(performance.now());
		};
	});
}

async function lastWrite(output: CountingOutput, quietMs: number): Promise<number | undefined> {
	let last: number | undefined;
	output.onTaken = () => {
		last = performance.now();
	};
	for (let seen = -1; seen !== output.writes; ) {
		seen = output.writes;
		await pause(quietMs);
	}
	output.onTaken = undefined;
	return last;
}

export function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
