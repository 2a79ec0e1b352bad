import { expect, test } from "vitest";
import { themeWords } from "./desk-words.ts";

test("another theme where there are no colours says that there are none", () => {
	expect(themeWords({ theme: () => "dark", hasColours: () => false })).toMatch(/no colours are shown here: NO_COLOR/);
	expect(themeWords({ theme: () => "dark", hasColours: () => true })).toMatch(/^Theme dark: /);
});
