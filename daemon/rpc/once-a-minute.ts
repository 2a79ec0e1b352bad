/** Keeps what somebody can cause at will from flooding the audit log, of which nothing is ever deleted. */

const quietMs = 60_000;
/** Things that are remembered. */
const remembered = 1_000;

/** True for a thing that was not asked about within the last minute that it was true for. `now` in milliseconds. */
export function onceAMinute(now: () => number): (...thing: readonly string[]) => boolean {
	const noted = new Map<string, number>();
	return (...thing) => {
		const key = thing.join("\n");
		const at = now();
		if (at - (noted.get(key) ?? Number.NEGATIVE_INFINITY) < quietMs) return false;
		if (noted.size >= remembered) noted.clear();
		noted.set(key, at);
		return true;
	};
}
