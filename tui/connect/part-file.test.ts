import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dropStaleParts, partPath } from "./part-file.ts";
import { PrivateFile } from "./private-file.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-part-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const dayMs = 86_400_000;
const left = (name: string) => {
	writeFileSync(join(folder, name), "half of it");
	return name;
};
/** What a process that is gone has left: its own name for it, with its number. */
const leftByDead = (path: string) => {
	const { pid } = spawnSync("true");
	return left(basename(partPath(path)).replace(`-${process.pid}.`, `-${pid}.`));
};

test("what a killed export left goes with the next one to the same place, and nothing else does", async () => {
	const path = join(folder, "out.csv");
	leftByDead(path);
	const kept = [
		leftByDead(join(folder, "other.csv")),
		left(basename(partPath(path))),
		left(".out.csv.part"),
		left(".out.csv.0123456789ab.part"),
		left(".out.csv.00000000-1.00000000.part"),
		left(".out.csv.not-ours.part"),
	];
	const link = leftByDead(path);
	rmSync(join(folder, link));
	symlinkSync("/etc/passwd", join(folder, link));
	const folderThere = `${leftByDead(path)}`;
	rmSync(join(folder, folderThere));
	mkdirSync(join(folder, folderThere));
	const file = await PrivateFile.create(path);
	await file.keep({ replace: false });
	expect(readdirSync(folder).sort()).toEqual([...kept, link, folderThere, "out.csv"].sort());
});

test("of writers elsewhere, and of those of before, what a day has not touched is left over", async () => {
	const path = join(folder, "out.csv");
	const old = [left(".out.csv.0123456789ab.part"), left(".out.csv.00000000-1.00000000.part")];
	const mine = left(basename(partPath(path)));
	const now = Date.now();
	for (const name of [...old, mine]) utimesSync(join(folder, name), new Date(now), new Date(now - dayMs - 1_000));
	await dropStaleParts(path, now);
	expect(readdirSync(folder)).toEqual([mine]);
});

test("a name as long as file systems take has a file under way too", async () => {
	const path = join(folder, "ü".repeat(127));
	left(leftByDead(path));
	const file = await PrivateFile.create(path);
	await file.keep({ replace: false });
	expect(readdirSync(folder)).toEqual([basename(path)]);
	expect(existsSync(path)).toBe(true);
});
