/** The views area of the fake daemon: what is saved is kept, as long as the fake is. */
import type { MethodParams } from "../../protocol/define.ts";
import * as views from "../../protocol/methods/views.ts";
import type { ListPreferences, SavedView } from "../../protocol/model/view.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import { savedViewOf } from "./sample-tags.test-support.ts";

export function answerViews(answer: FakeClient["answer"], options: SampleOptions): void {
	const kept: SavedView[] = [savedViewOf("findings", "Worst first", options)];
	const opens: ListPreferences = { columns: [], view: null };
	const write = (shared: boolean, view: MethodParams<typeof views.save>): SavedView => {
		const saved: SavedView = {
			...{ ...savedViewOf(view.list, view.name, options), filter: view.filter ?? "", sort: view.sort ?? null, shared },
		};
		kept.push(saved);
		return saved;
	};
	answer(views.list, ({ list }) => {
		const items = kept.filter((view) => list === undefined || view.list === list);
		return { items, total: items.length };
	});
	answer(views.save, (view) => write(false, view));
	answer(views.share, (view) => write(true, view));
	for (const method of [views.remove, views.unshare]) {
		answer(
			method,
			({ name }) =>
				kept.splice(
					kept.findIndex((view) => view.name === name),
					1,
				)[0] ?? savedViewOf("findings", "gone", options),
		);
	}
	answer(views.preferences, () => opens);
	answer(views.setPreferences, ({ view }) => ({ ...opens, view: kept.find(({ name }) => name === view) ?? null }));
}
