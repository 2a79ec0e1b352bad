/** Finds the names a user may have meant, for "did you mean". */

/** At most three of `known` that are near `name`: a few letters apart, or one within the other. Nearest first. */
export function closeNames(name: string, known: readonly string[]): string[] {
	const wanted = name.slice(0, 100).toLowerCase();
	const limit = Math.max(1, Math.floor(wanted.length / 3));
	return known
		.map((candidate) => ({ candidate, distance: distanceTo(wanted, candidate.toLowerCase()) }))
		.filter(({ distance }) => distance <= limit)
		.sort((a, b) => a.distance - b.distance)
		.slice(0, 3)
		.map(({ candidate }) => candidate);
}

function distanceTo(wanted: string, candidate: string): number {
	const edits = editDistance(wanted, candidate);
	const contained = wanted.length >= 3 && candidate.includes(wanted);
	return contained ? Math.min(1, edits) : edits;
}

/** Levenshtein distance in which two letters that changed places count as one edit; a row at a time. */
function editDistance(a: string, b: string): number {
	let before: number[] = [];
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const cost = a[i - 1] === b[j - 1] ? 0 : 1;
			const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
			next.push(
				Math.min(
					(row[j] ?? 0) + 1,
					(next[j - 1] ?? 0) + 1,
					(row[j - 1] ?? 0) + cost,
					swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
				),
			);
		}
		before = row;
		row = next;
	}
	return row[b.length] ?? 0;
}
