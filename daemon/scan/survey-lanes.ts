/**
 * Surveys of one host a few at a time. A port that accepts and keeps silent costs the host nothing and us ten seconds of
 * listening: where port after port is so, more are listened to at once.
 */

export interface Lanes {
	/** Surveys at once. */
	readonly atOnce: number;
	readonly signal: AbortSignal;
}

/** Where nothing speaks, so many times as many. */
const mostWidened = 4;

/**
 * Hands out the items in order. `survey` says whether its item kept silent. Resolves when all are done, or soon after the
 * signal with the rest left out; rejects with the first failure, once nothing is under way any more.
 */
export async function surveyInLanes<Item>(
	items: readonly Item[],
	{ atOnce, signal }: Lanes,
	survey: (item: Item) => Promise<boolean>,
): Promise<void> {
	let [next, running, silentInARow] = [0, 0, 0];
	let failure: { readonly err: unknown } | null = null;
	const { promise, resolve } = Promise.withResolvers<void>();
	const one = async (item: Item) => {
		try {
			silentInARow = (await survey(item)) ? silentInARow + 1 : 0;
		} catch (err) {
			failure ??= { err };
		} finally {
			running--;
			pump();
		}
	};
	const pump = () => {
		const most = atOnce * Math.min(mostWidened, 1 + Math.floor(silentInARow / atOnce));
		while (running < most && failure === null && !signal.aborted) {
			const item = items[next++];
			if (item === undefined) break;
			running++;
			void one(item);
		}
		if (running === 0) resolve();
	};
	pump();
	await promise;
	if (failure !== null) throw (failure as { readonly err: unknown }).err;
}
