import { expect, test } from "vitest";
import * as shells from "../../../protocol/methods/shells.ts";
import { openTestConsole } from "../../../test/support/console.ts";

test("a shell opens on the asset under the cursor, as on its own screen", async () => {
	const { client, press, terminal } = openTestConsole({ screen: { to: "assets" } });
	client.answer(shells.list, () => ({ items: [], who: "unix:1000" }));
	await terminal.waitFor(/1\/250/);
	await press("j", "$");
	await terminal.waitFor(/Shell on web-02[\s\S]*Port +22/);
	await press("esc");
	expect(await terminal.waitFor(/2\/250/)).not.toContain("Shell on");
});
