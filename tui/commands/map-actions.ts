/** What is done with maps and their hosts: approve, take into the inventory, scan, keep a netblock, pause, resume, cancel. */
import { type Command, Option } from "commander";
import { AppError } from "../../protocol/errors.ts";
import * as maps from "../../protocol/methods/maps.ts";
import { plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { RunAction } from "./command.ts";
import { parseMapId, readHosts } from "./map-reports.ts";
import { jsonText } from "./print.ts";
import { startScan } from "./scan.ts";
import { printOutcome } from "./scan-outcome.ts";
import { waitForScan } from "./scan-wait.ts";
import { waitingWords } from "./scan-window.ts";

interface ApproveOptions {
	readonly addresses?: string;
	readonly remove?: boolean;
	readonly set?: boolean;
	readonly json?: boolean;
}

interface ScanOptions {
	readonly ports: string;
	readonly profile: string;
	readonly title?: string;
	readonly detach?: boolean;
	readonly yes?: boolean;
	readonly json?: boolean;
}

/** Hosts a scan of a map takes when no query is given. */
const liveOnly = "flag:L and flag:N";

export function registerMapActions(command: Command, run: RunAction): void {
	registerApprove(command, run);
	command
		.command("add <map> [query]")
		.description("make assets of a map's hosts, tracked by address; the live ones unless a query says which")
		.option("--json", "one JSON document")
		.action((id: string, query: string | undefined, _own, self: Command) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: false });
				const filter = query === undefined ? {} : { filter: query };
				const done = await client.call(maps.addToInventory, { map: parseMapId(id), ...filter });
				if (self.optsWithGlobals<{ json?: boolean }>().json === true) ctx.print(jsonText(done));
				else ctx.print(`${plural(done.added, "asset")} added; ${plural(done.known, "host")} in the inventory already.`);
			}),
		);
	registerScan(command, run);
	command
		.command("domain <domain> [netblock...]")
		.description("keep a netblock for a domain, to map it by its name alone; without one, show what is kept")
		.option("--forget", "keep none")
		.option("--json", "one JSON document")
		.action((domain: string, netblock: string[], own: { forget?: boolean }, self: Command) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const known = async () => (await client.call(maps.domains, {})).domains.find((one) => one.domain === domain);
				const now =
					netblock.length === 0 && own.forget !== true
						? await known()
						: await client.call(maps.setDomain, { domain, netblock });
				if (self.optsWithGlobals<{ json?: boolean }>().json === true) ctx.print(jsonText(now ?? null));
				else if (now === undefined || now.netblock.length === 0)
					ctx.print(`No netblock is kept for ${harmless(domain)}.`);
				else
					ctx.print(harmless(`${now.domain}:[${now.netblock.join(", ")}], ${plural(now.approved, "approved host")}.`));
			}),
		);
	command
		.command("resolver [address]")
		.description("keep a name server for maps (address or address:port); without one, show which is kept")
		.option("--forget", "keep none: maps ask the name servers of this machine")
		.option("--json", "one JSON document")
		.action((address: string | undefined, own: { forget?: boolean }, self: Command) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const next = own.forget === true ? null : address;
				const kept =
					next === undefined
						? await client.call(maps.resolver, {})
						: await client.call(maps.setResolver, { resolver: next });
				if (self.optsWithGlobals<{ json?: boolean }>().json === true) ctx.print(jsonText(kept));
				else if (kept.resolver === null) ctx.print("No name server is kept: maps ask those of this machine.");
				else ctx.print(`Maps ask the name server ${kept.resolver} unless told otherwise.`);
			}),
		);
	registerStops(command, run);
}

/** `vedette map` has `--json` and `--ignore-window` too, and takes them from its own commands. */
interface StopOptions {
	readonly json?: boolean;
	readonly ignoreWindow?: boolean;
}

