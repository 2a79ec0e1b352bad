/** Secrets go one way: some params are secret, no result and no event is. */
import { expect, test } from "vitest";
import { z } from "zod";
import { methods, streams } from "../catalogue.ts";

const secretIn = (schema: z.ZodType, io: "input" | "output") =>
	JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: "any" })).includes('"writeOnly":true');

test("no method and no stream gives a secret back", () => {
	const given = [
		...methods.map(({ name, result }) => [name, result] as const),
		...streams.flatMap(({ name, snapshot, event }) => [[name, snapshot] as const, [name, event] as const]),
	];
	expect(given.filter(([, schema]) => secretIn(schema, "output")).map(([name]) => name)).toEqual([]);
});

test("secrets are taken from those who may do everything, by these methods alone", () => {
	const taking = methods.filter(({ params }) => secretIn(params, "input"));
	expect(taking.map(({ name, access }) => `${name} ${access}`).sort()).toEqual([
		"credentials.create admin",
		"credentials.edit admin",
		"credentials.protect admin",
		"credentials.unlock admin",
	]);
});
