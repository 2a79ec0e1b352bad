import { expect, test } from "vitest";
import { collectors } from "./index.ts";
import { wantedCollectors } from "./wanted.ts";

test("all run unless kinds are named; then those, and what tells what they mean", () => {
	expect(wantedCollectors(undefined)).toEqual(collectors);
	expect(
		wantedCollectors(["packages", "redis"])
			.map(({ kind }) => kind)
			.sort(),
	).toEqual(["packages", "restart", "system"]);
});
