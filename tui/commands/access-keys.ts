/** `vedette access key`: whose SSH signatures over decisions count. */
import type { Command } from "commander";
import * as access from "../../protocol/methods/access.ts";
import type { OperatorKey } from "../../protocol/model/operator.ts";
import { readKeyText } from "../components/credential/key-text.ts";
import { harmless } from "../text/harmless.ts";
import type { RunAction } from "./command.ts";
import { type Column, jsonText, printList } from "./print.ts";

interface Json {
	json?: boolean;
}

export function registerAccessKeys(command: Command, run: RunAction): void {
	const key = command.command("key").description("SSH keys by which operators may sign what they decide");
	key
		.command("list", { isDefault: true })
		.description("list them")
		.option("--json", "one JSON document")
		.action((options: Json) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { keys: items } = await client.call(access.list, {});
				const empty = "Nobody's signatures are known. To add a key: vedette access key add NAME KEY.pub";
				printList(ctx, { items, total: items.length }, { json: options.json, columns: keyColumns, empty });
			}),
		);
	key
		.command("add <who> <file>")
		.description("let an operator sign with the key of this .pub file; ana is unix:ana; person:ana has no account")
		.option("--json", "one JSON document")
		.addHelpText("after", "\nExample:\n  vedette access key add ana ~ana/.ssh/id_ed25519.pub")
		.action((who: string, file: string, options: Json) =>
			run(async (ctx) => {
				const publicKey = readKeyText(file);
				const client = await ctx.connect({ start: true });
				const { key: added } = await client.call(access.addKey, { who, publicKey });
				if (options.json === true) ctx.print(jsonText({ key: added }));
				else ctx.print(`${harmless(added.name)} may sign decisions with ${added.type} ${added.fingerprint}.`);
			}),
		);
	key
		.command("remove <fingerprint>")
		.description("let a key sign no more; what it has signed stays signed")
		.option("--json", "one JSON document")
		.action((fingerprint: string, options: Json) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const done = await client.call(access.removeKey, { fingerprint });
				if (options.json === true) ctx.print(jsonText(done));
				else ctx.print(`The key of ${harmless(done.removed.name)} counts no more.`);
			}),
		);
}

export const keyColumns: Column<OperatorKey>[] = [
	{ title: "SIGNS AS", value: (one) => `${one.operator} (${one.name})`, max: 40 },
	{ title: "TYPE", value: (one) => one.type, max: 34 },
	{ title: "FINGERPRINT", value: (one) => one.fingerprint, max: 50 },
	{ title: "COMMENT", value: (one) => one.comment, max: 30 },
];
