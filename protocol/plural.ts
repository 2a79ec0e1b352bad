/** Numbers with the noun they count, as both sides of the socket write them for people: `1 host`, `12,000 hosts`. */

export function count(value: number): string {
	const rounded = Math.round(value);
	if (!Number.isFinite(rounded)) return String(rounded);
	const size = Math.abs(rounded);
	// Beyond these a number is written with an exponent, or ends in zeros that are not its own.
	const digits = Number.isSafeInteger(size) ? String(size) : BigInt(size).toString();
	let grouped = digits.slice(-3);
	for (let end = digits.length - 3; end > 0; end -= 3)
		grouped = `${digits.slice(Math.max(0, end - 3), end)},${grouped}`;
	return rounded < 0 ? `-${grouped}` : grouped;
}

export function plural(value: number, one: string, many = `${one}s`): string {
	return `${count(value)} ${value === 1 ? one : many}`;
}
