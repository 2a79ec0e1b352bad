/** Where the machine's own Node is an old one, the first file must still load, to make way for the Node the package brings. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the first file asks Node 18 for nothing it lacks", () => {
	const text = readFileSync(new URL("../../dist/vedette.js", import.meta.url), "utf8");
	const named = [...text.matchAll(/import\s*\{([^}]*)\}\s*from\s*"(node:[^"]+)"/g)].flatMap(
		([, names = "", module = ""]) => names.split(",").map((name) => `${module} ${name.trim().split(" ")[0]}`),
	);
	const since18 = ["node:child_process spawn", "node:fs existsSync", "node:os constants", "node:url fileURLToPath"];
	expect(named.sort()).toEqual(since18);
});
