/** Updates by the clock, over starts of the daemon: a real library, a real server, a clock of one's own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { UpdateReport } from "../../../protocol/model/knowledge-update.ts";
import { KnowledgeLibrary } from "../advisories/library.ts";
import { zip } from "../advisories/zip.test-support.ts";
import { FeedServer } from "./feed-server.test-support.ts";
import { Pace } from "./pace.ts";
import { Updater } from "./updater.ts";

let [folder, server]: [string, FeedServer] = ["", undefined as unknown as FeedServer];
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "vedette-updater-"));
	server = await FeedServer.start();
});
afterEach(async () => {
	await server.stop();
	rmSync(folder, { recursive: true });
});

const hourMs = 3_600_000;
const settings = { everyHours: null as number | null, oldAfterDays: 7, allowHttp: false };

function open(now: () => number) {
	const library = new KnowledgeLibrary(join(folder, "knowledge"), now);
	const reports: UpdateReport[] = [];
	const source = { about: "", licence: "", sha256Url: null, enabled: true };
	const updater = new Updater({
		...{ library, now, settings: () => settings },
		sources: () => [{ name: "kev", feed: "kev", urls: [server.url("/kev.json")], ...source }],
		onScheduled: (outcome) => {
			if ("err" in outcome) throw outcome.err;
			reports.push(outcome.report);
		},
	});
	return { library, updater, reports };
}

it("happens when it is time and not before, also after a start, and never unless told", async () => {
	const kev = { catalogVersion: "1", dateReleased: "2026-01-05T00:00:00Z", vulnerabilities: [] as object[] };
	kev.vulnerabilities.push({ cveID: "CVE-2026-10001", dateAdded: "2026-01-04", vulnerabilityName: "A flaw" });
	server.serve("/kev.json", JSON.stringify(kev));
	let at = Date.UTC(2026, 0, 10);
	const first = open(() => at);
	await first.updater.tick();
	expect(server.log).toEqual([]);
	settings.everyHours = 24;
	await first.updater.tick();
	expect(first.reports).toMatchObject([{ by: "schedule", swapped: true, steps: [{ state: "updated", records: 1 }] }]);
	at += 23 * hourMs;
	await first.updater.tick();
	await first.library.close();

	const second = open(() => at);
	await second.updater.tick();
	expect(second.reports).toEqual([]);
	expect(second.updater.last).toEqual(first.reports[0]);
	at += 2 * hourMs;
	await second.updater.tick();
	expect(second.reports).toMatchObject([{ swapped: false, steps: [{ state: "unchanged" }] }]);
	const [feed] = second.library.base?.feeds() ?? [];
	expect(second.updater.checkedAt("kev", feed?.digest ?? "")).toBe(new Date(at).toISOString());
	expect(second.updater.checkedAt("kev", "another")).toBeNull();
	await second.library.close();
});

it("says how fast it comes, and for how long still", () => {
	let at = 0;
	const pace = new Pace(() => at);
	const see = (bytes: number, totalBytes: number | null = 10_000) => pace.saw({ source: "kev", bytes, totalBytes });
	expect(pace.outlook()).toEqual({ bytesPerSecond: null, etaSeconds: null });
	see(0);
	at = 1_000;
	see(1_000);
	expect(pace.outlook()).toEqual({ bytesPerSecond: 1_000, etaSeconds: 9 });
	// A line gone silent grows slow.
	at = 10_000;
	expect(pace.outlook().bytesPerSecond).toBe(100);
	// Begun anew, or another file.
	see(10);
	expect(pace.outlook()).toEqual({ bytesPerSecond: null, etaSeconds: null });
	at = 11_000;
	see(510, null);
	expect(pace.outlook()).toEqual({ bytesPerSecond: 500, etaSeconds: null });
});

it("tells which documents of a feed were left out, and why, also after a start", async () => {
	settings.everyHours = 24;
	const advisory = {
		document: {
			...{ category: "csaf_vex", csaf_version: "2.0", title: "curl", tracking: { id: "CVE-2025-0002" } },
			publisher: { category: "vendor", name: "SUSE Product Security Team", namespace: "https://www.suse.com/" },
		},
		product_tree: {
			branches: [
				{
					...{ category: "product_name", name: "SLES" },
					product: {
						...{ name: "SLES", product_id: "SLES" },
						product_identification_helper: { cpe: "cpe:/o:suse:sles:15:sp5" },
					},
				},
				{ category: "product_version", name: "curl", product: { name: "curl", product_id: "curl" } },
			],
			relationships: [
				{
					...{ category: "default_component_of", product_reference: "curl", relates_to_product_reference: "SLES" },
					full_product_name: { name: "curl", product_id: "SLES:curl" },
				},
			],
		},
		vulnerabilities: [{ cve: "CVE-2025-0002", product_status: { known_affected: ["SLES:curl"] } }],
	};
	const other = { document: { csaf_version: "2.0", publisher: { name: "Example" } }, product_tree: {} };
	server.serve("/kev.json", zip({ "1.json": advisory, "2.json": other }));
	const { updater, reports, library } = open(() => Date.UTC(2026, 0, 10));
	await updater.tick();
	const refused = { documents: 1, first: [{ document: "2.json", why: expect.stringMatching(/of Example/) }] };
	expect(reports).toMatchObject([{ steps: [{ state: "updated", refused }] }]);
	await library.close();
	const next = open(() => Date.UTC(2026, 0, 10));
	expect(next.updater.last?.steps).toMatchObject([{ refused }]);
	await next.library.close();
});
