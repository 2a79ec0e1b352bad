/** `vedette network`: named places in which an address means one machine. */
import * as networks from "../../protocol/methods/networks.ts";
import type { Network } from "../../protocol/model/identity.ts";
import { age, count } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandFile } from "./command.ts";
import { type Column, jsonText, printList } from "./print.ts";

export const networkCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("network")
			.description("networks: where an address means one machine; the same address in two of them is two machines");
		command
			.command("list", { isDefault: true })
			.description("list the networks")
			.option("--json", "one JSON document")
			.action((options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const page = await client.call(networks.list, {});
					printList(ctx, page, { json: options.json, columns: columns(Date.now()), empty: "There is no network." });
				}),
			);
		command
			.command("add <name>")
			.description("make a network; scans name it with --network")
			.option("--comment <text>", "what it is")
			.option("--json", "one JSON document")
			.addHelpText("after", "\nExample: vedette network add plant && vedette scan --network plant 10.0.0.0/24\n")
			.action((name: string, options: { comment?: string; json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const network = await client.call(networks.add, { name, comment: options.comment ?? "" });
					const sentence = `The network ${harmless(network.name)} is made; scans name it with --network.`;
					ctx.print(options.json === true ? jsonText(network) : sentence);
				}),
			);
		command
			.command("edit <network>")
			.description("rename it, or say what it is for")
			.option("--name <name>", "another name")
			.option("--comment <text>", "what it is")
			.option("--json", "one JSON document")
			.action((network: string, options: { name?: string; comment?: string; json?: boolean }) =>
				run(async (ctx) => {
					const { json, ...change } = options;
					const client = await ctx.connect({ start: true });
					const after = await client.call(networks.edit, { network, ...change });
					ctx.print(json === true ? jsonText(after) : `The network ${harmless(after.name)} is changed.`);
				}),
			);
		command
			.command("remove <network>")
			.description("remove a network that nothing is in")
			.option("--json", "one JSON document")
			.action((network: string, options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const gone = await client.call(networks.remove, { network });
					ctx.print(options.json === true ? jsonText(gone) : `The network ${harmless(gone.name)} is removed.`);
				}),
			);
	},
};

function columns(now: number): Column<Network>[] {
	return [
		{ title: "NAME", value: ({ name }) => name, max: 40 },
		{ title: "ASSETS", value: ({ assets }) => count(assets), align: "right" },
		{ title: "COMMENT", value: ({ comment }) => comment || null, max: 60 },
		{ title: "MADE BY", value: ({ createdBy }) => (createdBy === null ? null : personName(createdBy)) },
		{ title: "AGE", value: ({ createdAt }) => age(createdAt, now), align: "right" },
	];
}
