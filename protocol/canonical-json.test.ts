import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("JSON is the same text whatever the order of keys", () => {
	expect(canonicalJson({ b: [1, { d: null, c: "x" }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}');
});

test("what went through JSON is spelled as before", () => {
	fc.assert(
		fc.property(fc.jsonValue(), (value) => {
			expect(canonicalJson(JSON.parse(JSON.stringify(value)))).toBe(canonicalJson(value));
		}),
	);
});
