import { expect, test } from "vitest";
import { knowPeople, personName } from "./people.ts";

test("who came later, and is known only by the identity, is called by the name in it", () => {
	expect(personName("person:late.comer")).toBe("late.comer");
	expect(personName("unix:987654")).toBe("unix:987654");
	expect(personName("rule web")).toBe("rule web");
	knowPeople([{ identity: "person:late.comer", name: "Late" }]);
	expect(personName("person:late.comer")).toBe("Late");
});
