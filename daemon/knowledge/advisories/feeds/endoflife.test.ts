/** endoflife.date in each of the forms it is given away in. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEndOfLife } from "./endoflife.ts";
import { PlainText } from "./feed-format.ts";

const api = (products: unknown) => ({
	name: "full.json",
	value: { schema_version: "1.2.0", generated_at: "2026-08-01T00:00:00+00:00", total: 1, result: products },
});
const example = {
	...{ name: "example-os", label: "Example OS", category: "os", labels: { eol: "Security", eoes: "Extended Life" } },
	identifiers: [
		{ type: "cpe", id: "cpe:2.3:o:example:os" },
		{ type: "purl", id: "pkg:generic/example" },
	],
	releases: [
		{
			...{ name: "2", codename: "Two", isLts: true, releaseDate: "2024-01-01", isEol: false, eolFrom: "2029-01-01" },
			...{ isEoes: false, eoesFrom: "2031-01-01", latest: { name: "2.4" } },
		},
		{ name: "1", codename: null, isLts: false, releaseDate: "2020-01-01", isEol: true, eolFrom: null, latest: null },
	],
};
const product = {
	...{ slug: "example-os", label: "Example OS", category: "os", extendedName: "Extended Life", cpes: ["example:os"] },
	cycles: [
		{
			...{ name: "2", codename: "Two", longTerm: true, releasedAt: Date.UTC(2024, 0), latest: "2.4" },
			...{ support: Date.UTC(2029, 0), extended: Date.UTC(2031, 0) },
		},
		{
			...{ name: "1", codename: null, longTerm: false, releasedAt: Date.UTC(2020, 0), latest: null },
			...{ support: "over", extended: null },
		},
	],
};

describe("endoflife.date", () => {
	it.each([
		["all products", [example]],
		["one product", example],
	])("as its API gives it: %s", (_, result) => {
		expect(parseEndOfLife(api(result))).toEqual({ products: [product], publishedAt: Date.UTC(2026, 7) });
	});

	it("as the cycles of one product, named by the file", () => {
		const value = [
			{
				cycle: "2",
				codename: "Two",
				lts: true,
				releaseDate: "2024-01-01",
				eol: "2029-01-01",
				extendedSupport: "2031-01-01",
				latest: "2.4",
			},
			{ cycle: "1", releaseDate: "2020-01-01", eol: true },
		];
		const plain = { label: "example-os", category: "", extendedName: null, cpes: [] };
		expect(parseEndOfLife({ name: "example-os.json", value })).toEqual({
			products: [{ ...product, ...plain }],
			publishedAt: null,
		});
	});

	it("as the page it is made from", () => {
		const page = `---
title: Example OS
category: os
eoesColumn: <abbr title="x">Extended</abbr> Life
identifiers:
  - cpe: cpe:/o:example:os
  - purl: pkg:generic/example
releases:
  - releaseCycle: "2"
    codename: Two
    lts: true
    releaseDate: 2024-01-01
    eol: 2029-01-01
    eoes: 2031-01-01
    latest: "2.4"
  - releaseCycle: 1
    releaseDate: 2020-01-01
    eol: true
---
> A text.
`;
		expect(parseEndOfLife({ name: "example-os.md", value: new PlainText(page) })).toEqual({
			products: [product],
			publishedAt: null,
		});
	});

	it.each([
		["a page without releases", "---\ntitle: About\n---\n"],
		["no page", "<xml/>"],
		["a bomb", `---\ntitle: x\na: &a [1]\nb: &b [*a, *a]\nreleases: [*b, *b]\n---\n`],
		["what is no YAML", "---\n: : : [\n---\n"],
	])("%s is none", (_, text) => {
		expect(parseEndOfLife({ name: "about.md", value: new PlainText(text) })).toBeNull();
	});

	it("throws at nothing", () => {
		const any = fc.anything();
		fc.assert(fc.property(any, fc.string(), (value, name) => void parseEndOfLife({ name, value })));
		const release = fc.record({
			name: any,
			cycle: any,
			isEol: any,
			eolFrom: any,
			eol: any,
			latest: any,
			releaseDate: any,
		});
		fc.assert(
			fc.property(
				fc.array(release),
				(releases) => void parseEndOfLife(api({ name: "x", releases, identifiers: releases })),
			),
		);
		fc.assert(fc.property(fc.array(release), (value) => void parseEndOfLife({ name: "x.json", value })));
		fc.assert(
			fc.property(
				fc.string(),
				(text) => void parseEndOfLife({ name: "x.md", value: new PlainText(`---\n${text}\n---\n`) }),
			),
		);
	});
});
