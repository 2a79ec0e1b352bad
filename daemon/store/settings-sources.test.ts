import { expect, it } from "vitest";
import type { FeedSource } from "../../protocol/model/knowledge-update.ts";
import { noSettings } from "./settings-schema.ts";
import { listSources, putSource, removeSource } from "./settings-sources.ts";

const source = (name: string, change: Partial<FeedSource> = {}): FeedSource => ({
	...{ name, feed: `feed ${name}`, about: "", licence: "CC0", urls: ["https://feeds.example.org/x.zip"] },
	...{ sha256Url: null, enabled: true },
	...change,
});
const builtIn = [source("b"), source("a")];

it("keeps only what differs from what is built in, and gives it back", () => {
	const data = structuredClone(noSettings);
	const shown = () => listSources(data, builtIn).map(({ name, changed, enabled }) => [name, changed, enabled]);
	expect(shown()).toEqual([
		["b", false, true],
		["a", false, true],
	]);
	putSource(data, source("a", { enabled: false }), builtIn);
	putSource(data, source("own"), builtIn);
	expect(shown()).toEqual([
		["b", false, true],
		["a", true, false],
		["own", false, true],
	]);
	putSource(data, source("a"), builtIn);
	expect(data.feedSources.map(({ name }) => name)).toEqual(["own"]);
	removeSource(data, "own");
	expect(data.feedSources).toEqual([]);
	expect(() => removeSource(data, "b")).toThrow(/no change to a built-in one/);
	expect(() => putSource(data, source("other", { feed: "feed a" }), builtIn)).toThrow(/"feed a" already comes from a/);
});
