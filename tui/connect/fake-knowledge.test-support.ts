/** What the fake daemon answers about knowledge and its bundles. */
import * as knowledge from "../../protocol/methods/knowledge.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import {
	bundleKeysOf,
	bundlesOf,
	changesOf,
	feedsOf,
	reportOfUpdate,
	sourcesOf,
} from "./sample-knowledge.test-support.ts";

export function answerKnowledge(answer: FakeClient["answer"], options: SampleOptions): void {
	const feeds = { items: feedsOf(options), total: 3 };
	const updateSettings = { everyHours: null, oldAfterDays: 7, allowHttp: false };
	answer(knowledge.feeds, () => ({ ...feeds, importing: null, hasPrevious: true }));
	answer(knowledge.sources, () => ({ items: sourcesOf(options), total: 3, settings: updateSettings }));
	answer(knowledge.updates, () => ({ running: null, last: reportOfUpdate(options) }));
	answer(knowledge.update, () => ({ report: reportOfUpdate(options), changes: null }));
	answer(knowledge.diff, () => changesOf(options));
	answer(knowledge.inspectBundle, () => ({ bundle: null }));
	answer(knowledge.bundles, () => ({ items: bundlesOf(options), total: 2, state: "cd".repeat(32) }));
	answer(knowledge.createBundle, () => bundlesOf(options)[0] ?? never());
	answer(knowledge.keys, () => ({ items: bundleKeysOf(options), total: 2 }));
	answer(knowledge.newKey, () => ({ key: bundleKeysOf(options)[0] ?? never(), line: "vedette-key AAAA office" }));
	answer(knowledge.trustKey, () => bundleKeysOf(options)[1] ?? never());
	answer(knowledge.removeKey, () => bundleKeysOf(options)[0] ?? never());
	answer(knowledge.stopUpdate, () => ({ stopped: true }));
	answer(knowledge.rollback, () => feeds);
	answer(knowledge.configure, (change) => ({ ...updateSettings, everyHours: change.everyHours ?? null }));
	answer(knowledge.import, () => ({ ...(feeds.items[0] ?? never()), refused: { documents: 0, first: [] } }));
	answer(knowledge.setSource, (change) => {
		const known = sourcesOf(options).find(({ name }) => name === change.name) ?? sourcesOf(options)[0] ?? never();
		return { ...known, urls: change.urls ?? known.urls };
	});
}

function never(): never {
	throw new Error("the sample is empty");
}
