import { expect, test } from "vitest";
import {
	checkConntrack,
	checkDescriptors,
	checkEngine,
	checkLocalPorts,
	checkPingGroup,
	checkRights,
	readRights,
} from "./packets.ts";

const status = (uid: number, effective: string, ambient: string) =>
	`Name:\tnode\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t50\t50\t50\t50\nGroups:\t7 90\nCapEff:\t${effective}\nCapAmb:\t${ambient}\n`;
const raw = "0000000000002000";
const none = "0000000000000000";

test.each([
	["root", status(0, "000001ffffffffff", none), "warning", /root/],
	["an ambient capability", status(1000, raw, raw), "ok", /User 1000, with CAP_NET_RAW/],
	["nothing", status(1000, none, none), "ok", /without/],
	["setcap on the binary", status(1000, raw, none), "warning", /node binary itself/],
	["another system", "", "ok", /without/],
])("rights: %s", (_, text, state, found) => {
	const check = checkRights(readRights(text));
	expect(check.state).toBe(state);
	expect(check.found).toMatch(found);
	expect(check.cure.length > 0).toBe(state !== "ok");
});

test("a missing capability is a warning with the ways to grant it, and one not to", () => {
	const check = checkEngine({ name: "connect-epoll", reason: "No raw packets.", hint: "grant it" });
	expect(check).toMatchObject({ state: "warning", found: "connect-epoll. No raw packets." });
	expect(check.cure.join("\n")).toMatch(/AmbientCapabilities=CAP_NET_RAW[\s\S]*setpriv[\s\S]*not use setcap/);
	expect(checkEngine({ name: "connect-epoll", reason: "Asked for.", hint: null })).toMatchObject({
		state: "ok",
		cure: [],
	});
});

test.each([
	[[0, 2_147_483_647], none, "ok"],
	[[90, 90], none, "ok"],
	[[1, 0], none, "warning"],
	[[1, 0], raw, "ok"],
	[null, none, "warning"],
])("ICMP echo with the range %j and capabilities %s: %s", (range, capabilities, state) => {
	expect(checkPingGroup(readRights(status(1000, capabilities, capabilities)), range).state).toBe(state);
});

test.each([
	["Max open files            20000                20000                files", "ok"],
	["Max open files            unlimited            unlimited            files", "ok"],
	["Max open files            1024                 4096                 files", "warning"],
	["Max open files            256                  256                  files", "failed"],
	[null, "ok"],
])("descriptors: %s: %s", (limits, state) => {
	expect(checkDescriptors(limits).state).toBe(state);
});

test.each([
	[[32_768, 60_999], "TCP: inuse 5 orphan 0 tw 2 alloc 9 mem 1", "ok", /28225 of 28232/],
	[[32_768, 60_999], "TCP: inuse 20000 orphan 0 tw 6000 alloc 9 mem 1", "warning", /2232 of/],
	[[50_000, 51_000], null, "warning", /1001 of 1001/],
	[null, null, "ok", /does not tell/],
])("local ports %j, %s", (range, sockets, state, found) => {
	const check = checkLocalPorts(range, sockets);
	expect(check.state).toBe(state);
	expect(check.found).toMatch(found);
});

test.each([
	[0, 262_144, "ok"],
	[5, 65_536, "warning"],
	[262_000, 262_144, "failed"],
	[null, null, "ok"],
])("connection tracking, %s of %s: %s", (used, most, state) => {
	expect(checkConntrack(used, most).state).toBe(state);
});
