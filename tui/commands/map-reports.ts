/** What maps have found, for reading: the list of maps, one map's hosts, comparisons, rogues, approved hosts, domains. */
import type { Command } from "commander";
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import { list as listGhosts } from "../../protocol/methods/ghosts.ts";
import * as maps from "../../protocol/methods/maps.ts";
import type { ApprovedHost, MapDifference, MapDomain, MapHost, NetworkMap } from "../../protocol/model/map.ts";
import { flagsMeaning, flagsText, foundByText, routeText, topologyText, viaText } from "../components/map/map-words.ts";
import { topologyRows } from "../components/map/topology.ts";
import type { CoverageField } from "../text/coverage-words.ts";
import { age, percent, when } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { mapCoverageFields } from "../text/map-coverage-words.ts";
import { personName } from "../text/people.ts";
import { windowWords } from "../text/window-words.ts";
import type { CommandContext, RunAction } from "./command.ts";
import { printGhostsOf } from "./ghosts.ts";
import { parseLimit } from "./pages.ts";
import { type Column, duration, jsonText, printList } from "./print.ts";
import { printFields } from "./scan-show.ts";

interface ListOptions {
	readonly json?: boolean | undefined;
	readonly limit: string;
	readonly sort?: string;
}

const largestPage = 1_000;

export function registerMapReports(command: Command, run: RunAction): void {
	const listing = (name: string, description: string) =>
		command
			.command(name)
			.description(description)
			.option("--limit <n>", "rows at most", "200")
			.option("--sort <field>", "-field for descending, several with commas")
			.option("--json", "one JSON document");

	listing("list [query]", "list maps, newest first").action((query: string | undefined, _own, self: Command) =>
		run(async (ctx) => {
			const options = self.optsWithGlobals<ListOptions>();
			await listMaps(ctx, { ...options, limit: parseLimit(options.limit), filter: query ?? "" });
		}),
	);
	listing("show <map> [query]", `the hosts of a map, e.g. "flag:L and not flag:A"; flags: ${flagsMeaning}`)
		.option("--tree", "draw where they hang: this machine, routers, networks, hosts")
		.action((id: string, query: string | undefined, _own, self: Command) =>
			run(async (ctx) => {
				const options = self.optsWithGlobals<ListOptions & { tree?: boolean }>();
				const map = parseMapId(id);
				const client = await ctx.connect({ start: false });
				const found = await client.call(maps.get, { map });
				const page = await readHosts(client, map, { filter: query ?? "", ...limitsOf(options) });
				if (options.json === true) {
					const ghosts = await client.call(listGhosts, { map });
					ctx.print(jsonText({ map: found, ...page, ghosts: ghosts.items }));
					return;
				}
				const empty = query ? "No host of it matches that." : (found.reason ?? "It has found nothing yet.");
				if (options.tree === true && page.items.length > 0) printTree(ctx, page.items);
				else printList(ctx, page, { columns: hostColumns(page.items), empty: harmless(empty) });
				await printGhostsOf(ctx, client, { map });
				if (found.status !== "finished") ctx.print(`\nMap ${map} is ${found.status}, ${percent(found.progress)} done.`);
			}),
		);
	command
		.command("coverage <map>")
		.description("what a map asked and what came of it: answered, silent, left out and why, by which probe")
		.option("--json", "one JSON document")
		.action((id: string, _own, self: Command) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: false });
				const map = await client.call(maps.get, { map: parseMapId(id) });
				const coverage = await client.call(maps.coverage, { map: map.id });
				if (self.optsWithGlobals<ListOptions>().json === true) ctx.print(jsonText({ map, coverage }));
				else printFields(ctx, [...mapFields(map), ...mapCoverageFields(coverage)]);
			}),
		);
	listing("compare <before> <after> [query]", "hosts added, removed or active between two maps of a domain").action(
		(before: string, after: string, query: string | undefined, _own, self: Command) =>
			run(async (ctx) => {
				const options = self.optsWithGlobals<ListOptions>();
				const pair = { before: parseMapId(before), after: parseMapId(after) };
				const client = await ctx.connect({ start: false });
				const page = await readAll(limitsOf(options), (part) =>
					client.call(maps.compare, { ...pair, filter: query ?? "", ...part }),
				);
				printList(ctx, page, {
					json: options.json,
					columns: differenceColumns(page.items),
					empty: "No host is in either.",
				});
			}),
	);
	listing("rogues <map> [query]", "live hosts of a map that nobody approved")
		.option("--before <map>", "an older map of the domain: also says which are added, removed or active since")
		.action((id: string, query: string | undefined, own: { before?: string }, self: Command) =>
			run(async (ctx) => {
				const options = self.optsWithGlobals<ListOptions>();
				const older = own.before === undefined ? {} : { before: parseMapId(own.before) };
				const client = await ctx.connect({ start: false });
				const page = await readAll(limitsOf(options), (part) =>
					client.call(maps.rogues, { map: parseMapId(id), ...older, filter: query ?? "", ...part }),
				);
				const empty = query ? "No rogue host matches that." : "Every live host of it is approved.";
				printList(ctx, page, { json: options.json, columns: differenceColumns(page.items), empty });
			}),
		);
	listing("approved <domain> [query]", "the approved hosts of a domain, or of none").action(
		(domain: string, query: string | undefined, _own, self: Command) =>
			run(async (ctx) => {
				const options = self.optsWithGlobals<ListOptions>();
				const client = await ctx.connect({ start: false });
				const page = await readAll(limitsOf(options), (part) =>
					client.call(maps.approved, { domain, filter: query ?? "", ...part }),
				);
				const empty = "No host is approved. Approve those of a map with: vedette map approve <map>";
				printList(ctx, page, { json: options.json, columns: approvedColumns(Date.now()), empty });
			}),
	);
	listing("domains", "domains with a map, a netblock or an approved host").action((_own, self: Command) =>
		run(async (ctx) => {
			const { json } = self.optsWithGlobals<ListOptions>();
			const client = await ctx.connect({ start: false });
			const { domains } = await client.call(maps.domains, {});
			const page = { items: domains, total: domains.length };
			printList(ctx, page, { json, columns: domainColumns, empty: "None yet. Map one with: vedette map <target>" });
		}),
	);
}

