/** How benchmarks say a figure: the median of the rounds, and how far apart they were. */
import { spawnSync } from "node:child_process";

export function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}

export function quantile(values: readonly number[], q: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;
}

/** `1.23 (1.10-1.40)`; the figure alone when there is only one. */
export function spread(values: readonly number[], digits: number): string {
	const middle = median(values).toFixed(digits);
	if (values.length < 2) return middle;
	return `${middle} (${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)})`;
}

/** Ours to the peer's; `-` where there is no peer. */
export function ratio(ours: number, peer: number, digits = 2): string {
	return Number.isFinite(ours / peer) ? (ours / peer).toFixed(digits) : "-";
}

/** Programs of the list that are not installed. */
export function missingPrograms(names: readonly string[]): string[] {
	return names.filter((name) => spawnSync("sh", ["-c", 'command -v "$1"', "sh", name], pathWithSbin).status !== 0);
}

/** Where Debian keeps servers that only root starts. */
const pathWithSbin = { env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` } };
