/** What the fake daemon answers about purges. */
import * as purges from "../../protocol/methods/purges.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import { page } from "./sample-page.test-support.ts";
import { purgedAssetOf, purgeOf, purgePreviewOf, purgeRuleOf } from "./sample-purges.test-support.ts";

export function answerPurges(answer: FakeClient["answer"], options: SampleOptions): void {
	answer(purges.list, (params) => page(params, 7, (index) => purgeOf(7 - index, options)));
	answer(purges.assets, (params) => page(params, 3, (index) => purgedAssetOf(index + 1, options)));
	answer(purges.rules, () => ({ items: [purgeRuleOf(1, options), purgeRuleOf(2, options)], total: 2 }));
	answer(purges.preview, ({ filter }) => purgePreviewOf(filter === "none" ? 0 : 3, options));
	answer(purges.run, () => purgeOf(8, options));
	answer(purges.undo, ({ purge, beside }) => ({
		...{ purge: purgeOf(purge, options), restored: 2 },
		...(beside === true
			? { refused: [], refusedTotal: 0 }
			: { refused: [{ asset: 2, name: "db", reason: "10.0.0.2 is asset 9." }], refusedTotal: 1 }),
	}));
	answer(purges.saveRule, ({ name }) => ({ rule: { ...purgeRuleOf(1, options), name }, matches: 4 }));
	answer(purges.removeRule, () => ({ deleted: purgeRuleOf(1, options) }));
}