function mapFields(map: NetworkMap): CoverageField[] {
	const status = map.partial ? `${map.status} (partial)` : map.status;
	return [
		{ name: `Map ${map.id}`, lines: [map.title] },
		{
			name: "status",
			lines: [`${status}, ${duration(map.activeMs)} of work`, ...(map.reason === null ? [] : [map.reason])],
		},
		...(map.window == null ? [] : [{ name: "runs", lines: [windowWords(map.window)] }]),
		...(map.continuesAt == null ? [] : [{ name: "goes on", lines: [`${when(map.continuesAt)} UTC`] }]),
		{ name: "profile", lines: [map.profile] },
	];
}

export async function listMaps(
	ctx: CommandContext,
	options: { json?: boolean | undefined; limit: number; sort?: string; filter: string },
): Promise<void> {
	const { filter, limit, sort } = options;
	const client = await ctx.connect({ start: false });
	const page = await readAll({ limit, ...(sort === undefined ? {} : { sort }) }, (part) =>
		client.call(maps.list, { filter, ...part }),
	);
	const empty = filter
		? "No map matches that. See all with: vedette map list"
		: 'No maps yet. Make one with: vedette map "none:[127.0.0.0/28]"';
	printList(ctx, page, { json: options.json, columns: mapColumns(Date.now()), empty });
}

export function readHosts(
	client: Client,
	map: number,
	options: { filter: string; limit: number; sort?: string },
): Promise<{ items: MapHost[]; total: number }> {
	const { filter, ...limits } = options;
	return readAll(limits, (part) => client.call(maps.hosts, { map, filter, ...part }));
}

/** As many pages as the limit asks for. */
async function readAll<T>(
	{ limit, sort }: { limit: number; sort?: string },
	ask: (part: { limit: number; sort?: string; cursor?: string }) => Promise<{
		items: T[];
		total: number;
		next: string | null;
	}>,
): Promise<{ items: T[]; total: number }> {
	const items: T[] = [];
	for (let cursor: string | null = ""; ; ) {
		const page = await ask({
			limit: Math.min(largestPage, limit - items.length),
			...(sort === undefined ? {} : { sort }),
			...(cursor === "" ? {} : { cursor }),
		});
		items.push(...page.items);
		if (page.next === null || items.length >= limit) return { items, total: page.total };
		cursor = page.next;
	}
}

