/** What the findings of a filter have in common, asked of the daemon while somebody looks at it, and kept until it changes. */
import type { Facets } from "../../../protocol/model/facet.ts";
import { failureOf } from "../../state/list-loader.ts";
import type { ListFailure } from "../../state/paged-list.ts";
import { type CountedFacets, countHidden } from "./hidden-values.ts";

/** A list that changes all the time is counted again only so often: so long after, and so many times what it took. Milliseconds. */
const restMs = 1_000;
const restTimes = 4;
/** What has failed is tried again when somebody looks after this. Milliseconds. */
const retryMs = 5_000;

export interface FacetFeed {
	/** Asks for them when they are not known; until they are, those of the filter before. */
	of(filter: string): {
		readonly facets: CountedFacets | undefined;
		readonly isThis: boolean;
		readonly failure?: ListFailure;
	};
	/** Watches the list for its changes: with each, what is known here may be out of date. Returns the way to stop both. */
	follow(watch: (told: () => void) => () => void, changed: () => void): () => void;
}

export function createFacetFeed(
	load: (filter: string, signal: AbortSignal) => Promise<Facets>,
	changed: () => void,
): FacetFeed {
	let known: { filter: string; facets: CountedFacets; isFresh: boolean } | undefined;
	let failed: { filter: string; failure: ListFailure; until: number } | undefined;
	let asking: { filter: string; abort: AbortController; isOvertaken: boolean } | undefined;
	let timer: NodeJS.Timeout | undefined;
	let restsUntil = 0;

	function ask(filter: string): void {
		if (asking?.filter === filter) return;
		asking?.abort.abort();
		clearTimeout(timer);
		const job = { filter, abort: new AbortController(), isOvertaken: false };
		asking = job;
		const done = (outcome: () => void) => {
			if (asking !== job) return;
			asking = undefined;
			const now = performance.now();
			restsUntil = now + Math.max(restMs, restTimes * (now - startedAt));
			outcome();
			changed();
		};
		const isOther = known?.filter !== filter;
		let startedAt = performance.now();
		const start = () => {
			startedAt = performance.now();
			job.isOvertaken = false;
			const count = (other: string) => load(other, job.abort.signal);
			const counted = count(filter).then((facets) => {
				// What is kept is told at once, what that hides when it is known; where that was told before it stays meanwhile.
				if (asking === job && known?.filter !== filter) {
					known = { filter, facets, isFresh: true };
					changed();
				}
				return countHidden(facets, filter, count).catch(() => facets);
			});
			counted.then(
				(facets) =>
					done(() => {
						known = { filter, facets, isFresh: !job.isOvertaken };
						failed = undefined;
					}),
				(err: unknown) =>
					done(() => {
						failed = { filter, failure: failureOf(err), until: performance.now() + retryMs };
					}),
			);
		};
		timer = setTimeout(start, isOther ? 0 : Math.max(0, restsUntil - performance.now()));
	}

	return {
		of(filter) {
			const isThis = known?.filter === filter;
			const failure = failed?.filter === filter && performance.now() < failed.until ? failed.failure : undefined;
			if ((!isThis || known?.isFresh === false) && failure === undefined) ask(filter);
			return { facets: known?.facets, isThis, ...(failure === undefined ? {} : { failure }) };
		},
		follow(watch, told) {
			const stop = watch(() => {
				if (known) known.isFresh = false;
				if (asking) asking.isOvertaken = true;
				failed = undefined;
				told();
			});
			return () => {
				stop();
				clearTimeout(timer);
				asking?.abort.abort();
				asking = undefined;
			};
		},
	};
}
