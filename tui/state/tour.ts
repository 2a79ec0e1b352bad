/**
 * The tour: five steps on the real screens, done with the user's own keys. Each is over when what it speaks of is on screen. It
 * begins by itself once; from then on it goes on where it stood, when it is asked for.
 */
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
	/** From where it stood; from the first step when it was gone through. */
	start(): void;
	/** On to the next step, whether this one was done or not; begins it when there is none. */
	next(): void;
	end(): void;
	/** Something else is on screen. */
	moved(to: ScreenId): void;
}

export interface TourParts {
	/** The step it stood at when it was left, from 0. */
	readonly from: number;
	changed(): void;
	/** It stands at that step now, from 0. */
	stands(step: number): void;
	/** It was gone through (undefined), or left at that step, from 1. */
	ended(leftAt: number | undefined): void;
}

export function createTour({ from, changed, stands, ended }: TourParts): Tour {
	let kept = steps[from] === undefined ? 0 : from;
	let isUnderWay = false;

	function standAt(step: number): void {
		kept = step;
		stands(step);
		changed();
	}

	function start(): void {
		isUnderWay = true;
		standAt(kept);
	}

	function goOn(): void {
		const isLast = kept === steps.length - 1;
		isUnderWay = !isLast;
		standAt(isLast ? 0 : kept + 1);
		if (isLast) ended(undefined);
	}

	return {
		stand() {
			const step = isUnderWay ? steps[kept] : undefined;
			return step && { step: kept + 1, of: steps.length, words: step.words() };
		},
		start,
		next() {
			if (isUnderWay) goOn();
			else start();
		},
		end() {
			isUnderWay = false;
			ended(kept + 1);
			changed();
		},
		moved(to) {
			if (isUnderWay && steps[kept]?.over.includes(to)) goOn();
		},
	};
}
