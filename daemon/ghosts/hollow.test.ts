import { expect, test } from "vitest";
import { type HostLook, hollowOf } from "./hollow.ts";

const base: HostLook = { asked: 100, open: [443, 80], closed: 0, spoke: false, gatewayError: false };

test("open ports that say nothing while all else is dropped are hollow", () => {
	expect(hollowOf(base)).toMatchObject({ kind: "says-nothing", pattern: [80, 443] });
});

test("whatever speaks, or refuses other ports by itself, is a machine", () => {
	expect(hollowOf({ ...base, spoke: true })).toBeNull();
	expect(hollowOf({ ...base, closed: 98 })).toBeNull();
	expect(hollowOf({ ...base, open: Array.from({ length: 40 }, (_, i) => i + 1) })).toBeNull();
});

test("nothing open is hollow, by refusing or by dropping; an answer over UDP is not", () => {
	expect(hollowOf({ ...base, open: [], closed: 100 })?.kind).toBe("refuses-any-port");
	expect(hollowOf({ ...base, open: [] })?.kind).toBe("nothing-open");
	expect(hollowOf({ ...base, open: [], spoke: true })).toBeNull();
});

test("the same gateway's error on every open port is hollow", () => {
	expect(hollowOf({ ...base, spoke: true, gatewayError: true })?.kind).toBe("gateway-error");
});

test("a handful of ports says too little", () => {
	expect(hollowOf({ ...base, asked: 3 })).toBeNull();
});
