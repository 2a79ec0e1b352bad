import { expect, test } from "vitest";
import { MetHosts } from "./met-hosts.ts";
import type { ImportedHost } from "./scan-file.ts";

function hostOf(address: string, hostname: string | null, finishedAt: number): ImportedHost {
	const place = {
		address,
		port: 0,
		protocol: "tcp",
		source: "import",
		complete: true,
		observedAt: finishedAt,
	} as const;
	const report = { plugin: 7, name: "", output: "", severity: 3, byVersion: false, credentialed: false };
	const reports = [{ ...report, portRange: null, seenAt: finishedAt }];
	return {
		...{
			name: hostname ?? address,
			address,
			hostname,
			startedAt: finishedAt,
			finishedAt,
			openPorts: 0,
			reported: null,
		},
		records: [{ ...place, kind: "nessus", data: { host: null, reports } }],
		coverage: { address, alive: true, closedTcp: [], ports: [], hostKinds: [] },
	};
}

test("an address under another name is told with the one before, and nothing of it is older than that", () => {
	const met = new MetHosts();
	const shop = hostOf("192.0.2.1", "shop.example.org", 2_000);
	expect(met.meet(shop)).toEqual({ host: shop, metAs: null, since: 2_000 });
	expect(met.meet(shop), "again by the same name").toEqual({ host: shop, metAs: null, since: 2_000 });
	const mail = met.meet(hostOf("192.0.2.1", "mail.example.org", 1_000));
	expect(mail).toEqual({
		host: { ...hostOf("192.0.2.1", "mail.example.org", 2_001), startedAt: 1_000 },
		metAs: "shop.example.org",
		since: 1_000,
	});
	const byAddress = hostOf("192.0.2.1", null, 3_000);
	expect(met.meet(byAddress)).toEqual({ host: byAddress, metAs: "mail.example.org", since: 1_000 });
	expect(met.meet(hostOf("192.0.2.2", "shop.example.org", 1_000)).metAs).toBe(null);
});

test("of very many addresses those met last are remembered", () => {
	const met = new MetHosts();
	const addressOf = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
	const host = hostOf("", null, 1_000);
	for (let n = 0; n < 200_000; n++) met.meet({ ...host, address: addressOf(n) });
	const metAs = (n: number, hostname: string | null) => met.meet({ ...host, address: addressOf(n), hostname }).metAs;
	expect(metAs(0, "a.example.org")).toBe(addressOf(0));
	met.meet({ ...host, address: "192.0.2.1" });
	expect(metAs(1, "a.example.org"), "met longer ago than any other").toBe(null);
	expect(metAs(0, null)).toBe("a.example.org");
});
