import { expect, test } from "vitest";
import { track } from "../../../protocol/methods/assets.ts";
import { openTestConsole } from "../../../test/support/console.ts";
import { sampleNow } from "../../connect/sample-data.test-support.ts";

test("marked assets are tracked otherwise; what is lost is told before, and asked about", async () => {
	let clock = sampleNow;
	const open = openTestConsole({ screen: { to: "assets" }, size: { columns: 120, rows: 40 }, now: () => clock });
	const loses = "the older record, asset 9 (b.example.org), last seen 2026-02-01, is purged with 3 open findings";
	open.client.answer(track, ({ assets = [], by, dryRun }) => ({
		...{ changed: assets.length, already: 0, refused: 0, losing: by === "IP" ? 1 : 0 },
		...{ purged: by === "IP" ? 1 : 0, purge: dryRun ? null : 4 },
		items: assets.map((id) => ({
			...{ asset: { id, name: `web-${id}` }, outcome: "changes" as const, from: "DNSNAME", by: `10.0.0.${id}` },
			...{ why: null, loses: by === "IP" && id === 1 ? loses : null, purges: [] },
		})),
	}));
	await open.terminal.waitFor(/web-0/);
	await open.press(" ", " ", "K");
	await open.terminal.waitFor(/2 assets would be changed/);
	await open.press("left");
	await open.terminal.waitFor(/older record, asset 9/);
	await open.press("enter");
	await open.terminal.waitFor(/Something is lost by it/);
	clock += 1_000;
	await open.press("y");
	await open.terminal.waitFor(/2 assets tracked by address, 1 older record purged/);
	const params = open.client.calls.findLast(({ name }) => name === track.name)?.params;
	expect(params).toEqual({ assets: [1, 2], by: "IP", dryRun: false });
});
