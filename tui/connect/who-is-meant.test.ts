import { expect, test } from "vitest";
import type { Client } from "../../protocol/client.ts";
import { refuseStrangers, strangersOnce } from "./who-is-meant.ts";

const people = ["ana", "ben"];
const client = {
	call: (_method: unknown, { word }: { word: string }) => {
		const found = people.includes(word) ? `unix:${people.indexOf(word)}` : null;
		return Promise.resolve({ identity: found, name: word, near: word === "anna" ? ["ana"] : [], known: people });
	},
} as unknown as Client;

test("a name that nobody here has is told with those that are near, or with all there are", async () => {
	await refuseStrangers(client, "ana", "");
	await refuseStrangers(client, null, "");
	await expect(refuseStrangers(client, "anna", "Else: --anyone")).rejects.toMatchObject({
		message: 'Nobody here is called "anna".',
		hint: "Did you mean ana? Else: --anyone",
	});
	await expect(refuseStrangers(client, "team-web", "")).rejects.toMatchObject({ hint: "Known are ana, ben. " });
});

test("in a form the same name once more is meant, and another is asked about again", async () => {
	const checked = strangersOnce(client);
	await expect(checked("team-web")).rejects.toThrow("Nobody here");
	await checked("team-web");
	await expect(checked("team-db")).rejects.toThrow("Nobody here");
	await checked("");
	await checked("ben");
});
