/** `vedette doctor` with a daemon and without, and where something is wrong. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DoctorReport } from "../../protocol/model/doctor.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

let household: Household;
beforeAll(() => {
	household = new Household();
});
afterAll(() => household.end());

const idsOf = (report: DoctorReport) => report.checks.map(({ id }) => id);
const find = (report: DoctorReport, id: string) => report.checks.find((check) => check.id === id);

test("without a daemon it looks for itself and says so; with one it asks it; both look at the same things", async () => {
	const alone = await household.json<DoctorReport>("doctor");
	expect(find(alone, "daemon")).toMatchObject({ state: "warning", cure: ["vedette daemon start"] });
	await household.daemon();
	const asked = await household.json<DoctorReport>("doctor");
	expect(find(asked, "daemon")).toMatchObject({ state: "ok" });
	expect(idsOf(asked)).toEqual(idsOf(alone));
	expect(find(asked, "database")).toMatchObject({ state: "ok", found: expect.stringContaining("whole") });
	expect(asked.checks.filter(({ state }) => state === "failed")).toEqual([]);
	const { code, stdout } = await household.run(["doctor"]);
	expect(code).toBe(0);
	expect(stdout).toMatch(/^ok +Signatures +\d+ loaded/m);
	expect(stdout).toMatch(/, 0 failed\.\n$/);
	await household.run(["daemon", "stop"]);
	await household.settled();
});

test("connects can be asked for, and it says so", async () => {
	const wished = new Household();
	wished.env.VEDETTE_ENGINE = "connect";
	try {
		const { client } = await wished.daemon();
		expect(client.hello.version).toMatch(/\d/);
		const engine = find(await wished.json<DoctorReport>("doctor"), "engine");
		expect(engine).toMatchObject({ state: "ok", found: expect.stringMatching(/^connect-.*VEDETTE_ENGINE=connect/) });
		const { stdout } = await wished.run(["status"]);
		expect(stdout).toMatch(/^engine +connect-/m);
	} finally {
		await wished.end();
	}
});

test("an engine there is not is refused with the words there are", async () => {
	const wrong = new Household();
	wrong.env.VEDETTE_ENGINE = "warp";
	try {
		const { code, stderr } = await wrong.run(["daemon"]);
		expect(code).toBe(2);
		expect(stderr).toMatch(/"warp".*\n.*auto or connect/);
	} finally {
		await wrong.end();
	}
});

test("a damaged database and an open home are found, and the exit code tells", async () => {
	const broken = new Household();
	try {
		writeFileSync(join(broken.home, "vedette.db"), "this is no database");
		chmodSync(broken.home, 0o777);
		const { code, stdout } = await broken.run(["doctor"]);
		expect(code).toBe(1);
		expect(stdout).toMatch(/^FAILED +Database/m);
		expect(stdout).toContain(`→ chmod go-w ${broken.home}`);
	} finally {
		await broken.end();
	}
});
