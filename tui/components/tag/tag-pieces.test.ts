import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { line } from "../../theme/line.ts";
import { tagPieces } from "./tag-pieces.ts";

test("the first letter is painted, light on dark and dark on light; without colours the names are the same", () => {
	const pieces = tagPieces(["Web", "Übung", "plain"], { Web: "#102030", Übung: "#ffee00" });
	const drawn = line(40, pieces);
	expect(drawn).toContain("38;2;255;255;255;48;2;16;32;48mW");
	expect(drawn).toContain("38;2;0;0;0;48;2;255;238;0mÜ");
	expect(stripVTControlCharacters(drawn).trimEnd()).toBe("Web, Übung, plain");
});

test("a colour that is none does no harm", () => {
	expect(stripVTControlCharacters(line(10, tagPieces(["Web"], { Web: "#zz" }))).trimEnd()).toBe("Web");
});
