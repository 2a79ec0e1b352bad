import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { referencePage } from "./docs.ts";

test("REFERENCE.md is what the methods say now (npm run docs)", () => {
	expect(readFileSync(new URL("./REFERENCE.md", import.meta.url), "utf8")).toBe(referencePage());
});
