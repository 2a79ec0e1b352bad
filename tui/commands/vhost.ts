/** `vedette vhost`: names that a server at an address and port is asked for by themselves. */
import { AppError } from "../../protocol/errors.ts";
import * as vhosts from "../../protocol/methods/vhosts.ts";
import type { VirtualHost } from "../../protocol/model/vhost.ts";
import { age, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandFile } from "./command.ts";
import { parseLimit, readPages } from "./pages.ts";
import { type Column, jsonText, printList } from "./print.ts";

export const vhostCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("vhost")
			.description("virtual hosts: names examined by themselves at an address and port, in every scan");
		command
			.command("list [query]", { isDefault: true })
			.description('list them, or those a query names: port:443, address:192.0.2.0/24, "www.example.org"')
			.option("--limit <n>", "rows at most", "200")
			.option("--json", "one JSON document")
			.action((query: string | undefined, options: { limit: string; json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const limit = parseLimit(options.limit);
					const page = await readPages<VirtualHost>(client, vhosts.list, { filter: query ?? "", limit });
					printList(ctx, page, {
						json: options.json,
						columns: columns(Date.now()),
						empty: "There are no virtual hosts. Define one with: vedette vhost add 192.0.2.1 443 www.example.org",
					});
				}),
			);
		command
			.command("add <address> <port> <name...>")
			.description("define virtual hosts: one address and port, any number of names")
			.option("--json", "one JSON document")
			.action((address: string, port: string, names: string[], options: { json?: boolean }) =>
				run(async (ctx) => {
					const wanted = names.map((name) => ({ address, port: parsePort(port), name }));
					const client = await ctx.connect({ start: true });
					const outcome = await client.call(vhosts.add, { vhosts: wanted });
					if (options.json === true) ctx.print(jsonText(outcome));
					else {
						const known = outcome.known > 0 ? `, ${outcome.known} known already` : "";
						ctx.print(`${plural(outcome.added, "virtual host")} added${known}.`);
					}
				}),
			);
		command
			.command("remove <address> [port] [name]")
			.description("take virtual hosts back: all at an address, at a port of it, or one")
			.option("--json", "one JSON document")
			.action((address: string, port: string | undefined, name: string | undefined, options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const outcome = await client.call(vhosts.remove, {
						address,
						...(port === undefined ? {} : { port: parsePort(port) }),
						...(name === undefined ? {} : { name }),
					});
					if (options.json === true) ctx.print(jsonText(outcome));
					else ctx.print(`${plural(outcome.removed, "virtual host")} of ${harmless(address)} taken back.`);
				}),
			);
	},
};

function parsePort(text: string): number {
	const port = Number(text);
	if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
	throw new AppError("invalid", `"${text}" is not a port.`, {
		hint: "Write address, port and name: vedette vhost add 192.0.2.1 443 www.example.org",
	});
}

function columns(now: number): Column<VirtualHost>[] {
	return [
		{ title: "ADDRESS", value: ({ address }) => address },
		{ title: "PORT", value: ({ port }) => port, align: "right" },
		{ title: "NAME", value: ({ name }) => name, max: 80 },
		{ title: "ADDED", value: ({ addedAt }) => age(addedAt, now), align: "right" },
		{ title: "BY", value: ({ addedBy }) => addedBy, max: 24 },
	];
}
