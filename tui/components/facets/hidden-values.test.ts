import { expect, test } from "vitest";
import type { Facet, Facets } from "../../../protocol/model/facet.ts";
import { facetRows } from "./facet-rows.ts";
import { countHidden } from "./hidden-values.ts";

const value = (term: string, count: number) => ({ term, label: term, count });
const facet = (name: Facet["name"], values: Facet["values"], others = 0): Facet => ({ name, values, others });
const found = (...facets: Facet[]): Facets => ({ facets, looked: 41, isAll: true });
const five = value("severity:5", 41);
const [four, one] = [value("severity:4", 318), value("severity:1", 2)];

test("of a kind of which one value is kept alone the others are counted without it", async () => {
	const asked: string[] = [];
	const tags = facet("tag", [value("tag:`pci`", 41), value("tag:`web`", 7)]);
	const filter = "title:x and severity:5 and tag:`pci`";
	const counted = await countHidden(found(facet("severity", [five]), tags), filter, async (other) => {
		asked.push(other);
		return found(facet("severity", [five, four, one]), tags);
	});
	expect(asked, "what may have several values is as it is").toEqual(["title:x and tag:`pci`"]);
	const rows = facetRows(counted, filter).map(({ term, count, isChosen, hiddenBy }) => [
		term,
		count,
		isChosen,
		hiddenBy,
	]);
	expect(rows).toEqual([
		["title:x", null, true, undefined],
		["severity:5", 41, true, undefined],
		["severity:4", 318, false, "severity:5"],
		["severity:1", 2, false, "severity:5"],
		["tag:`pci`", 41, true, undefined],
		["tag:`web`", 7, false, undefined],
	]);
});

test("what is kept stands among the others however rare it is, and without others nothing is hidden", async () => {
	const port = value("port:7", 1);
	const many = facet("port", [value("port:443", 9)], 3);
	const counted = await countHidden(found(facet("port", [port])), "port:7", async () => found(many));
	expect(counted.hidden?.get("port")).toEqual(facet("port", [port, value("port:443", 9)], 2));
	const alone = await countHidden(found(facet("port", [port])), "port:7", async () => found(facet("port", [port])));
	expect(facetRows(alone, "port:7")).toMatchObject([{ term: "port:7", isChosen: true }]);
	expect((await countHidden(found(facet("port", [port])), "port:7", async () => found())).hidden?.size).toBe(0);
});