function limitsOf(options: ListOptions): { limit: number; sort?: string } {
	return { limit: parseLimit(options.limit), ...(options.sort === undefined ? {} : { sort: options.sort }) };
}

/** The number of a map as typed. Throws `invalid`. */
export function parseMapId(text: string): number {
	const id = Number(text.replace(/^#/, ""));
	if (Number.isSafeInteger(id) && id > 0) return id;
	throw new AppError("invalid", `"${text}" is not the number of a map.`, {
		hint: "See the numbers with: vedette map list",
	});
}

/** With the router each hangs on, where one of them was traced. */
export const hostColumns = (hosts: readonly MapHost[]): readonly Column<MapHost>[] => [
	{ title: "ADDRESS", value: (host) => host.address, max: 40 },
	{ title: "FLAGS", value: flagsText },
	{ title: "NAME", value: (host) => host.names.join(" ") || null, max: 50 },
	{ title: "NETBIOS", value: (host) => host.netbios },
	...(hosts.some(({ links }) => links.length > 0) ? [{ title: "VIA", value: viaText, max: 40 }] : []),
	{ title: "FOUND BY", value: foundByText, max: 60 },
];

/** The tree of the hosts, a line each. */
function printTree(ctx: CommandContext, hosts: readonly MapHost[]): void {
	for (const row of topologyRows(hosts)) ctx.print(harmless(`${row.branch}${topologyText(row)}`));
}

const differenceColumns = (rows: readonly MapDifference[]): readonly Column<MapDifference>[] => [
	{ title: "ADDRESS", value: ({ host }) => host.address, max: 40 },
	{ title: "STANDING", value: ({ standing }) => standing },
	{ title: "CHANGE", value: ({ change }) => change },
	{ title: "FLAGS", value: ({ host }) => flagsText(host) },
	{ title: "NAME", value: ({ host }) => host.names.join(" ") || null, max: 50 },
	...(rows.some(({ earlierRoute }) => earlierRoute !== null)
		? [{ title: "ROUTE HAS CHANGED", value: changedRoute, max: 80 }]
		: []),
	{ title: "FOUND BY", value: ({ host }) => foundByText(host), max: 60 },
];

/** `10.0.0.1 › 10.0.3.1, was 10.0.0.1 › 10.0.3.9`; null when it is the same. */
function changedRoute({ host, earlierRoute }: MapDifference): string | null {
	return earlierRoute === null ? null : `${routeText(host.route)}, was ${routeText(earlierRoute)}`;
}

const approvedColumns = (now: number): readonly Column<ApprovedHost>[] => [
	{ title: "ADDRESS", value: (host) => host.address },
	{ title: "NETWORK", value: (host) => host.network, max: 30 },
	{ title: "APPROVED", value: (host) => age(host.approvedAt, now), align: "right" },
	{ title: "BY", value: (host) => personName(host.approvedBy), max: 30 },
];

const domainColumns: readonly Column<MapDomain>[] = [
	{ title: "DOMAIN", value: ({ domain }) => domain, max: 40 },
	{ title: "NETBLOCK", value: ({ netblock }) => netblock.join(", ") || null, max: 60 },
	{ title: "APPROVED", value: ({ approved }) => approved, align: "right" },
	{ title: "LAST MAP", value: ({ lastMap }) => lastMap, align: "right" },
];

const mapColumns = (now: number): readonly Column<NetworkMap>[] => [
	{ title: "ID", value: ({ id }) => id, align: "right" },
	{ title: "STATUS", value: (map) => (map.partial ? `${map.status} (partial)` : map.status) },
	{ title: "DONE", value: ({ progress }) => percent(progress), align: "right" },
	{ title: "TITLE", value: ({ title }) => title, max: 50 },
	{ title: "HOSTS", value: ({ hosts }) => hosts, align: "right" },
	{ title: "LIVE", value: ({ live }) => live, align: "right" },
	{ title: "ADDRESSES", value: ({ addresses }) => addresses, align: "right" },
	{ title: "TOOK", value: ({ activeMs }) => duration(activeMs), align: "right" },
	{ title: "STARTED", value: ({ startedAt }) => age(startedAt, now), align: "right" },
];
