/** The tour: five steps on the real screens, done with the user's own keys. Each is over when what it speaks of is on screen. */
import { keyOf } from "../keys/find-binding.ts";
import type { ScreenId } from "../screens/view.ts";

interface Step {
	words(): string;
	readonly over: readonly ScreenId[];
}

const steps: readonly Step[] = [
	{
		words: () => `${keyOf("everywhere", "new-scan")} starts a scan: name a target, then Enter.`,
		over: ["scan"],
	},
	{ words: () => `${keyOf("everywhere", "findings")} shows what was found, the worst first.`, over: ["findings"] },
	{ words: () => `${keyOf("list", "open")} opens the one under the cursor.`, over: ["finding"] },
	{ words: () => `${keyOf("finding", "why")} says why it is there, step by step.`, over: ["why"] },
	{
		words: () => `${keyOf("everywhere", "help")} has a screen's keys, ${keyOf("everywhere", "palette")} finds any.`,
		over: ["help", "palette", "command"],
	},
];

export interface TourStand {
	/** From 1. */
	readonly step: number;
	readonly of: number;
	readonly words: string;
}

export interface Tour {
	/** Undefined while there is none. */
	stand(): TourStand | undefined;
	start(): void;
	/** On to the next step, whether this one was done or not. */
	skip(): void;
	end(): void;
	/** Something else is on screen. */
	moved(to: ScreenId): void;
}

/** `ended`: it was gone through (true) or left. */
export function createTour({ changed, ended }: { changed(): void; ended(isWhole: boolean): void }): Tour {
	let at = -1;
	let skipped = 0;

	function goOn(): void {
		at++;
		if (at === steps.length) stop(skipped < steps.length);
		changed();
	}

	function stop(isWhole: boolean): void {
		at = -1;
		ended(isWhole);
	}

	return {
		stand() {
			const step = steps[at];
			return step && { step: at + 1, of: steps.length, words: step.words() };
		},
		start() {
			at = 0;
			skipped = 0;
			changed();
		},
		skip() {
			skipped++;
			goOn();
		},
		end() {
			stop(false);
			changed();
		},
		moved(to) {
			if (steps[at]?.over.includes(to)) goOn();
		},
	};
}
