/** `vedette map`: find the hosts of netblocks and domains, and by default wait and print them. */
import { Option } from "commander";
import * as maps from "../../protocol/methods/maps.ts";
import { type NetworkMap, netblockSizes, type TraceChoice, traceChoices } from "../../protocol/model/map.ts";
import { plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { mapCoverageSummary } from "../text/map-coverage-words.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { printGhostsOf } from "./ghosts.ts";
import { registerMapActions } from "./map-actions.ts";
import { hostColumns, listMaps, readHosts, registerMapReports } from "./map-reports.ts";
import { waitForMap } from "./map-wait.ts";
import { exitCodes } from "./outcome.ts";
import { duration, jsonText, printList } from "./print.ts";
import { addWindowOptions, type WindowOptions, waitingWords, windowRequest } from "./scan-window.ts";

interface MapOptions extends WindowOptions {
	ignoreWindow?: boolean;
	profile: string;
	exclude?: string[];
	title?: string;
	network?: string;
	tcp?: string;
	udp?: string;
	/** Commander's way with `--no-dns`. */
	dns: boolean;
	resolver?: string;
	netblockSize: string;
	trace?: TraceChoice;
	detach?: boolean;
	json?: boolean;
}

export const mapCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("map")
			.description("find the hosts of netblocks and domains; without a target, list the maps")
			.argument(
				"[target...]",
				'"none:[192.0.2.0/24]", "example.org:[192.0.2.0/24]", example.org, plain addresses, an asset group (group:Web) or a tag (tag:Web)',
			)
			.option("--profile <name>", "option profile: pace, and ports to find hosts by", "Initial")
			.option("--exclude <target>", "leave these out; may be repeated", (value: string, all: string[] = []) => [
				...all,
				value,
			])
			.option(
				"--network <name>",
				"the network the addresses are in (default: that of the asset groups named, else default)",
			)
			.option("--title <text>", "what to call it")
			.option("--tcp <ports>", "TCP ports to find hosts by (default: those of the profile)")
			.option("--udp <ports>", "UDP ports to find hosts by, or none (default: those of the profile)")
			.option("--no-dns", "no DNS traffic: no names are looked up")
			.option(
				"--resolver <address>",
				"name server to ask, address or address:port, or machine (default: the profile's, else the one kept, else this machine's)",
			)
			.addOption(
				new Option(
					"--trace <hosts>",
					"find the routers on the way to: none, a sample of each /24, or all live hosts (default: as the profile says, sample)",
				).choices(traceChoices),
			)
			.addOption(
				new Option("--netblock-size <n>", "largest netblock, in addresses")
					.choices(netblockSizes.map(String))
					.default("8192"),
			);
		addWindowOptions(command)
			.option("--wait", "wait for the end and print the hosts (the default)")
			.addOption(new Option("--detach", "return as soon as it has started").conflicts("wait"))
			.option("--json", "one JSON document")
			.action((targets: string[], options: MapOptions) =>
				run(async (ctx) => {
					if (targets.length === 0) return listMaps(ctx, { json: options.json, limit: 50, filter: "" });
					const client = await ctx.connect({ start: true });
					const started = await client.call(maps.start, requestOf(targets, options));
					if (options.detach === true) {
						if (options.json === true) ctx.print(jsonText(started));
						for (const map of options.json === true ? [] : started.maps) ctx.print(startedWords(map));
						return;
					}
					const ended: NetworkMap[] = [];
					for (const map of started.maps) ended.push(await waitForMap(ctx, client, map));
					await printOutcome(ctx, ended, options.json === true);
				}),
			);
		registerMapReports(command, run);
		registerMapActions(command, run);
	},
};

function startedWords(map: NetworkMap): string {
	if (map.status === "waiting") return waitingWords(map, "map");
	return `Map ${map.id} of ${harmless(map.domain)} has started. See it with: vedette map show ${map.id}`;
}

function requestOf(targets: string[], options: MapOptions) {
	return {
		targets,
		profile: options.profile,
		exclusions: options.exclude ?? [],
		dns: options.dns,
		netblockSize: netblockSizes.find((size) => String(size) === options.netblockSize) ?? 8_192,
		...(options.title === undefined ? {} : { title: options.title }),
		...(options.network === undefined ? {} : { network: options.network }),
		...(options.tcp === undefined ? {} : { tcpPorts: options.tcp }),
		...(options.udp === undefined ? {} : { udpPorts: options.udp }),
		...(options.trace === undefined ? {} : { trace: options.trace }),
		...(options.resolver === undefined ? {} : { resolver: options.resolver }),
		...windowRequest(options),
		ignoreWindow: options.ignoreWindow === true,
	};
}

/** Prints what each map found and sets the exit code: `failed`, `partial` unless all was done. */
async function printOutcome(ctx: CommandContext, ended: readonly NetworkMap[], json: boolean): Promise<void> {
	const client = await ctx.connect({ start: false });
	const results = [];
	for (const map of ended) {
		const coverage = await client.call(maps.coverage, { map: map.id });
		results.push({ map, ...(await readHosts(client, map.id, { filter: "", limit: 1_000 })), coverage });
	}
	if (json) ctx.print(jsonText({ maps: results }));
	for (const { map, items, total, coverage } of json ? [] : results) {
		if (items.length > 0) {
			printList(
				ctx,
				{ items, total },
				{
					columns: hostColumns(items),
					empty: "",
					more: `all with: vedette map show ${map.id} --limit`,
				},
			);
			ctx.print("");
		}
		ctx.print(summaryOf(map));
		for (const line of mapCoverageSummary(coverage)) ctx.print(harmless(line));
		ctx.print(`All of it: vedette map coverage ${map.id}`);
		if ((map.ghosts ?? 0) > 0) await printGhostsOf(ctx, client, { map: map.id });
	}
	const worst = ended.find(({ status }) => status === "error") ?? ended.find((map) => isPartial(map));
	if (worst !== undefined) ctx.exit(worst.status === "error" ? exitCodes.failed : exitCodes.partial);
}

function isPartial({ status, partial }: NetworkMap): boolean {
	return status !== "finished" || partial;
}

function summaryOf(map: NetworkMap): string {
	const figures = `${plural(map.hosts, "host")}, ${map.live} live${(map.ghosts ?? 0) > 0 ? ` besides ${plural(map.ghosts ?? 0, "ghost")}` : ""}, of ${plural(map.addresses, "address", "addresses")}`;
	const end =
		map.status === "finished" ? (map.partial ? "finished in part after" : "finished in") : `is ${map.status} after`;
	const lines = [`Map ${map.id} of ${harmless(map.domain)} ${end} ${duration(map.activeMs)}: ${figures}.`];
	if (map.reason !== null) lines.push(harmless(map.reason));
	if (map.status === "paused") lines.push(`Go on with: vedette map resume ${map.id}`);
	return lines.join("\n");
}
