/** `vedette scans`: the scans of this daemon. */

import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { age } from "../text/format.ts";
import type { CommandFile } from "./command.ts";
import { listWish, viewOption, type WishOptions } from "./list-wish.ts";
import { parseLimit, readPages } from "./pages.ts";
import { type Column, duration, jsonText, printList } from "./print.ts";
import { showNetworks } from "./scan-networks.ts";
import { showScan } from "./scan-show.ts";
import { waitingWords } from "./scan-window.ts";

export const scansCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("scans")
			.description("list scans, newest first; or show, pause, resume and cancel one")
			.argument("[query]", "filter, e.g. status:running")
			.option("--json", "one JSON document")
			.option("--limit <n>", "rows at most", "50")
			.option("--sort <field>", "-field for descending, several with commas")
			.option(...viewOption)
			.action((query: string | undefined, options: WishOptions & { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const page = await readPages<Scan>(client, scans.list, await listWish(client, "scans", query, options));
					printList(ctx, page, {
						json: options.json,
						columns: columns(Date.now()),
						empty: query
							? "No scan matches that. See all with: vedette scans"
							: "No scans yet. Start one with: vedette scan 127.0.0.1",
					});
				}),
			);
		command
			.command("not-scanned <scan>")
			.description("targets of a scan that led nowhere: names without an address, and names of excluded ones")
			.option("--limit <n>", "rows at most", "50")
			.option("--json", "one JSON document")
			.action((id: string, _options: object, own: Command) =>
				run(async (ctx) => {
					const { limit: most, json } = own.optsWithGlobals<{ limit: string; json?: boolean }>();
					const limit = Math.min(10_000, parseLimit(most));
					const client = await ctx.connect({ start: false });
					const page = await client.call(scans.notScanned, { scan: parseScan(id), limit });
					printList(ctx, page, {
						json,
						columns: [
							{ title: "TARGET", value: ({ target }) => target, max: 80 },
							{ title: "WHY", value: ({ why }) => why },
						],
						empty: "Every target of it led somewhere.",
					});
				}),
			);
		command
			.command("show <scan>")
			.description("what a scan asked and what came of it: answered, silent, lost, left out, and why")
			.option("--json", "one JSON document")
			.action((id: string, _options: { json?: boolean }, own: Command) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					// `vedette scans` has an option of the same name, which takes it.
					await showScan(ctx, client, parseScan(id), own.optsWithGlobals().json === true);
				}),
			);
		command
			.command("networks <scan>")
			.description("what a running scan meets in each /24: packets, answers, round trips, loss, and what slows it down")
			.option("--limit <n>", "networks at most, the busiest first", "50")
			.option("--json", "one JSON document")
			.action((id: string, _options: { limit: string; json?: boolean }, own: Command) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const { limit, json } = own.optsWithGlobals();
					await showNetworks(ctx, client, parseScan(id), { json: json === true, limit: parseLimit(limit) });
				}),
			);
		command
			.command("resume <scan>")
			.description("resume a scan by its number")
			.option("--ignore-window", "at once, whatever its window says, and until it is paused or over")
			.option("--json", "one JSON document")
			.action((id: string, options: { ignoreWindow?: boolean }, own: Command) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const ignoreWindow = options.ignoreWindow === true;
					const scan = await client.call(scans.resume, { scan: parseScan(id), ignoreWindow });
					if (own.optsWithGlobals().json === true) ctx.print(jsonText(scan));
					else
						ctx.print(scan.status === "waiting" ? waitingWords(scan, "scans") : `Scan ${scan.id} is ${scan.status}.`);
				}),
			);
		for (const method of [scans.pause, scans.cancel]) {
			const verb = method.name.slice("scans.".length);
			command
				.command(`${verb} <scan>`)
				.description(`${verb} a scan by its number; what it has found is kept`)
				.option("--json", "one JSON document")
				.action((id: string, _options: object, own: Command) =>
					run(async (ctx) => {
						const client = await ctx.connect({ start: false });
						const scan = await client.call(method, { scan: parseScan(id) });
						if (own.optsWithGlobals().json === true) ctx.print(jsonText(scan));
						else ctx.print(`Scan ${scan.id} is ${scan.status}.`);
					}),
				);
		}
	},
};

function parseScan(text: string): number {
	const id = Number(text.replace(/^#/, ""));
	if (Number.isSafeInteger(id) && id > 0) return id;
	throw new AppError("invalid", `"${text}" is not the number of a scan.`, {
		hint: "See the numbers with: vedette scans",
	});
}

function columns(now: number): Column<Scan>[] {
	return [
		{ title: "ID", value: (scan) => scan.id, align: "right" },
		{ title: "STATUS", value: (scan) => (scan.partial ? `${scan.status} (partial)` : scan.status) },
		{ title: "DONE", value: (scan) => `${Math.round(scan.progress * 100)} %`, align: "right" },
		{ title: "TITLE", value: (scan) => scan.title, max: 40 },
		{ title: "HOSTS", value: (scan) => `${scan.hosts.alive}/${scan.hosts.total}`, align: "right" },
		{ title: "OPEN", value: (scan) => scan.openPorts, align: "right" },
		{ title: "FINDINGS", value: (scan) => Object.values(scan.findings).reduce((sum, n) => sum + n, 0), align: "right" },
		{ title: "TOOK", value: (scan) => duration(scan.activeMs), align: "right" },
		{ title: "STARTED", value: (scan) => age(scan.startedAt, now), align: "right" },
	];
}
