/**
 * How fast the terminal takes what is written to it. Over a line that is seen to be slow a frame goes out in parts, so that
 * a key waits for a part and not for a frame. Lines whose slowness hides behind a buffer are `line-watch.ts`'s.
 */

export interface LineRate {
	/** So many bytes were taken after so many milliseconds. */
	took(bytes: number, ms: number): void;
	/** How much may be written at once, bytes; infinite where nothing says that the line is slow. */
	readonly mostAtOnce: number;
}

/** A part takes about so long, and a key as much for its own after that. Milliseconds. */
const partMs = 15;
/** What is smaller tells more of the machine than of the line. Bytes. */
const leastMeasured = 300;
/** Whatever a line this fast takes it takes whole. Bytes a second. */
const fastRate = 500_000;
/** Less than this and moving the cursor about would be most of it. Bytes. */
const leastPart = 500;
/** One slow write is a busy machine. */
const measuredWrites = 5;

export function createLineRate(): LineRate {
	let rates: readonly number[] = [];
	let mostAtOnce = Number.POSITIVE_INFINITY;
	return {
		took(bytes, ms) {
			if (bytes < leastMeasured) return;
			rates = [...rates.slice(1 - measuredWrites), (bytes * 1_000) / Math.max(ms, 0.001)];
			const middle = rates.toSorted((one, other) => one - other)[Math.floor(measuredWrites / 2)] ?? fastRate;
			const isSlow = rates.length === measuredWrites && middle < fastRate;
			mostAtOnce = isSlow ? Math.max(leastPart, (middle * partMs) / 1_000) : Number.POSITIVE_INFINITY;
		},
		get mostAtOnce() {
			return mostAtOnce;
		},
	};
}

/** So few rows are what a key has changed, a cursor that moved; more is a picture of its own. */
const mostOfKey = 6;

/** In which order rows are written when not all may be: those just changed if they are few, then round and round from `next` on. */
export function rowsInTurn(rows: number, fresh: readonly number[], next: number): number[] {
	const first = fresh.length <= mostOfKey ? fresh : [];
	const rest = Array.from({ length: rows }, (_, at) => (next + at) % rows);
	return first.length === 0 ? rest : [...first, ...rest.filter((row) => !first.includes(row))];
}
