import { expect, test } from "vitest";
import { show, watch } from "../../protocol/methods/consoles.ts";
import type { AttachedConsole, ConsolePlace } from "../../protocol/model/console.ts";
import { patience } from "../../test/support/eventually.ts";
import { createFakeClient } from "../connect/fake-client.test-support.ts";
import { consoleOf } from "../connect/sample-consoles.test-support.ts";
import { namesOf, watchPresence } from "./presence.ts";

const scan7 = { screen: "scan", about: { kind: "scan" as const, id: 7 } };
const ana = consoleOf(2, { user: "unix:1001", name: "ana", place: scan7 });

async function present() {
	const fake = createFakeClient();
	const clock = { now: 1_000_000 };
	const notices: string[] = [];
	const at: { place: ConsolePlace; follows: number | null } = {
		place: { screen: "dashboard", about: null },
		follows: null,
	};
	const presence = watchPresence(fake, {
		...{ place: () => at.place, follows: () => at.follows },
		...{ from: "ssh from laptop", now: () => clock.now, changed: () => undefined },
		notice: (text) => notices.push(text),
	});
	await expect.poll(presence.others, patience).toEqual([]);
	await Promise.resolve();
	const push = (...others: AttachedConsole[]) =>
		fake.push(watch, { kind: "consoles", consoles: [consoleOf(1), ...others] });
	const shown = () => fake.calls.filter(({ name }) => name === show.name).map(({ params }) => params);
	return { fake, clock, notices, presence, push, shown, at };
}

test("who looks at the same thing is told from who is elsewhere, and from oneself", async () => {
	const { presence, push } = await present();
	push(ana, consoleOf(3, { user: "unix:1002", name: "ben" }), consoleOf(4, { name: "me", place: scan7 }));
	expect(presence.others().map(({ id }) => id)).toEqual([2, 3, 4]);
	expect(presence.alsoAt(scan7).map(({ name }) => name)).toEqual(["ana", "me"]);
	expect(presence.alsoAt({ screen: "scan", about: { kind: "scan", id: 8 } })).toEqual([]);
	expect(presence.alsoAt({ screen: "dashboard", about: null })).toEqual([]);
	presence.close();
});

test("coming is said once, going after a while; a line that comes back, and one's own second console, are neither", async () => {
	const { clock, notices, presence, push } = await present();
	push(ana);
	push(ana, consoleOf(3));
	expect(notices).toEqual(["ana is attached too."]);
	push();
	clock.now += 10_000;
	presence.tick();
	push({ ...ana, id: 9 });
	presence.tick();
	expect(notices).toHaveLength(1);
	push();
	clock.now += 14_000;
	presence.tick();
	expect(notices).toHaveLength(1);
	clock.now += 2_000;
	presence.tick();
	expect(notices).toEqual(["ana is attached too.", "ana has left."]);
	presence.close();
});

test("where one is, is told when it has settled, once, and again when nobody has typed for a minute", async () => {
	const { clock, presence, shown, at } = await present();
	presence.moved();
	at.place = scan7;
	presence.moved();
	const told = { place: scan7, idleMs: null, follows: null, from: "ssh from laptop" };
	await expect.poll(shown, patience).toEqual([told]);
	presence.tick();
	clock.now += 61_000;
	presence.tick();
	clock.now += 10_000;
	presence.tick();
	expect(shown()).toHaveLength(2);
	expect(shown()[1]).toMatchObject({ idleMs: 61_000 });
	presence.touched();
	await expect.poll(shown, patience).toHaveLength(3);
	expect(shown()[2]).toMatchObject({ idleMs: null });
	presence.close();
});

test("who follows is said once, and whom this one follows is told", async () => {
	const { notices, presence, push, shown, at } = await present();
	push(ana);
	push({ ...ana, follows: 1 });
	push({ ...ana, follows: 1, place: { screen: "assets", about: null } });
	expect(presence.followers().map(({ name }) => name)).toEqual(["ana"]);
	expect(notices).toEqual(["ana is attached too.", "ana follows you: they see what your lists show."]);
	at.follows = 2;
	presence.moved();
	await expect.poll(shown, patience).toMatchObject([{ follows: 2 }]);
	presence.close();
});

test("who goes after one that follows follows too; a ring of others has an end", async () => {
	const { presence, push } = await present();
	push(
		{ ...ana, follows: 1 },
		consoleOf(3, { follows: 2 }),
		consoleOf(4, { follows: 5 }),
		consoleOf(5, { follows: 4 }),
	);
	expect([1, 2, 3, 4, 5, 6].filter(presence.isFollower)).toEqual([2, 3]);
	presence.close();
});

test("a daemon that knows nothing of consoles shows nobody", async () => {
	const { fake, presence, shown } = await present();
	fake.answer(show, () => {
		throw new Error("no such method");
	});
	presence.moved();
	await expect.poll(shown, patience).toHaveLength(1);
	expect(presence.others()).toEqual([]);
	presence.close();
});

test.each([
	[["ana"], "ana"],
	[["ana", "ana"], "ana"],
	[["ana", "ben"], "ana and ben"],
	[["ana", "ben", "cleo", "ben"], "ana and 2 others"],
])("%j is %s", (names, words) => {
	expect(namesOf(names.map((name) => ({ name })))).toBe(words);
});
