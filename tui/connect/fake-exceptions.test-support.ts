/** What the fake daemon answers about requests. */
import * as exceptions from "../../protocol/methods/exceptions.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import {
	exceptionDetailOf,
	exceptionForMe,
	exceptionOf,
	exceptionPreviewOf,
} from "./sample-exceptions.test-support.ts";
import { page } from "./sample-page.test-support.ts";

export function answerExceptions(answer: FakeClient["answer"], options: SampleOptions): void {
	answer(exceptions.list, (params) => page(params, 6, (index) => exceptionForMe(6 - index, options)));
	answer(exceptions.ofFinding, () => ({ items: [exceptionOf(2, options)] }));
	answer(exceptions.get, ({ id }) => exceptionDetailOf(id, options));
	answer(exceptions.preview, ({ scopes }) =>
		exceptionPreviewOf(scopes[0]?.kind === "findings" ? scopes.length : 214, options),
	);
	answer(exceptions.request, ({ scopes }) => ({ requests: scopes.map((_, at) => exceptionOf(7 + at, options)) }));
	answer(exceptions.decide, ({ id, decision }) => {
		const state = decision === "approve" ? ("approved" as const) : ("rejected" as const);
		const until = "2026-05-04T09:12:44.000Z";
		return { exception: { ...exceptionOf(id, options), state, until }, covered: 214 };
	});
	answer(exceptions.decideMany, ({ ids }) => ({
		decided: ids.slice(1).map((id) => exceptionOf(id, options)),
		refused: ids.slice(0, 1).map((id) => ({ id, reason: `Request ${id} was approved by unix:1003.` })),
	}));
	answer(exceptions.resubmit, ({ id }) => ({ ...exceptionOf(8, options), previous: id }));
	answer(exceptions.revoke, ({ id }) => ({ exception: exceptionOf(id, options), restored: 214 }));
	answer(exceptions.withdraw, ({ id }) => exceptionOf(id, options));
}
