/** How much more than what they hold V8 lets heaps take before it looks for garbage. */
import { setFlagsFromString } from "node:v8";

/**
 * Heaps grow by half of what is in use before they are looked through, rather than to four times of it: what comes in by the
 * hundred megabytes (an import, a scan) is garbage soon after. Percent.
 */
export const usualGrowth = 50;

/** How far heaps of this process grow beyond what they hold before they are looked through. Percent; nothing where V8 knows no such flag. */
export function growHeapsBy(percent: number): void {
	setFlagsFromString(`--heap-growing-percent=${percent}`);
}
