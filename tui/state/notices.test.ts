import { expect, test } from "vitest";
import { knowPeople } from "../text/people.ts";
import { noticeWords } from "./notices.ts";

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
