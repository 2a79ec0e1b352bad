/** Reads what the kernel tells of this machine and this process. Everything may be missing, and is then null. */
import { readFileSync } from "node:fs";

/** A file of a line or two; null when it cannot be read. */
export function readText(path: string): string | null {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return null;
	}
}

/** The whole numbers of a file, in order; null when it cannot be read or has none. */
export function readNumbers(path: string): number[] | null {
	const numbers = readText(path)?.match(/\d+/g)?.map(Number) ?? null;
	return numbers === null || numbers.length === 0 ? null : numbers;
}

/** Bytes as people say them. */
export function megabytes(bytes: number): string {
	return bytes >= 10 * 2 ** 30 ? `${Math.round(bytes / 2 ** 30)} GB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
