/** What was drawn last, kept for as long as nothing changes of what it was drawn from: most of a screen is what it was before a key. */
import { lookVersion } from "../../theme/look.ts";

/** `from`: all that the drawing depends on beside the theme, compared one by one. The same array again says to the painter that nothing is new. */
export type Memory<Drawn> = (from: readonly unknown[], draw: () => readonly Drawn[]) => readonly Drawn[];

export function createMemory<Drawn = string>(): Memory<Drawn> {
	let known: { readonly from: readonly unknown[]; readonly look: number; readonly drawn: readonly Drawn[] } | undefined;
	return (from, draw) => {
		const look = lookVersion();
		if (known?.look !== look || !isSame(known.from, from)) known = { from, look, drawn: draw() };
		return known.drawn;
	};
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
	if (one.length !== other.length) return false;
	for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
	return true;
}
