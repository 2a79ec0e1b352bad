/** What the fake daemon answers about maps. */
import * as maps from "../../protocol/methods/maps.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import { differenceOf, mapCoverageOf, mapHostOf, mapOf } from "./sample-maps.test-support.ts";
import { page } from "./sample-page.test-support.ts";

export function answerMaps(answer: FakeClient["answer"], options: SampleOptions): void {
	const hostAt = (index: number) => mapHostOf(index + 1, options);
	const differenceAt = (index: number) => differenceOf(index + 1, options);
	answer(maps.list, (params) => page(params, 4, (index) => mapOf(4 - index, options)));
	answer(maps.get, ({ map }) => mapOf(map, options));
	answer(maps.coverage, ({ map }) => mapCoverageOf(map, options));
	answer(maps.hosts, (params) => page(params, 40, hostAt));
	answer(maps.rogues, (params) => page(params, 7, differenceAt));
	answer(maps.compare, (params) => page(params, 12, differenceAt));
	answer(maps.approve, ({ addresses = [] }) => ({ domain: "none", added: addresses.length, removed: 0, approved: 9 }));
	answer(maps.addToInventory, ({ addresses = [] }) => ({ added: addresses.length, known: 0 }));
	answer(maps.resolver, () => ({ resolver: null }));
	answer(maps.setResolver, ({ resolver }) => ({ resolver }));
	answer(maps.start, () => ({ maps: [mapOf(4, options)] }));
	for (const method of [maps.pause, maps.resume, maps.cancel]) answer(method, ({ map }) => mapOf(map, options));
}
