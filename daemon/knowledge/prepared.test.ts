/** The JSON made at build time: the same checks as the YAML gives, and never those of other files. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkExamples } from "./examples.ts";
import { loadSignatures, readSignatures, signaturesFolder } from "./load.ts";
import { parseSignatureFile } from "./parse-file.ts";
import { prepareSignatures, readPrepared } from "./prepared.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-prepared-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function save(content: string): URL {
	const path = join(folder, "signatures.json");
	writeFileSync(path, content);
	return pathToFileURL(path);
}

const read = readSignatures(signaturesFolder());

test("gives the same signatures as the YAML, and checks that behave on every example", () => {
	const prepared = readPrepared(read.hash, save(prepareSignatures(read) ?? "")) ?? [];
	const loaded = loadSignatures(read).checks;
	expect(prepared.map(({ signature, kind }) => ({ signature, kind }))).toEqual(
		loaded.map(({ signature, kind }) => ({ signature, kind })),
	);
	for (const check of prepared) {
		const { file } = parseSignatureFile(read.texts.get(`${check.signature.id}.yaml`) ?? "");
		expect(file === null ? [] : checkExamples(file, check), check.signature.id).toEqual([]);
	}
});

test("is not taken when made from other files, when broken or when not there", () => {
	const path = save(prepareSignatures(read) ?? "");
	expect(readPrepared("another", path)).toBe(null);
	for (const content of ["", "null", "[]", "{}", `{"hash":"${read.hash}"}`])
		expect(readPrepared(read.hash, save(content))).toBe(null);
	expect(readPrepared(read.hash, pathToFileURL(join(folder, "nowhere.json")))).toBe(null);
	expect(readPrepared(read.hash)).toBe(null);
});

test("is not made of files with problems", () => {
	const [name = "", text = ""] = read.texts.entries().next().value ?? [];
	const broken = new Map([[name, text.replace(/^match:.*$/m, "match: record.nothing +")]]);
	expect(prepareSignatures({ ...read, texts: broken })).toBe(null);
});
