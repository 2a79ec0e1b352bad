import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRegular } from "./regular-file.ts";

test("opens files and links to files, and nothing else", () => {
	const folder = mkdtempSync(join(tmpdir(), "vedette-regular-"));
	const place = (name: string) => join(folder, name);
	writeFileSync(place("file"), "text");
	symlinkSync("file", place("link"));
	execFileSync("mkfifo", [place("fifo")]);
	symlinkSync("fifo", place("link-to-fifo"));
	for (const name of ["file", "link"]) {
		const fd = openRegular(place(name));
		expect(readFileSync(fd ?? -1, "utf8")).toBe("text");
		closeSync(fd ?? -1);
	}
	for (const name of ["fifo", "link-to-fifo", "."]) expect(openRegular(place(name)), name).toBeNull();
	expect(openRegular("/dev/null")).toBeNull();
	expect(() => openRegular(place("none"))).toThrow(/ENOENT/);
	rmSync(folder, { recursive: true });
});
