/** The disk is full in the middle of an update: said, nothing lost, and with room again it goes on. */
import { expect } from "vitest";
import { FeedServer } from "../../daemon/knowledge/update/feed-server.test-support.ts";
import * as knowledge from "../../protocol/methods/knowledge.ts";
import { smallDisk, smallDiskTest } from "../support/small-disk.ts";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

const osv = (count: number) =>
	JSON.stringify(
		Array.from({ length: count }, (_, i) => ({
			...{ id: `DSA-${i}-1`, summary: `Flaw ${i} ${"x".repeat(200)}`, modified: "2026-01-02T00:00:00Z" },
			affected: [
				{
					package: { ecosystem: "Debian:12", name: `package${i}` },
					ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: `1.2.${i}` }] }],
				},
			],
		})),
	);

smallDiskTest("a full disk leaves the knowledge as it was and is named", async () => {
	const household = new Household();
	const server = await FeedServer.start();
	const disk = await smallDisk(household.home, 24 << 20);
	try {
		const { client, child } = await disk.daemon(household);
		const update = async (name: string) => {
			const { report } = await client.call(knowledge.update, { names: [name], diff: false });
			return report.steps[0];
		};
		const held = async () => (await client.call(knowledge.feeds, {})).items.map(({ records }) => records);
		await client.call(knowledge.setSource, { name: "osv-debian", urls: [server.url("/osv.json")] });
		server.serve("/osv.json", osv(10));
		expect(await update("osv-debian")).toMatchObject({ state: "updated", records: 10 });

		const full = { state: "failed", why: "The disk is full.", hint: expect.stringContaining("Make room") };
		server.serve("/osv.json", Buffer.alloc(40 << 20));
		expect(await update("osv-debian"), "by what the server says").toMatchObject(full);
		server.serve("/osv.json", "", {
			faults: Array(9).fill((_: unknown, response: import("node:http").ServerResponse) => {
				response.writeHead(200).end(Buffer.alloc(40 << 20, "["));
			}),
		});
		expect(await update("osv-debian"), "while it comes").toMatchObject(full);
		server.serve("/osv.json", osv(40_000));
		expect(await update("osv-debian"), "while it is taken in").toMatchObject(full);
		expect(await held()).toEqual([10]);
		expect((await client.call(knowledge.lookup, { name: "DSA-7-1" })).advisories).toHaveLength(1);

		server.serve("/osv.json", osv(2_000));
		expect(await update("osv-debian")).toMatchObject({ state: "updated", records: 2_000 });
		expect(await held()).toEqual([2_000]);
		await client.close();
		expect(await ended(child, "SIGTERM")).toBe(0);
	} finally {
		disk.end();
		await server.stop();
		await household.end();
	}
});
