/** `stop-all` silences maps too, and a paused map is gone on with by its number. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NetworkMap } from "../../protocol/model/map.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

let household: Household;
beforeAll(() => {
	household = new Household();
});
afterAll(() => household.end());

test("stop-all pauses a running map; resume goes on with it; cancel ends it", async () => {
	const slow = ["127.45.0.0/19", "--no-dns", "--profile", "Gentle", "--tcp", "1-20", "--udp", "none", "--detach"];
	const { maps } = await household.json<{ maps: NetworkMap[] }>("map", ...slow);
	expect(maps.map(({ id }) => id)).toEqual([1]);
	expect(await household.json("stop-all")).toMatchObject({ stopped: [], maps: [1] });
	const list = async () => (await household.json<{ items: NetworkMap[] }>("map", "list")).items[0];
	expect(await list()).toMatchObject({ status: "paused", reason: "Stopped by stop-all.", rate: 0 });
	expect((await household.run(["map", "resume", "1"])).stdout).toBe("Map 1 is running.\n");
	expect((await household.run(["map", "cancel", "1"])).stdout).toBe("Map 1 is cancelled.\n");
	const again = await household.run(["map", "pause", "1"]);
	expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("Map 1 is cancelled; you cannot pause it.")]);
});
