import { expect, test } from "vitest";
import { checkClock, checkNameServers, checkNode, checkTimeZone } from "./machine.ts";
import { checkSignatures } from "./signatures.ts";

const now = Date.UTC(2027, 5, 1, 12);

test.each([
	["right", now, null, "ok"],
	["a little behind a scan that has just ended", now, now + 1_000, "ok"],
	["behind what is known", now, now + 40 * 86_400_000, "warning"],
	["at its factory setting", Date.UTC(1970, 0, 1), null, "failed"],
])("a clock that is %s", (_, at, newest, state) => {
	expect(checkClock(at, newest, false).state).toBe(state);
});

test.each([
	[{}, "ok"],
	[{ TZ: "Europe/Berlin" }, "ok"],
	[{ TZ: ":/etc/localtime" }, "ok"],
	[{ TZ: "Mars/Olympus" }, "warning"],
])("the time zone %j: %s", (env, state) => {
	expect(checkTimeZone(env, now).state).toBe(state);
});

test("name servers and Node", () => {
	expect(checkNameServers(["127.0.0.53"])).toMatchObject({ state: "ok", found: expect.stringContaining("127.0.0.53") });
	expect(checkNameServers([]).state).toBe("warning");
	expect(checkNode().state).toBe("ok");
	expect(checkNode("20.19.0").state).toBe("failed");
});

test("signatures that were left out are named, the first few of many", () => {
	const status = { signatures: 9, problems: [] as string[], version: "abc", updatedAt: "", sources: [] };
	expect(checkSignatures(status).state).toBe("ok");
	const many = checkSignatures({ ...status, problems: Array.from({ length: 8 }, (_, i) => `ssh/${i}.yaml: no title`) });
	expect(many.state).toBe("warning");
	expect(many.cure.slice(1)).toEqual([...[0, 1, 2, 3, 4].map((i) => `ssh/${i}.yaml: no title`), "… and 3 more"]);
	expect(checkSignatures({ ...status, signatures: 0 }).state).toBe("failed");
});
