/** Another scanner's file as a user takes it in: by path and over standard input, whole, cut, and beside one that is none. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
	nessusFile,
	nessusHost,
	nessusItem,
	nmapEnd,
	nmapHead,
	nmapHost,
} from "../../daemon/imports/testdata/files.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

let household: Household;
beforeEach(() => {
	household = new Household();
});
afterEach(() => household.end());

function file(name: string, content: string): string {
	const path = join(household.home, name);
	writeFileSync(path, content);
	return path;
}

test("what a scanner saw becomes assets and findings, and a cut file says so", async () => {
	const whole = nmapHead + nmapHost("127.0.0.1") + nmapHost("127.0.0.2") + nmapEnd;
	const tried = await household.run(["import", "--dry-run", file("scan.xml", whole)]);
	expect([tried.code, tried.stderr]).toEqual([0, ""]);
	expect(tried.stdout).toContain(
		"Nothing was changed; this would come of it:\n  2 hosts, 2 new, 0 known; 4 open ports",
	);
	expect((await household.json<{ total: number }>("assets")).total).toBe(0);

	const cut = await household.run(["import", "-"], { input: whole.slice(0, whole.indexOf("127.0.0.2") + 100) });
	expect(cut.code).toBe(5);
	expect(cut.stdout).toContain(
		"Only a part: the file ends before </nmaprun>. All whole hosts before that were taken in.",
	);
	expect((await household.json<{ total: number }>("assets")).total).toBe(1);

	const report = nessusFile(
		nessusHost("127.0.0.3", nessusItem(42_873, 443, "<plugin_output>\u001b[2J\u202e</plugin_output>")),
	);
	const several = await household.run([
		"import",
		file("none.xml", "hello"),
		file("scan.xml", whole),
		file("a.nessus", report),
	]);
	expect(several.code).toBe(5);
	expect(several.stdout).toContain("This is neither nmap's XML nor a Nessus file (version 2).");
	expect(several.stdout).toContain("a.nessus: Nessus 10.6.1, scanned 2023-11-14 22:03 to 2023-11-14 22:13 UTC.");
	expect((await household.json<{ total: number }>("assets")).total).toBe(3);

	const found = await household.run(["findings", "source:import and signature:nessus/42873"]);
	expect(found.stdout).toContain("Nessus: Plugin 42873 <b>");
	const why = await household.run(["why", "nessus/42873", "127.0.0.3"]);
	expect(why.stdout).toContain("Reported by Nessus on 2023-11-14.");
	expect(`${found.stdout}${why.stdout}`).not.toMatch(/[\u001b\u202e]/);
	const only = await household.run(["import", file("none.xml", "hello")]);
	expect([only.code, only.stderr]).toEqual([2, expect.stringContaining("neither nmap's XML")]);
});
