/** Which scans and maps were halted by a change and go on, in words. */

/** `Scan 7 goes on`, `Maps 2, 3 go on`. */
export function goOn({ scans, maps }: { scans: readonly number[]; maps: readonly number[] }): string[] {
	const sentence = (what: string, ids: readonly number[]) =>
		ids.length === 1 ? `${what} ${ids[0]} goes on` : `${what}s ${ids.join(", ")} go on`;
	return [...(scans.length > 0 ? [sentence("Scan", scans)] : []), ...(maps.length > 0 ? [sentence("Map", maps)] : [])];
}
