import { expect, test } from "vitest";
import type { AttachedConsole, ConsolePlace } from "../../protocol/model/console.ts";
import { consoleOf } from "../connect/sample-consoles.test-support.ts";
import type { Route } from "../screens/view.ts";
import { createFollow } from "./follow.ts";
import { placeOf, placeWords, routeOf } from "./place.ts";

function following() {
	const state = { others: [] as AttachedConsole[], isBusy: false, went: [] as string[], notices: [] as string[] };
	const follow = createFollow({
		others: () => state.others,
		isBusy: () => state.isBusy,
		go: (route) => state.went.push(JSON.stringify(route)),
		notice: (text) => state.notices.push(text),
	});
	const ana = consoleOf(2, { name: "ana" });
	const at = (place: ConsolePlace) => {
		state.others = [{ ...ana, place }];
		follow.look();
	};
	return { state, follow, ana, at };
}

test("it goes where they go, each place once, and waits while something is typed", () => {
	const { state, follow, ana, at } = following();
	state.others = [ana];
	follow.start(ana);
	follow.look();
	at({ screen: "scan", about: { kind: "scan", id: 7 } });
	at({ screen: "new-scan", about: null });
	state.isBusy = true;
	at({ screen: "assets", about: null });
	expect(state.went).toEqual(['{"to":"dashboard"}', '{"to":"scan","scan":7}']);
	state.isBusy = false;
	follow.look();
	expect(state.went.at(-1)).toBe('{"to":"assets"}');
	expect(follow.name()).toBe("ana");
});

test("it ends when one says so, and when they leave", () => {
	const { state, follow, ana, at } = following();
	state.others = [ana];
	follow.start(ana);
	expect([follow.stop(), follow.stop()]).toEqual([true, false]);
	at({ screen: "assets", about: null });
	expect(state.went).toHaveLength(1);
	follow.start(ana);
	state.others = [];
	follow.look();
	expect(follow.name()).toBeUndefined();
	expect(state.notices).toEqual(["ana is not attached any more: you are where they were last."]);
});

test.each<[Route, string, Route | undefined]>([
	[{ to: "dashboard" }, "dashboard", { to: "dashboard" }],
	[{ to: "findings", filter: "secret words" }, "findings", { to: "findings" }],
	[{ to: "scan", scan: 7 }, "scan 7", { to: "scan", scan: 7 }],
	[{ to: "why", finding: 3 }, "finding 3", { to: "finding", finding: 3 }],
	[{ to: "port", asset: 2, address: "10.0.0.3", port: 22, protocol: "tcp" }, "asset 2", { to: "asset", asset: 2 }],
	[{ to: "map-topology", map: 4 }, "map 4", { to: "map", map: 4 }],
	[{ to: "request", request: 5 }, "request 5", { to: "request", request: 5 }],
	[{ to: "new-scan", targets: "10.0.0.0/8" }, "new scan", undefined],
])("of %j others learn %s", (route, words, there) => {
	const place = placeOf(route);
	expect(placeWords(place)).toBe(words);
	expect(routeOf(place)).toEqual(there);
	expect(JSON.stringify(place)).not.toMatch(/secret|10\.0/);
});
