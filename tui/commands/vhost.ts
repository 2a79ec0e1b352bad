/** `vedette vhost`: names that a server at an address and port is asked for by themselves. */
import { AppError } from "../../protocol/errors.ts";
import * as vhosts from "../../protocol/methods/vhosts.ts";
import type { VirtualHost } from "../../protocol/model/vhost.ts";
import { canonicalAddress } from "../../protocol/target/address.ts";
import { hostName } from "../../protocol/target/item.ts";
import { age, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { parseLimit, readPages } from "./pages.ts";
import { type Column, jsonText, printList } from "./print.ts";
import { LineSplitter } from "./split-lines.ts";
import { readable } from "./target-words.ts";

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
					tellAdded(ctx, outcome, options.json === true);
				}),
			);
		command
			.command("import <file>")
			.description(
				"define what is in a file: address, port and name on each line, # for comments; - for standard input",
			)
			.option("--json", "one JSON document")
			.action((path: string, options: { json?: boolean }) =>
				run(async (ctx) => {
					const wanted = await readVirtualHosts(ctx, path);
					const client = await ctx.connect({ start: true });
					const outcome = { added: 0, known: 0 };
					for (let at = 0; at < wanted.length; at += atOnce) {
						const part = await client.call(vhosts.add, { vhosts: wanted.slice(at, at + atOnce) });
						outcome.added += part.added;
						outcome.known += part.known;
					}
					tellAdded(ctx, outcome, options.json === true);
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

/** Definitions of one call. */
const atOnce = 2_000;
const mostWrong = 10;

/** Throws `invalid` naming up to ten wrong lines by number. */
async function readVirtualHosts(ctx: CommandContext, path: string) {
	const title = path === "-" ? "standard input" : path;
	const wanted: { address: string; port: number; name: string }[] = [];
	const wrong: string[] = [];
	let lines = 0;
	const splitter = new LineSplitter(title, (bytes, start, end) => {
		lines++;
		const words = bytes
			.toString("utf8", start, end)
			.replace(/#.*$/, "")
			.split(/[\s,;]+/)
			.filter((word) => word !== "");
		if (words.length === 0) return;
		try {
			wanted.push(...definitionsIn(words));
		} catch (err) {
			if (!(err instanceof AppError)) throw err;
			wrong.push(`  line ${lines}: ${err.message}`);
		}
	});
	for await (const chunk of path === "-" ? ctx.stdin : readable(path)) {
		splitter.push(Buffer.from(chunk as Uint8Array));
		if (wrong.length >= mostWrong) break;
	}
	if (wrong.length < mostWrong) splitter.end();
	if (wrong.length === 0 && wanted.length > 0) return wanted;
	const what =
		wrong.length === 0
			? `${title} defines no virtual host.`
			: [`${title} has wrong lines:`, ...wrong.slice(0, mostWrong)].join("\n");
	throw new AppError("invalid", what, {
		hint: "Nothing was added. Each line is an address, a port and one or more names: 192.0.2.1 443 www.example.org",
	});
}

function definitionsIn([address = "", port = "", ...names]: string[]) {
	if (canonicalAddress(address) === null)
		throw new AppError("invalid", `${JSON.stringify(address)} is not an IP address.`);
	if (names.length === 0) throw new AppError("invalid", "there is no name.");
	return names.map((name) => ({ address, port: parsePort(port), name: hostName(name) }));
}

function tellAdded(ctx: CommandContext, outcome: { added: number; known: number }, json: boolean): void {
	const known = outcome.known > 0 ? `, ${outcome.known} known already` : "";
	ctx.print(json ? jsonText(outcome) : `${plural(outcome.added, "virtual host")} added${known}.`);
}

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
		{ title: "BY", value: ({ addedBy }) => personName(addedBy), max: 24 },
	];
}
