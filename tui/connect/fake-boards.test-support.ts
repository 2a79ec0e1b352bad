/** What the fake daemon answers about saved queries, dashboards and settings. */
import * as activity from "../../protocol/methods/activity.ts";
import * as dashboard from "../../protocol/methods/dashboard.ts";
import * as queries from "../../protocol/methods/queries.ts";
import * as settings from "../../protocol/methods/settings.ts";
import { activityKinds } from "../../protocol/model/activity.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import { activityOf, settingOf } from "./sample-settings.test-support.ts";
import { dashboardOf, queryAnswerOf, savedQueryOf, widgetOf } from "./sample-tags.test-support.ts";

export function answerBoards(answer: FakeClient["answer"], options: SampleOptions): void {
	answer(queries.complete, ({ at }) => ({ from: 0, to: at, items: [{ text: "os", help: "" }], problem: null }));
	answer(queries.list, () => ({ items: [1, 2, 3].map((id) => savedQueryOf(id, options)), total: 3 }));
	answer(queries.widgets, () => ({ items: [1, 2, 3].map((id) => widgetOf(id, options)), total: 3 }));
	let shown = dashboardOf(options);
	answer(dashboard.get, () => shown);
	answer(dashboard.save, ({ widgets }) => {
		shown = { widgets, own: true };
		return shown;
	});
	answer(dashboard.reset, () => {
		shown = { widgets: dashboardOf(options).widgets.slice(0, 3), own: false };
		return shown;
	});
	answer(queries.answers, ({ queries: boxes }) => ({ items: boxes.map(({ as }) => queryAnswerOf(as, options)) }));
	answer(activity.list, () => ({ items: activityKinds.map((_, at) => activityOf(at, options)), total: 9 }));
	const set = new Map<number, string>();
	const all = () => [1, 2, 3, 4].map((id) => settingOf(id, options, set.get(id)));
	answer(settings.list, () => ({ items: all(), total: 4 }));
	answer(settings.set, ({ id, value }) => {
		const at = all().findIndex((one) => one.id === id);
		set.set(at + 1, value);
		return settingOf(at + 1, options, value);
	});
}
