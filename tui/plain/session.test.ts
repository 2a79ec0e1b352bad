import { PassThrough } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { patience } from "../../test/support/eventually.ts";
import { createFakeClient } from "../connect/fake-client.test-support.ts";
import { sampleNow } from "../connect/sample-data.test-support.ts";
import { openPlain } from "./open-plain.ts";

let end: (() => Promise<void>) | undefined;
afterEach(() => end?.());

function converse(env: Record<string, string> = {}) {
	const client = createFakeClient();
	const input = new PassThrough();
	const said: string[] = [];
	const left = openPlain({
		...{ client, input, env, daemonLabel: "local", now: () => sampleNow },
		say: (line) => said.push(line),
	});
	end = async () => {
		input.end("quit\n");
		await left;
	};
	const type = async (line: string, until: RegExp) => {
		const from = said.length;
		input.write(`${line}\n`);
		await expect.poll(() => said.slice(from).join("\n"), patience).toMatch(until);
		return said.slice(from).join("\n");
	};
	return { client, type, begun: () => expect.poll(() => said.join("\n"), patience).toMatch(/Now: /) };
}

test("a number after why is that of the row, as after show; #7 is the number itself", { timeout: 60_000 }, async () => {
	const { client, type, begun } = converse();
	const asked = () => client.calls.findLast(({ name }) => name === "findings.explain")?.params;
	await begun();
	await type("findings", /At 1\//);
	// In the sample the rows of the first page have the numbers of their places.
	await type("next", /At \d+\/[\s\S]*Now: /);
	await type("next", /At \d+\/[\s\S]*Now: /);
	await type("why 3", /Now: /);
	const third = asked();
	expect(third).not.toEqual({ id: 3 });
	await type("back", /At \d+\//);
	await type("why", /Now: /);
	expect(asked(), "without a number: the row one is at").toEqual(third);
	await type("back", /At \d+\//);
	await type("why 1", /Now: /);
	expect(asked()).not.toEqual(third);
	await type("back", /At \d+\//);
	await type("why #7", /Now: /);
	expect(asked()).toEqual({ id: 7 });
	await type("back", /At \d+\//);
	await type("why 999", /There is no row 999 here/);
	await type("request 1", /rows here have no request; request #1 is the one of that number/);
	await type("except 2", /Ask for an exception[\s\S]*Now: set FIELD/);
});

test("sort says which columns there are and takes one; mark takes a row", { timeout: 60_000 }, async () => {
	const { client, type, begun } = converse();
	await begun();
	await type("findings", /At 1\//);
	expect(await type("sort", /By which column\?/)).toMatch(/sort sev/);
	await type("sort severity", /At 1\//);
	expect(client.calls.findLast(({ name }) => name === "findings.list")?.params).toMatchObject({
		sort: expect.stringMatching(/severity/),
	});
	expect(await type("mark 2", /At /)).toMatch(/^ +2 marked /m);
});

test("as many rows are read out as the environment says there are lines, within reason", {
	timeout: 60_000,
}, async () => {
	const { type, begun } = converse({ LINES: "30", COLUMNS: "70" });
	await begun();
	const page = await type("findings", /At 1\/731/);
	expect(page).toMatch(/^ 25 /m);
	expect(page).not.toMatch(/^ 26 /m);
	expect(page).not.toContain("STATE");
});

test("an action on a row by its number is not done to others that are marked", { timeout: 60_000 }, async () => {
	const { type, begun } = converse();
	await begun();
	await type("findings", /At 1\//);
	await type("mark 2", /At /);
	await type("mark 3", /At /);
	expect(await type("except 5", /Now: |marked/)).toMatch(/^2 rows are marked, and except is about those/);
	expect(await type("why 5", /Now: /)).toMatch(/Why/);
	await type("back", /At /);
	await type("except", /Ask for an exception[\s\S]*Now: set FIELD/);
});

test("the tour is read out, step by step", { timeout: 60_000 }, async () => {
	const { type, begun } = converse();
	await begun();
	await type("tour-next", /Tour 1\/5: n starts a scan.*press KEY/);
	await type("tour-next", /Tour 2\/5: 4 shows what was found/);
	await type("press 4", /Tour 3\/5/);
	await type("tour-end", /The tour is left at step 3/);
});

test("the help tells each word once", { timeout: 60_000 }, async () => {
	const { type, begun } = converse();
	await begun();
	const lines = (await type("help", /quit[\s\S]*Now: |quit[\s\S]*$/)).split("\n");
	const told = lines.flatMap((text) => /^([a-z-]+(?:, [a-z-]+)*) {2}/.exec(text)?.[1]?.split(", ") ?? []);
	expect(told.filter((word, index) => told.indexOf(word) !== index)).toEqual([]);
});
