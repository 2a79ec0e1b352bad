import { afterEach, beforeEach, expect, test } from "vitest";
import { memoryStore } from "../assess/testdata/hosts.ts";
import { identitiesOf, isSamePerson, savePerson } from "../store/people.ts";
import { People } from "./people.ts";

let store: ReturnType<typeof memoryStore>;
let people: People;
beforeEach(() => {
	store = memoryStore(1_700_000_000_000);
	people = new People(store.db);
});
afterEach(() => store.close());

test("one person has one name, whichever way they come", () => {
	for (const identity of ["unix:0", "person:ana", "token:ci"]) people.meet(identity);
	expect(["unix:0", "person:ana", "token:ci", "unix:4000000000"].map((one) => people.nameOf(one))).toEqual([
		...["root", "ana", "token:ci", "unix:4000000000"],
	]);
	savePerson(store.db, { identity: "unix:1001", name: "ben" });
	savePerson(store.db, { identity: "unix:1001", name: "benno" });
	expect(people.nameOf("unix:1001")).toBe("benno");
});

test("who is meant: by identity or by name; an account before a token's person; else names that are near", () => {
	for (const person of [
		{ identity: "unix:1001", name: "ana" },
		{ identity: "person:ana", name: "ana" },
		{ identity: "unix:1002", name: "Bernhard" },
	])
		savePerson(store.db, person);
	expect(people.find("ana").identity).toBe("unix:1001");
	expect(people.find("person:ana").identity).toBe("person:ana");
	expect(people.find(" bernhard ")).toMatchObject({ identity: "unix:1002", name: "Bernhard", near: [] });
	expect(people.find("anna")).toEqual({ identity: null, name: "anna", near: ["ana"], known: ["Bernhard", "ana"] });
	expect([people.stored("ana"), people.stored("team-web"), people.stored(null)]).toEqual([
		...["unix:1001", "team-web", null],
	]);
});

test("two accounts are never one person, whatever they are called; an account and a token made for whom it is are", () => {
	// Names of accounts differ by case alone, and the name of one that is gone is given to another.
	for (const [identity, name] of [
		["unix:1001", "ana"],
		["unix:1002", "Ana"],
		["person:ana", "ana"],
	] as const)
		savePerson(store.db, { identity, name });
	expect(isSamePerson(store.db, "unix:1001", "unix:1002")).toBe(false);
	expect(isSamePerson(store.db, "unix:1002", "person:ana")).toBe(true);
	expect(identitiesOf(store.db, "unix:1001").toSorted()).toEqual(["ana", "person:ana", "unix:1001"]);
});

test("a store that takes nothing keeps nobody out", () => {
	store.db.exec("CREATE TRIGGER full BEFORE INSERT ON person BEGIN SELECT RAISE(ABORT, 'full'); END");
	people.meet("unix:0");
	expect(people.nameOf("unix:0")).toBe("unix:0");
});
