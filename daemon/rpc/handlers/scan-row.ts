/**
 * A scan as lists and live events carry it: a request may name ten thousand targets, and a row that is sent four times a
 * second must not. `scans.get` has them all.
 */
import type { Scan } from "../../../protocol/model/scan.ts";

const mostTold = 20;
const mostCharacters = 1_000;

export function scanRow(scan: Scan): Scan {
	const targets = firstOf(scan.targets);
	const exclusions = firstOf(scan.exclusions);
	const meanings = scan.meanings?.slice(0, mostTold);
	return {
		...scan,
		...{ targets, exclusions },
		...(meanings === undefined ? {} : { meanings }),
		...(targets.length < scan.targets.length ? { targetsTotal: scan.targets.length } : {}),
		...(exclusions.length < scan.exclusions.length ? { exclusionsTotal: scan.exclusions.length } : {}),
	};
}

function firstOf(texts: readonly string[]): string[] {
	let left = mostCharacters;
	const first = texts.slice(0, mostTold).findIndex((text) => {
		left -= text.length;
		return left < 0;
	});
	return texts.slice(0, first < 0 ? mostTold : Math.max(1, first));
}
