/** What we use of pino-roll, which ships no types. */
declare module "pino-roll" {
	import type { SonicBoom } from "pino";
	export default function roll(options: {
		file: string;
		extension?: string;
		/** Number and unit, e.g. 512k. */
		size?: string;
		limit?: { count: number; removeOtherLogFiles?: boolean };
		mkdir?: boolean;
		mode?: number;
		sync?: boolean;
	}): Promise<SonicBoom>;
}
