/** What the fake daemon answers about tags and asset groups. */
import * as groups from "../../protocol/methods/groups.ts";
import * as tags from "../../protocol/methods/tags.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import { groupOf } from "./sample-groups.test-support.ts";
import { tagOf } from "./sample-tags.test-support.ts";

export function answerTags(answer: FakeClient["answer"], options: SampleOptions): void {
	answer(tags.list, () => ({ items: [1, 2, 3, 4].map((id) => tagOf(id, options)), total: 4 }));
	answer(tags.get, () => ({
		tag: tagOf(2, options),
		children: [options.text ?? "Debian"],
		assets: [{ id: 1, name: options.text ?? "host-1", why: options.text ?? "rule", since: "2026-02-03T09:12:44.000Z" }],
	}));
	answer(tags.preview, () => ({ matches: 12, of: 250, adds: 12, removes: 3, added: ["host-1"], removed: ["host-2"] }));
	answer(tags.create, ({ name }) => ({ ...tagOf(5, options), name, path: name }));
	answer(tags.edit, () => tagOf(2, options));
	answer(tags.restore, () => tagOf(3, options));
	answer(tags.assign, () => ({ tag: tagOf(3, options), changed: 2 }));
	answer(groups.list, () => ({ items: [1, 2, 3].map((id) => groupOf(id, options)), total: 3 }));
	answer(groups.get, () => ({ group: groupOf(2, options), ranges: [["10.0.0.0", "10.0.0.255"] as [string, string]] }));
	answer(groups.create, ({ title }) => ({ ...groupOf(4, options), title }));
	answer(groups.edit, ({ group, title }) => ({ ...groupOf(2, options), title: title ?? group }));
	answer(groups.addAddresses, () => ({ group: groupOf(2, options), changed: 3 }));
	answer(groups.removeAddresses, () => ({ group: groupOf(2, options), changed: 3 }));
	answer(groups.remove, () => ({ deleted: groupOf(2, options) }));
	answer(groups.neverScanned, () => ({
		items: [
			{ first: "10.0.0.7", last: "10.0.0.9", addresses: 3, why: "never-asked" as const },
			{ first: "10.0.1.1", last: "10.0.1.1", addresses: 1, why: "never-answered" as const },
		],
		...{ total: 2, neverAsked: 3, neverAnswered: 1 },
	}));
}
