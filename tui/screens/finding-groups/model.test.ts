import { expect, test } from "vitest";
import { filterOfGroup } from "./model.ts";

test("a group's findings are asked for by its whole name, beside what was asked before", () => {
	expect(filterOfGroup({ by: "signature", name: "ssh/terrapin" }, "")).toBe("signature:`ssh/terrapin`");
	expect(filterOfGroup({ by: "asset", name: "web 01" }, "severity>=4 or port:22")).toBe(
		"(severity>=4 or port:22) and asset:`web 01`",
	);
	expect(filterOfGroup({ by: "asset", name: 'a`b"c' }, "")).toBe('asset:`a\\`b\\"c`');
});
