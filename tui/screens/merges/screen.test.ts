import { expect, test } from "vitest";
import { keep } from "../../../protocol/methods/duplicates.ts";
import { openTestConsole } from "../../../test/support/console.ts";

const openAt = (to: "duplicates" | "merges") => {
	const open = openTestConsole({ screen: { to }, size: { columns: 140, rows: 40 } });
	return open;
};

test("what speaks against a merge since is told where duplicates are, with the way to keep it or undo it", async () => {
	const { terminal, press, client } = openAt("duplicates");
	await terminal.waitFor(/1 merge contradicted: M/);
	await press("M");
	await terminal.waitFor(/! contradicted/);
	await press("G");
	await terminal.waitFor(/showed another SSH host key/);
	await terminal.waitFor(/u undoes it/);
	await press("K");
	await terminal.waitFor(/Keep merge 1 against what speaks against it/);
	await press("o", "k", "enter");
	await terminal.waitFor(/Merge 1 is kept/);
	expect(client.calls.findLast(({ name }) => name === keep.name)?.params).toEqual({ merge: 1, why: "ok" });
});
