/** What the fake daemon answers about duplicates and merges. */
import * as duplicates from "../../protocol/methods/duplicates.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import {
	comparedOf,
	duplicateDetailOf,
	duplicateGroupOf,
	mergePreviewOf,
	mergeRecordOf,
} from "./sample-duplicates.test-support.ts";
import { page } from "./sample-page.test-support.ts";

export function answerDuplicates(answer: FakeClient["answer"], options: SampleOptions): void {
	const noDuplicates = {
		groups: 3,
		searching: false,
		pending: 0,
		searchedAt: null,
		tookMs: null,
		auto: null,
		contradicted: 1,
		common: [],
	};
	answer(duplicates.list, (params) => page(params, 3, (index) => duplicateGroupOf(index + 1, options)));
	answer(duplicates.get, ({ id }) => duplicateDetailOf(id, options));
	answer(duplicates.compare, ({ assets }) => comparedOf(assets, options));
	answer(duplicates.preview, ({ assets }) =>
		mergePreviewOf(assets, options, assets[0] === 2 ? ["assets 2 and 102 have different machine-id"] : []),
	);
	answer(duplicates.merge, () => mergeRecordOf(5, options));
	answer(duplicates.merges, (params) => page(params, 4, (index) => mergeRecordOf(4 - index, options)));
	answer(duplicates.undo, ({ merge }) => ({ merge, assets: [], arrived: [] }));
	answer(duplicates.keep, ({ merge }) => mergeRecordOf(merge, options));
	answer(duplicates.reject, () => ({ pairs: 1 }));
	answer(duplicates.search, () => ({ ...noDuplicates, searching: true }));
	answer(duplicates.status, () => noDuplicates);
	answer(duplicates.auto, ({ above, dryRun }) => ({
		...{ above, groups: dryRun ? 2 : 0, previews: dryRun ? [mergePreviewOf([1, 101], options)] : [] },
	}));
}
