/** Counting how often each value of each facet occurs, and telling the most frequent. It knows no table. */
import { type Facet, type FacetName, facetLimits, facetNames } from "../../protocol/model/facet.ts";

/** What narrows a filter to it, and what it is called. */
export type FacetWords = readonly [term: string, label: string];

interface Counted {
	readonly value: FacetWords;
	count: number;
}

export class FacetTally {
	readonly #counts = new Map<FacetName, Map<string, Counted>>();

	add(name: FacetName, value: FacetWords, n = 1): void {
		const known = this.#counts.get(name) ?? new Map<string, Counted>();
		if (known.size === 0) this.#counts.set(name, known);
		const one = known.get(value[0]);
		if (one === undefined) known.set(value[0], { value, count: n });
		else one.count += n;
	}

	/** In the order of facets; those without a value are left out. */
	facets(): Facet[] {
		return facetNames.flatMap((name) => this.#facet(name));
	}

	#facet(name: FacetName): Facet[] {
		const counted = [...(this.#counts.get(name)?.values() ?? [])];
		if (counted.length === 0) return [];
		counted.sort(orders[name] ?? byCount);
		const values = counted
			.slice(0, facetLimits.values)
			.map(({ value: [term, label], count }) => ({ term, label, count }));
		return [{ name, values, others: counted.length - values.length }];
	}
}

type Order = (a: Counted, b: Counted) => number;
const byCount: Order = (a, b) => b.count - a.count || (a.value[1] < b.value[1] ? -1 : 1);
const descending: Order = (a, b) => (a.value[0] < b.value[0] ? 1 : -1);
/** What has an order of its own keeps it. */
const orders: Partial<Record<FacetName, Order>> = {
	severity: descending,
	risk: descending,
	age: (a, b) => daysOf(a) - daysOf(b),
	seen: (a, b) => daysOf(a) - daysOf(b),
};

const dayMs = 86_400_000;
const ages = [7, 30, 90, 365] as const;

/** Of each field that was asked for: its steps from the youngest, the last without an end. */
const steps = new Map<string, readonly FacetWords[]>();

/** How long ago a date of the query language lies, in steps. `ms`: since then. */
export function agoWords(field: string, ms: number): FacetWords {
	return agoWordsOf(field, agoStep(ms));
}

export const ageSteps = ages.length + 1;

/** Which of them, from the youngest. */
export function agoStep(ms: number): number {
	let step = 0;
	for (const days of ages) if (ms >= days * dayMs) step += 1;
	return step;
}

export function agoWordsOf(field: string, step: number): FacetWords {
	const known = steps.get(field) ?? stepsOf(field);
	steps.set(field, known);
	return known[step] ?? ["", ""];
}

function stepsOf(field: string): readonly FacetWords[] {
	return [...ages, undefined].map((end, at): FacetWords => {
		const start = ages[at - 1];
		const [older, younger] = [`${field}<=now-${start}d`, `${field}>now-${end}d`];
		if (start === undefined) return [younger, `under ${end} days`];
		return end === undefined ? [older, `over ${start} days`] : [`(${older} and ${younger})`, `${start} to ${end} days`];
	});
}

/** Where a step begins, that the steps stand in their order. */
function daysOf({ value: [, label] }: Counted): number {
	const days = Number(/\d+/.exec(label)?.[0]);
	// The last has the same number as where the one before ends.
	return label.startsWith("under") ? 0 : label.startsWith("over") ? days + 1 : days;
}
