/** Consoles that know of each other, over real connections: listed once they say so, moved, idle, and gone with the connection. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { memoryStore } from "../../daemon/assess/testdata/hosts.ts";
import { People } from "../../daemon/operators/people.ts";
import { Attendance } from "../../daemon/rpc/attendance.ts";
import type { Handlers, Streams } from "../../daemon/rpc/handler.ts";
import { consolesHandlers, consolesStreams } from "../../daemon/rpc/handlers/consoles.ts";
import type { Services } from "../../daemon/rpc/services.ts";
import { type Client, connectClient } from "../../protocol/client.ts";
import { dialUnix } from "../../protocol/dial.ts";
import { list, show, watch } from "../../protocol/methods/consoles.ts";
import type { AttachedConsole } from "../../protocol/model/console.ts";
import { patience } from "../support/eventually.ts";
import { type Door, openDoor } from "./door.ts";

let door: Door;
let people: People;
const clients: Client[] = [];

beforeEach(async () => {
	people = new People(memoryStore().db);
	const services = {
		attendance: new Attendance(),
		people,
		store: { clock: { now: () => 100_000 } },
	} as unknown as Services;
	door = await openDoor({
		handlers: { consoles: consolesHandlers(services) } as unknown as Handlers,
		streams: { consoles: consolesStreams(services) } as unknown as Streams,
	});
});
afterEach(async () => {
	for (const client of clients.splice(0)) await client.close();
	await door.close();
});

async function attach(readOnly = false): Promise<Client> {
	const dial = () => dialUnix(door.socketPath);
	const client = await connectClient({ dial, client: "vedette 1", retryMs: 0, readOnly });
	clients.push(client);
	return client;
}

/** What a client sees from now on, and a way to wait until it satisfies the test. */
function watching(client: Client) {
	let seen: readonly AttachedConsole[] = [];
	const see = ({ consoles }: { consoles: readonly AttachedConsole[] }) => {
		seen = consoles;
	};
	client.subscribe(watch, {}, { onSnapshot: see, onEvent: see });
	return (test: (consoles: readonly AttachedConsole[]) => boolean) =>
		expect.poll(() => test(seen), patience).toBe(true);
}

const scan7 = { screen: "scan", about: { kind: "scan" as const, id: 7 } };

test("each sees the other come, look at the same scan, fall idle and go; commands are nobody", async () => {
	const [ana, ben, command] = [await attach(), await attach(true), await attach()];
	const anaSees = watching(ana);
	await ana.call(show, { place: { screen: "dashboard", about: null }, idleMs: null, from: "ssh from laptop" });
	const { id } = await ben.call(show, { place: scan7, idleMs: null });
	await anaSees((all) => all.length === 2 && all.find((one) => one.id === id)?.place.about?.id === 7);
	await ben.call(show, { place: scan7, idleMs: 60_000 });
	await anaSees((all) => all.find((one) => one.id === id)?.idleSince === "1970-01-01T00:00:40.000Z");
	const { items, total } = await command.call(list, {});
	expect(total).toBe(2);
	expect(items.map(({ from, access, isThis }) => [from, access, isThis])).toEqual([
		["ssh from laptop", "admin", false],
		["local", "read", false],
	]);
	expect((await ana.call(list, {})).items.map(({ isThis }) => isThis)).toEqual([true, false]);
	await ben.close();
	await anaSees((all) => all.length === 1);
});

test("where somebody is must be a place, and no more than that is taken", async () => {
	const ana = await attach();
	for (const place of [
		{ screen: "Scan\u001b[31m", about: null },
		{ screen: "", about: null },
	]) {
		await expect(ana.call(show, { place, idleMs: null })).rejects.toMatchObject({ code: "invalid" });
	}
	await expect(ana.call(show, { place: scan7, idleMs: null, from: "x".repeat(61) })).rejects.toMatchObject({
		code: "invalid",
	});
	expect((await ana.call(list, {})).total).toBe(0);
});
