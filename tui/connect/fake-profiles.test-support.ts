/** What the fake daemon answers about option profiles and exclusions. */
import * as exclusions from "../../protocol/methods/exclusions.ts";
import * as profiles from "../../protocol/methods/profiles.ts";
import { profileOptions } from "../../protocol/model/profile.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import { exclusionEventOf, exclusionOf, profileOf } from "./sample-settings.test-support.ts";

export function answerProfiles(answer: FakeClient["answer"], options: SampleOptions): void {
	const all = [1, 2, 3].map((index) => profileOf(index, options));
	const named = (name: string) => all.find((one) => one.name === name) ?? profileOf(3, options);
	const excluded = [1, 2].map((id) => exclusionOf(id, options));
	answer(profiles.list, () => ({ items: all, total: all.length }));
	answer(profiles.get, ({ name, version }) => ({
		profile: { ...named(name), ...(version === undefined ? {} : { version }) },
		versions: [3, 2, 1].map((one) => ({
			version: one,
			editedAt: "2026-02-03T09:12:44.000Z",
			editedBy: options.text ?? "unix:1000",
		})),
	}));
	answer(profiles.clone, ({ from, name }) => ({ ...named(from), name, version: 1, builtIn: false }));
	answer(profiles.edit, ({ name, version, options: edited }) => ({
		...named(name),
		version: version + 1,
		options: profileOptions.parse(edited),
	}));
	answer(profiles.remove, ({ name }) => ({ deleted: name }));
	answer(exclusions.list, () => ({ items: excluded, total: excluded.length }));
	answer(exclusions.history, () => ({ items: [exclusionEventOf(1, options), exclusionEventOf(2, options)], total: 2 }));
	answer(exclusions.add, () => ({ added: [exclusionOf(3, options)], scans: [1], maps: [] }));
	answer(exclusions.remove, () => ({ removed: [exclusionOf(1, options)] }));
	answer(exclusions.fragilePorts, () => ({ always: "515,9100-9107", further: "502" }));
	answer(exclusions.setFragilePorts, ({ further }) => ({ always: "515,9100-9107", further, scans: [], maps: [1] }));
}
