import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readEvidenceFile } from "./attach-evidence.ts";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-evidence-"));
	writeFileSync(at("proof\u001b[31m.txt"), "seen");
	writeFileSync(at("huge.bin"), "");
	truncateSync(at("huge.bin"), 2 * 1024 ** 3);
	execFileSync("mkfifo", [at("fifo")]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("reads a plain file, whatever it is called", async () => {
	const name = "proof\u001b[31m.txt";
	expect(await readEvidenceFile(at(name))).toEqual({ name, content: Buffer.from("seen") });
});

it.each([
	["huge.bin", "too-large", /2147483648 bytes/],
	["fifo", "invalid", /no file/],
	["", "invalid", /no file/],
	["nothing", "not-found", /cannot be read/],
])("refuses %j without reading it, nor waiting for it", async (name, code, message) => {
	await expect(readEvidenceFile(at(name))).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});
