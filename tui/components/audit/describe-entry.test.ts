import { expect, test } from "vitest";
import { auditEntryOf } from "../../connect/sample-settings.test-support.ts";
import { describeEntry } from "./describe-entry.ts";

const textsOf = (before: unknown, after: unknown) =>
	describeEntry({ ...auditEntryOf(3, {}), before, after }).flatMap((block) => ("text" in block ? [block.text] : []));

test("of two states only what differs is told, by its path", () => {
	const before = { level: "low", ports: { set: "light", additional: "" }, udp: true };
	const after = { level: "low", ports: { set: "full", additional: "" }, names: ["a"] };
	const texts = textsOf(before, after);
	expect(texts).toContain("ports.set: light → full");
	expect(texts).toContain("udp: true → —");
	expect(texts).toContain('names: — → ["a"]');
	expect(texts).toContain("2 fields as before.");
});

test("a state alone is told whole, whatever it is", () => {
	expect(textsOf(null, { a: { b: 1 } })).toContain("a.b: 1");
	expect(textsOf("was", null)).toContain("was");
	expect(textsOf([1], null)).toContain("[\n  1\n]");
});
