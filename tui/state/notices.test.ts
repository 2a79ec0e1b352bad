import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Client } from "../../protocol/client.ts";
import { watch } from "../../protocol/methods/exceptions.ts";
import { knowPeople } from "../text/people.ts";
import { noticeWords, watchNotices } from "./notices.ts";

const notice = { kind: "notice" as const, at: "", exception: 7, text: "Redis", who: "unix:2", requester: "unix:1" };

test.each([
	["requested", "unix:3", true, /unix:2 asks for an exception/],
	["requested", "unix:3", false, null],
	["requested", "unix:2", true, null],
	["approved", "unix:1", false, /Your request 7 was approved by unix:2/],
	["approved", "unix:3", true, null],
	["revoked", "unix:1", false, /was revoked/],
	["warned", "unix:1", false, /Request 7/],
	["expired", "unix:3", true, /has expired/],
	["comment", "unix:3", false, null],
	["evidence", "unix:1", true, /attached/],
	["covered", "unix:1", true, null],
] as const)("%s, to %s who may decide: %s", (what, user, mayDecide, words) => {
	const told = noticeWords({ ...notice, what }, user, mayDecide);
	if (words === null) expect(told).toBeNull();
	else expect(told?.[1]).toMatch(words);
});

test("what somebody asked for under one identity is told to them under another", () => {
	knowPeople([
		{ identity: "unix:4712", name: "cleo" },
		{ identity: "person:cleo", name: "cleo" },
	]);
	const mine = { ...notice, requester: "unix:4712" };
	expect(noticeWords({ ...mine, what: "approved" }, "person:cleo", false)?.[1]).toMatch(/Your request 7 was approved/);
	expect(noticeWords({ ...mine, what: "comment", who: "unix:4712" }, "person:cleo", true)).toBeNull();
});

type Handlers = Parameters<Client["subscribe"]>[2];

/** What a console is told that connects as somebody, of a daemon where `own` approvals of theirs end soon. */
function attached(access: "operate" | "approve", own: number) {
	let requests: Handlers | undefined;
	const [said, filters]: [string[], unknown[]] = [[], []];
	const client = {
		hello: { user: "unix:4712", access },
		subscribe(stream: { name: string }, _: unknown, handlers: Handlers) {
			if (stream.name === watch.name) requests = handlers;
			return { ready: Promise.resolve(), close: () => undefined };
		},
		async call(_: unknown, params: unknown) {
			filters.push(params);
			return { items: [], total: own };
		},
	} as unknown as Client;
	watchNotices(client, (_, text) => said.push(text));
	const connects = async (ending: number) => {
		requests?.onSnapshot({ requested: 4, ending } as never);
		await setImmediate();
		return said.splice(0);
	};
	return { connects, filters, event: (event: object) => requests?.onEvent(event as never) };
}

test("who was away on the day an approval was warned of is told when they come", async () => {
	const approver = attached("approve", 0);
	expect(await approver.connects(2)).toEqual([expect.stringMatching(/^2 approvals end within 14 days \(/)]);
	expect(await approver.connects(2), "and not each time the connection comes back").toEqual([]);
	approver.event({ kind: "changed", requested: 4, ending: 1 });
	expect(await approver.connects(2)).toHaveLength(1);
	expect(await attached("approve", 0).connects(0)).toEqual([]);
});

test("who may not decide is told of their own", async () => {
	const asker = attached("operate", 1);
	expect(await asker.connects(5)).toEqual([expect.stringMatching(/^1 approval ends within 14 days/)]);
	expect(asker.filters).toEqual([{ filter: "requester:`cleo` and state:approved and until<now+14d", limit: 1 }]);
	expect(await attached("operate", 0).connects(5)).toEqual([]);
});
