/** Archives as they are made, cut off anywhere, changed anywhere. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isTar, readTar } from "./tar.ts";

let folder: string;
const archives: Record<string, Buffer> = {};
const longName = `${"a-long-folder/".repeat(14)}one.json`;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-tar-"));
	mkdirSync(join(folder, longName, ".."), { recursive: true });
	writeFileSync(join(folder, longName), "{}");
	writeFileSync(join(folder, "two.json"), "x".repeat(1_500));
	writeFileSync(join(folder, "three.txt"), "not wanted");
	for (const format of ["ustar", "gnu", "pax"]) {
		const names = format === "ustar" ? ["two.json", "three.txt"] : [longName, "two.json", "three.txt"];
		const path = join(folder, `${format}.tar`);
		execFileSync("tar", ["-C", folder, `--format=${format}`, "-cf", path, ...names]);
		archives[format] = readFileSync(path);
	}
});
afterAll(() => rmSync(folder, { recursive: true }));

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Uint8Array, size = 700, most = 10_000): Promise<[string, number][]> {
	const found: [string, number][] = [];
	for await (const { name, bytes: own } of readTar(inChunks(bytes, size), (name) => name.endsWith(".json"), {
		entry: most,
		all: 20_000,
	})) {
		found.push([name, own.length]);
	}
	return found;
}

describe("an archive", () => {
	it.each(["ustar", "gnu", "pax"])("of tar's format %s, in chunks of any size", async (format) => {
		const bytes = archives[format] ?? Buffer.alloc(0);
		expect(isTar(bytes.subarray(0, 512))).toBe(true);
		const all: [string, number][] = [
			...(format === "ustar" ? [] : [[longName, 2] as [string, number]]),
			["two.json", 1_500],
		];
		for (const size of [1, 511, 512, 1_000_000]) expect(await read(bytes, size)).toEqual(all);
	});

	it("with a file that is too large is refused", async () => {
		await expect(read(archives.gnu ?? Buffer.alloc(0), 512, 1_000)).rejects.toThrow(/two\.json unpacks to more/);
	});

	it("with more in it than is sensible is refused, wanted or not", async () => {
		const bytes = archives.gnu ?? Buffer.alloc(0);
		const read = readTar(inChunks(bytes, 512), () => false, { entry: 10_000, all: 1_000 });
		await expect(read.next()).rejects.toThrow(/more than is sensible/);
	});

	it("that is cut off within a file says so", async () => {
		await expect(read((archives.ustar ?? Buffer.alloc(0)).subarray(0, 1_000))).rejects.toThrow(/ends too early/);
	});

	it("changed anywhere is read or refused, and ends", async () => {
		const bytes = archives.gnu ?? Buffer.alloc(0);
		const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
		await fc.assert(
			fc.asyncProperty(
				fc.array(change, { minLength: 1, maxLength: 8 }),
				fc.nat(bytes.length),
				async (changes, length) => {
					const changed = Buffer.from(bytes.subarray(0, length));
					for (const [at, byte] of changes) if (at < length) changed[at] = byte;
					await read(changed).catch((err: unknown) => expect(err).toBeInstanceOf(Error));
				},
			),
		);
	});

	it("is told from other files", () => {
		fc.assert(fc.property(fc.uint8Array({ minLength: 512, maxLength: 512 }), (bytes) => !isTar(bytes)));
		expect(isTar(Buffer.alloc(512))).toBe(false);
	});
});
