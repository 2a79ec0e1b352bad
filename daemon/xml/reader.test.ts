import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readXml } from "./reader.ts";

const read = (xml: string) =>
	[...readXml(xml)].map((event) =>
		event.kind === "open"
			? `<${event.name} ${JSON.stringify([...event.attributes])}`
			: event.kind === "close"
				? `>${event.name}`
				: event.text,
	);

describe("XML", () => {
	it("is read as tags and texts", () => {
		const xml = `\uFEFF<?xml version='1.0'?><!DOCTYPE a><!-- <b> -->\n<a x = "1 &amp; &#x41;&#66;" y='"'>t&lt;<b/><![CDATA[<c>]]></a>`;
		expect(read(xml)).toEqual(['<a [["x","1 & AB"],["y","\\""]]', "t<", "<b []", ">b", "<c>", ">a"]);
	});

	it("knows no entity but its own, and follows none", () => {
		expect(read("<a>&xxe; &#0; &#x110000;</a>")[1]).toBe("&xxe; &#0; &#x110000;");
		expect(() => read('<!DOCTYPE a [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><a>&xxe;</a>')).toThrow(
			/entities of its own/,
		);
	});

	it.each([
		["cut off", "<a><b>"],
		["cut off in a tag", '<a x="1'],
		["cut off in a comment", "<a><!-- "],
		["closed twice", "<a></a></a>"],
		["crossed", "<a><b></a></b>"],
		["without quotes", "<a x=1>"],
		["without a name", "<a><></a>"],
		["without an end", "<a"],
		["nested without end", "<a>".repeat(100_000)],
	])("that is %s is refused", (_, xml) => {
		expect(() => read(xml)).toThrow(Error);
	});

	it("of any bytes ends, in time linear to them", () => {
		const bits = fc.constantFrom(
			"<",
			">",
			"/",
			"a",
			" ",
			'"',
			"=",
			"<!--",
			"-->",
			"<![CDATA[",
			"]]>",
			"&amp;",
			"<a>",
			"</a>",
		);
		fc.assert(
			fc.property(fc.array(bits, { maxLength: 200 }), (parts) => {
				try {
					read(parts.join(""));
				} catch (err) {
					expect(err).toBeInstanceOf(Error);
				}
			}),
		);
		expect(() => read(`<a ${"x".repeat(500_000)}`)).toThrow(Error);
		expect(read(`<a>${"<b/>".repeat(50_000)}</a>`)).toHaveLength(100_002);
	});
});
