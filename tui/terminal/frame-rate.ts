/** How many frames a second are painted, told over the last seconds. */

/** Milliseconds. */
const spanMs = 3_000;

export interface FrameRate {
	/** Call about once a second. */
	tick(): void;
	perSecond(): number;
}

/** `frames`: all painted so far; `now`: steady milliseconds. */
export function createFrameRate(frames: () => number, now: () => number): FrameRate {
	let marks: readonly { readonly at: number; readonly frames: number }[] = [];
	return {
		tick() {
			const at = now();
			marks = [...marks.filter((mark) => at - mark.at <= spanMs), { at, frames: frames() }];
		},
		perSecond() {
			const [first] = marks;
			const last = marks.at(-1);
			if (!first || !last || last.at <= first.at) return 0;
			return ((last.frames - first.frames) * 1_000) / (last.at - first.at);
		},
	};
}
