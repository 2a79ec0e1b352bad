import { expect, test } from "vitest";
import { listParams } from "../../protocol/model/listing.ts";
import { scanFields } from "../store/fields.ts";
import { compileListing } from "./listing.ts";

const sortOf = (sort: string) => compileListing(listParams.parse({ sort }), scanFields, 0).query.sort;

test("a sort is one field or several, and what is named again decides nothing", () => {
	expect(sortOf("title")).toEqual([{ field: "title", descending: false }]);
	expect(sortOf("-status, title,-title")).toEqual([
		{ field: "status", descending: true },
		{ field: "title", descending: false },
	]);
	expect(compileListing(listParams.parse({}), scanFields, 0).query.sort).toBeNull();
});

test("more fields than tell anything apart are refused", () => {
	const many = Array.from({ length: 9 }, (_, n) => `f${n}`).join(",");
	expect(() => sortOf(many)).toThrow(expect.objectContaining({ code: "invalid" }));
});
