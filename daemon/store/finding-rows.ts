/** Takes rows of findings from SQLite into columns (finding-columns.ts), as many columns at a time as a call has arguments. */
import type { Column } from "./finding-cells.ts";

type NumberCell = number | null;
export type RowTaker = (row: number, a: NumberCell, b: NumberCell, c: NumberCell, d: NumberCell, e: NumberCell) => null;

/** As many as `rowTaker` takes. */
export const takenAtOnce = 5;

/** Puts the cells of a row into columns. Each has its own place in the code, which is what makes it quick. */
export function rowTaker([
	one = unused,
	two = unused,
	three = unused,
	four = unused,
	five = unused,
]: readonly Column[]): RowTaker {
	return (row, a, b, c, d, e) => {
		one[row] = a ?? Number.NaN;
		two[row] = b ?? Number.NaN;
		three[row] = c ?? Number.NaN;
		four[row] = d ?? Number.NaN;
		five[row] = e ?? Number.NaN;
		return null;
	};
}

const unused = new Uint16Array(0);
