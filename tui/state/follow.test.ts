import { expect, test } from "vitest";
import type { AttachedConsole, ConsolePlace } from "../../protocol/model/console.ts";
import { consoleOf } from "../connect/sample-consoles.test-support.ts";
import type { Route } from "../screens/view.ts";
import { createFollow } from "./follow.ts";
import { placeOf, placeWords, routeOf } from "./place.ts";

function following() {
	const state = {
		others: [] as AttachedConsole[],
		isBusy: false,
		isFollower: false,
		isConnected: true,
		now: 0,
		went: [] as string[],
		notices: [] as string[],
	};
	const follow = createFollow({
		others: () => state.others,
		isBusy: () => state.isBusy,
		isFollower: () => state.isFollower,
		isConnected: () => state.isConnected,
		go(place) {
			const route = routeOf(place);
			if (route !== undefined) state.went.push(JSON.stringify(route));
			return route !== undefined;
		},
		changed: () => undefined,
		now: () => state.now,
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
	expect(follow.whom()?.name).toBe("ana");
	expect(state.notices).toEqual(["ana is at new scan, where they cannot be followed; you go on with them from there."]);
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
	state.now += 10_000;
	state.others = [{ ...ana, id: 9, place: { screen: "tags", about: null } }];
	follow.look();
	expect([follow.whom()?.id, state.went.at(-1)]).toEqual([9, '{"to":"tags"}']);
	state.others = [];
	follow.look();
	state.now += 16_000;
	follow.look();
	expect(follow.whom()).toBeUndefined();
	expect(state.notices).toEqual([
		"You no longer follow ana.",
		"ana is not attached any more: you are where they were last.",
	]);
});

test("when they leave, another console of theirs that was there before is not theirs come back", () => {
	const { state, follow, ana } = following();
	const beside = { ...ana, id: 3, place: { screen: "tags", about: null } };
	state.others = [ana, beside];
	follow.start(ana);
	state.others = [beside];
	follow.look();
	state.now += 5_000;
	follow.look();
	expect(state.went).toEqual(['{"to":"dashboard"}']);
	state.others = [beside, { ...ana, id: 9, place: { screen: "assets", about: null } }];
	follow.look();
	expect([follow.whom()?.id, state.went.at(-1)]).toEqual([9, '{"to":"assets"}']);
});

test("while the own line is away nobody is said to have left", () => {
	const { state, follow, ana } = following();
	state.others = [ana];
	follow.start(ana);
	Object.assign(state, { others: [], isConnected: false });
	follow.look();
	state.now += 60_000;
	follow.look();
	state.isConnected = true;
	follow.look();
	state.now += 10_000;
	state.others = [{ ...ana, id: 9, place: { screen: "tags", about: null } }];
	follow.look();
	expect([follow.whom()?.id, state.went.at(-1), state.notices]).toEqual([9, '{"to":"tags"}', []]);
});

test("whoever has the number of theirs once the daemon was started again is not followed", () => {
	const { state, follow, ana } = following();
	state.others = [ana];
	follow.start(ana);
	state.others = [{ ...ana, user: "unix:1002", name: "ben", place: { screen: "tags", about: null } }];
	follow.look();
	expect([follow.whom()?.name, state.went.length]).toEqual(["ana", 1]);
});

test("nobody goes after those who come after them: both would go to and fro for ever", () => {
	const { state, follow, ana, at } = following();
	state.others = [ana];
	state.isFollower = true;
	follow.start(ana);
	expect(follow.whom()).toBeUndefined();
	expect(state.notices).toEqual(["ana follows you: they come where you go."]);
	state.isFollower = false;
	follow.start(ana);
	state.isFollower = true;
	at({ screen: "assets", about: null });
	expect([follow.whom(), state.went.length]).toEqual([undefined, 1]);
	expect(state.notices.at(-1)).toBe("ana follows you: they come where you go.");
});

test.each<[Route, string, Route | undefined]>([
	[{ to: "dashboard" }, "dashboard", { to: "dashboard" }],
	[{ to: "findings", filter: "secret words" }, "findings", { to: "findings" }],
	[{ to: "scan", scan: 7 }, "scan 7", { to: "scan", scan: 7 }],
	[{ to: "why", finding: 3 }, "why of finding 3", { to: "why", finding: 3 }],
	[
		{ to: "port", asset: 2, address: "10.0.0.3", port: 22, protocol: "tcp" },
		"port of asset 2",
		{ to: "asset", asset: 2 },
	],
	[{ to: "map-topology", map: 4 }, "topology of map 4", { to: "map-topology", map: 4 }],
	[{ to: "request", request: 5 }, "request 5", { to: "request", request: 5 }],
	[{ to: "new-scan", targets: "10.0.0.0/8" }, "new scan", undefined],
])("of %j others learn %s", (route, words, there) => {
	const place = placeOf(route);
	expect(placeWords(place)).toBe(words);
	expect(routeOf(place)).toEqual(there);
	expect(JSON.stringify(place)).not.toMatch(/secret|10\.0/);
});