function registerStops(command: Command, run: RunAction): void {
	command
		.command("resume <map>")
		.description("resume a map by its number")
		.option("--ignore-window", "at once, whatever its window says, and until it is paused or over")
		.option("--json", "one JSON document")
		.action((id: string, _own, self: Command) =>
			run(async (ctx) => {
				const { json, ignoreWindow } = self.optsWithGlobals<StopOptions>();
				const client = await ctx.connect({ start: false });
				const map = await client.call(maps.resume, { map: parseMapId(id), ignoreWindow: ignoreWindow === true });
				if (json === true) ctx.print(jsonText(map));
				else ctx.print(map.status === "waiting" ? waitingWords(map, "map") : `Map ${map.id} is ${map.status}.`);
			}),
		);
	for (const method of [maps.pause, maps.cancel]) {
		const verb = method.name.slice("maps.".length);
		command
			.command(`${verb} <map>`)
			.description(`${verb} a map by its number; what it has found is kept`)
			.option("--json", "one JSON document")
			.action((id: string, _own, self: Command) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const map = await client.call(method, { map: parseMapId(id) });
					if (self.optsWithGlobals<StopOptions>().json === true) ctx.print(jsonText(map));
					else ctx.print(`Map ${map.id} is ${map.status}.`);
				}),
			);
	}
}

function registerApprove(command: Command, run: RunAction): void {
	command
		.command("approve <map-or-domain> [query]")
		.description("approve the hosts of a map that match (all without a query), or addresses of a domain")
		.option("--addresses <list>", "with a domain: addresses, blocks and ranges, separated by commas")
		.option("--network <name>", "with --addresses: the network they are in; else it is the map's")
		.option("--remove", "take them off the list instead")
		.addOption(new Option("--set", "make them the whole list").conflicts("remove"))
		.option("--json", "one JSON document")
		.action((subject: string, query: string | undefined, own: ApproveOptions, self: Command) =>
			run(async (ctx) => {
				// `vedette map` has an option of that name for what is mapped, and takes it first.
				const { network } = self.optsWithGlobals<{ network?: string }>();
				const mode = own.remove === true ? ("remove" as const) : own.set === true ? ("set" as const) : ("add" as const);
				const chosen =
					own.addresses === undefined
						? { map: parseMapId(subject), filter: query ?? "" }
						: {
								...{ domain: subject, addresses: addressesOf(own.addresses, query) },
								...(network === undefined ? {} : { network }),
							};
				const client = await ctx.connect({ start: true });
				const done = await client.call(maps.approve, { ...chosen, mode });
				if (self.optsWithGlobals<{ json?: boolean }>().json === true) {
					ctx.print(jsonText(done));
					return;
				}
				const what = `${plural(done.added, "host")} approved, ${done.removed} taken off`;
				ctx.print(`${what}: ${harmless(done.domain)} has ${plural(done.approved, "approved host")}.`);
			}),
		);
}

function addressesOf(text: string, query: string | undefined): string[] {
	if (query !== undefined)
		throw new AppError("invalid", "A query chooses among the hosts of a map; --addresses says which by itself.", {
			hint: "Leave one of them out.",
		});
	return text.split(",").flatMap((item) => (item.trim() === "" ? [] : [item.trim()]));
}

function registerScan(command: Command, run: RunAction): void {
	command
		.command("scan <map> [query]")
		.description("scan a map's hosts inside its netblock; the live ones unless a query says which")
		.option("--ports <set>", "light, standard, full, or a list such as 22,80,8000-8100", "standard")
		.option("--detach", "return as soon as it has started")
		.option("--yes", "start even when it is large")
		.action((id: string, query: string | undefined, _own, self: Command) =>
			run(async (ctx) => {
				const options = self.optsWithGlobals<ScanOptions>();
				const map = parseMapId(id);
				const client = await ctx.connect({ start: true });
				const { items } = await readHosts(client, map, { filter: query ?? liveOnly, limit: 10_000 });
				const inside = items.filter(({ flags }) => flags.netblock);
				if (inside.length === 0)
					throw new AppError("invalid", `No host in the netblock of map ${map} matches, so there is nothing to scan.`, {
						hint: `See its hosts with: vedette map show ${map}`,
					});
				if (inside.length < items.length)
					ctx.stderr.write(`${plural(items.length - inside.length, "host")} outside the netblock left out.\n`);
				const targets = inside.map(({ address }) => address);
				const title = options.title ?? `Hosts of map ${map}`;
				const scan = await startScan(ctx, client, targets, { ...options, title });
				if (options.detach !== true)
					await printOutcome(ctx, client, await waitForScan(ctx, client, scan), options.json === true);
				else if (options.json === true) ctx.print(jsonText(scan));
				else ctx.print(`Scan ${scan.id} of ${plural(targets.length, "host")} has started. See it with: vedette scans`);
			}),
		);
}
