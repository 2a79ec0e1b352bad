/** Small charts made of characters: bars of half steps, sparklines of braille. Each returns exactly the columns asked for. */

/** The filled and the empty part of a bar; together `width` columns. Anything above nothing shows at least a half step. */
export function bar(part: number, width: number): { filled: string; empty: string } {
	const clamped = Number.isFinite(part) ? Math.min(1, Math.max(0, part)) : 0;
	const steps = clamped === 0 ? 0 : Math.max(1, Math.floor(clamped * width * 2));
	const filled = "━".repeat(Math.floor(steps / 2)) + (steps % 2 === 1 ? "╸" : "");
	return { filled, empty: "─".repeat(Math.max(0, width - filled.length)) };
}

/** Dots filled from the bottom, left and right half of a braille cell. */
const leftDots = [0, 0x40, 0x44, 0x46, 0x47] as const;
const rightDots = [0, 0x80, 0xa0, 0xb0, 0xb8] as const;

/**
 * `height` lines of `width` columns, newest value at the right, two values a column, scaled from 0 to the largest.
 * A value above nothing shows at least one dot.
 */
export function sparkline(values: readonly number[], width: number, height: number): string[] {
	const shown = values.slice(-width * 2);
	const largest = Math.max(0, ...shown);
	const levels = height * 4;
	const scaled = shown.map((value) =>
		value <= 0 || largest === 0 ? 0 : Math.max(1, Math.round((value / largest) * levels)),
	);
	const padded = [...new Array<number>(width * 2 - scaled.length).fill(0), ...scaled];
	return Array.from({ length: height }, (_, line) => {
		const below = (height - 1 - line) * 4;
		const dots = (value: number) => Math.min(4, Math.max(0, value - below));
		let text = "";
		for (let column = 0; column < width; column++) {
			const left = leftDots[dots(padded[column * 2] ?? 0)] ?? 0;
			const right = rightDots[dots(padded[column * 2 + 1] ?? 0)] ?? 0;
			text += String.fromCharCode(0x2800 + left + right);
		}
		return text;
	});
}
