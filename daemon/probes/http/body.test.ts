import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBody } from "./body.ts";

const page = Buffer.from("Hello, ".repeat(1_000));
const bound = 128 * 1_024;

describe("codings", () => {
	test.each([
		["", page],
		["identity", page],
		["gzip", gzipSync(page)],
		["X-GZip", gzipSync(page)],
		["deflate", deflateSync(page)],
		["deflate", deflateRawSync(page)],
		["br", brotliCompressSync(page)],
		["deflate, gzip", gzipSync(deflateSync(page))],
	])("%j", (coding, body) => {
		expect(decodeBody(body, coding, bound)).toEqual({ bytes: page, complete: true });
	});

	test("a body cut off decodes as far as it goes", () => {
		const random = Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * i * 31) % 251));
		const { bytes } = decodeBody(gzipSync(random).subarray(0, 2_000), "gzip", bound);
		expect(bytes.length).toBeGreaterThan(100);
		expect(random.subarray(0, bytes.length)).toEqual(bytes);
	});

	test("an unknown or broken coding gives the bytes as they came", () => {
		expect(decodeBody(page, "zstd", bound)).toEqual({ bytes: page, complete: false });
		expect(decodeBody(page, "gzip", bound)).toEqual({ bytes: page, complete: false });
		expect(decodeBody(page, "gzip,gzip,gzip,gzip", bound).complete).toBe(false);
	});
});

describe("bombs", () => {
	const zeros = Buffer.alloc(64 * 1_024 * 1_024);

	test.each([
		["gzip", gzipSync(zeros)],
		["br", brotliCompressSync(zeros)],
		["deflate", deflateSync(zeros)],
		["gzip, gzip", gzipSync(gzipSync(zeros))],
	])("%s ends at the bound", (coding, body) => {
		const { bytes, complete } = decodeBody(body, coding, bound);
		expect(bytes.length).toBeLessThanOrEqual(bound);
		expect(complete).toBe(false);
	});
});

test("no bytes make it throw or pass the bound", () => {
	const coding = fc.constantFrom("gzip", "deflate", "br", "gzip, br", "x");
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 500 }), coding, (bytes, name) => {
			return decodeBody(Buffer.from(bytes), name, 1_000).bytes.length <= 1_000;
		}),
		{ numRuns: 2_000 },
	);
	const real = gzipSync(page);
	fc.assert(
		fc.property(fc.nat(real.length - 1), fc.nat(255), (at, value) => {
			const bytes = Buffer.from(real);
			bytes[at] = value;
			return decodeBody(bytes, "gzip", bound).bytes.length <= bound;
		}),
		{ numRuns: 1_000 },
	);
});
