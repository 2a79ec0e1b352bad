import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readArray } from "./json-array.ts";

async function* inChunks(text: string, size: number): AsyncGenerator<Uint8Array> {
	const bytes = Buffer.from(text);
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size = 7) {
	const parts = [];
	for await (const part of readArray(inChunks(text, size), "records")) parts.push(part);
	return { head: parts[0]?.head, items: parts.flatMap(({ items }) => items), parts: parts.length };
}

describe("a document with one long array", () => {
	it("is what parsing it whole comes to, however it comes", async () => {
		const item = fc.oneof(
			fc.dictionary(
				fc.string(),
				fc.json().map((text) => JSON.parse(text)),
			),
			fc.array(fc.string()),
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(item),
				fc.string(),
				fc.integer({ min: 1, max: 100 }),
				fc.nat(2),
				async (records, title, size, indent) => {
					const { head, items } = await read(JSON.stringify({ title, records, after: "]" }, null, indent), size);
					expect(head).toEqual({ title, records: [] });
					expect(items).toEqual(JSON.parse(JSON.stringify(records)));
				},
			),
		);
	});

	it("of many records comes in parts", async () => {
		const records = Array.from({ length: 1_200 }, (_, id) => ({ id }));
		expect(await read(JSON.stringify({ records }), 1_000)).toMatchObject({ parts: 3, items: records });
	});

	it.each([
		"",
		"{}",
		'{"records": [',
		'{"records": [{"a": 1}',
		'{"records": [{"a": "',
		'{"records": {}}',
		`{"x": "${"y".repeat(70_000)}`,
	])("that is cut off or none is refused: %.30s", async (text) => {
		await expect(read(text, 5_000)).rejects.toThrow(Error);
	});

	it("of any bytes ends", async () => {
		const bit = fc.constantFrom("{", "}", "[", "]", '"', "\\", ",", ":", "1", "\\u00", "é");
		await fc.assert(
			fc.asyncProperty(fc.array(bit), async (bits) => {
				await read(`{"records":[${bits.join("")}`).catch((err: unknown) => expect(err).toBeInstanceOf(Error));
			}),
		);
	});
});
