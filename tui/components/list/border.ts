/** How wide the details beside a list are: a part of what there is, within what either side needs. Pure. */

/** Details of fewer columns tell nothing; a list of fewer neither. */
const least = { details: 24, list: 44 } as const;
/** A part that was made of so many columns comes to a little less than these; far less than one. Columns. */
const rounding = 1e-9;
/** A key moves the border so far, a part of the width. */
const borderStep = 0.05;

/** Columns the details get of so many; 0: there are none. */
export function detailColumns(part: number, width: number): number {
	if (part <= 0) return 0;
	return Math.max(least.details, Math.min(Math.floor(width * part + rounding), width - least.list));
}

/** The part that comes to so many columns; too few for details are none. */
export function partOf(columns: number, width: number): number {
	if (columns < least.details) return 0;
	return Math.min(columns, width - least.list) / width;
}

/** A step wider or narrower than what is seen, not than what was wished. */
export function stepped(part: number, by: 1 | -1, width: number): number {
	const now = detailColumns(part, width);
	if (now === 0) return by > 0 ? partOf(least.details, width) : 0;
	const next = now / width + by * borderStep;
	return partOf(Math.round(next * width), width);
}
