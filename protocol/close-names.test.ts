import { expect, test } from "vitest";
import { closeNames } from "./close-names.ts";

test.each([
	["shwo", ["show", "list"], ["show"]],
	["lsit", ["show", "list"], ["list"]],
	["oss", ["os", "cost", "address"], ["os"]],
	["port", ["openPorts", "port"], ["port", "openPorts"]],
	["completely-other", ["show", "list"], []],
	["", ["a", "bcd"], ["a"]],
])("%s is near to what was meant", (name, known, near) => {
	expect(closeNames(name, known)).toEqual(near);
});
