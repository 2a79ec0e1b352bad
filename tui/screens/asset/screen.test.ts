import { expect, test } from "vitest";
import { get } from "../../../protocol/methods/assets.ts";
import { compare } from "../../../protocol/methods/duplicates.ts";
import { list as listFindings } from "../../../protocol/methods/findings.ts";
import { preview } from "../../../protocol/methods/purges.ts";
import { openTestConsole } from "../../../test/support/console.ts";
import { createFakeClient } from "../../connect/fake-client.test-support.ts";
import { assetOf } from "../../connect/sample-assets.test-support.ts";

const taken = {
	...{ id: 9, name: "web9", since: "2026-02-01T00:00:00.000Z" },
	because: "It shows this asset's SSH host key.",
	apart: "address in common, but not SSH host key",
};

function openStranded(takenBy: typeof taken | null) {
	const client = createFakeClient();
	const place = { address: "10.0.0.5", network: "default", lastSeen: "2026-01-30T00:00:00.000Z" };
	client.answer(get, () => ({
		asset: { ...assetOf(2, {}), addresses: [] },
		...{ services: [], identifiers: [], records: [] },
		stranded: { addresses: [{ ...place, taken: takenBy }], foundAgainBy: [] },
	}));
	const open = openTestConsole({ client, screen: { to: "asset", asset: 2 }, size: { columns: 100, rows: 40 } });
	return { ...open, client };
}

test("an asset without an address says why, and is compared with the one that has it, or purged", async () => {
	const { terminal, press, client } = openStranded(taken);
	await terminal.waitFor(/10\.0\.0\.5 is asset 9 \(web9\) since 2026-02-01/);
	await terminal.waitFor(/no scan will find it again/);
	await press("m");
	await terminal.waitFor(/Assets 2, 9/);
	expect(client.calls.find(({ name }) => name === compare.name)?.params).toEqual({ assets: [2, 9] });
	await press("esc", "X");
	await terminal.waitFor(/id:2/);
	await press("tab", "o", "k", "enter");
	await terminal.waitFor(/Purge \d+ asset/);
	expect(client.calls.find(({ name }) => name === preview.name)?.params).toEqual({ filter: "id:2" });
});

test("where nobody has its address there is nothing to compare it with", async () => {
	const { terminal, press } = openStranded(null);
	await terminal.waitFor(/where nothing is known to answer now/);
	await press("m");
	await terminal.waitFor(/Nobody else has its address/);
});

test("findings are asked for by the asset's number: two assets may have one name", async () => {
	const { terminal, client } = openStranded(null);
	await terminal.waitFor(/No address/);
	const asked = client.calls.filter(({ name }) => name === listFindings.name).map(({ params }) => params);
	expect(asked).toContainEqual(expect.objectContaining({ filter: "assetId:2" }));
});
