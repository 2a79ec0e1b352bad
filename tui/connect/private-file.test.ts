import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PrivateFile } from "./private-file.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-file-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("is there when it is whole, for its owner alone", async () => {
	const path = join(folder, "out.csv");
	const file = await PrivateFile.create(path);
	await file.write("grün\n");
	expect(readdirSync(folder)).not.toContain("out.csv");
	await file.keep({ replace: false });
	expect(readdirSync(folder)).toEqual(["out.csv"]);
	expect(readFileSync(path, "utf8")).toBe("grün\n");
	expect(statSync(path).mode & 0o777).toBe(0o600);
	expect(file.bytes).toBe(6);
});

test("two at once to one place: the first is there as a whole, and the second is told so", async () => {
	const path = join(folder, "out.csv");
	const [one, other] = [await PrivateFile.create(path), await PrivateFile.create(path)];
	await other.write("other, not all of it");
	await one.write("one, all of it");
	await one.keep({ replace: false });
	await expect(other.keep({ replace: false })).rejects.toMatchObject({ code: "conflict" });
	expect(readFileSync(path, "utf8")).toBe("one, all of it");
	expect(readdirSync(folder)).toEqual(["out.csv"]);
});

test("takes the place of nothing unless it is told to, and leaves nothing behind", async () => {
	const path = join(folder, "out.csv");
	writeFileSync(path, "before");
	const refused = await PrivateFile.create(path);
	await expect(refused.keep({ replace: false })).rejects.toMatchObject({ code: "conflict" });
	expect(readFileSync(path, "utf8")).toBe("before");
	const dropped = await PrivateFile.create(path);
	await dropped.drop();
	await dropped.drop();
	expect(readdirSync(folder)).toEqual(["out.csv"]);
	const file = await PrivateFile.create(path);
	await file.write("after");
	await file.keep({ replace: true });
	expect(readFileSync(path, "utf8")).toBe("after");
	await expect(PrivateFile.create(join(folder, "none", "out.csv"))).rejects.toThrow("its folder is not there");
});
