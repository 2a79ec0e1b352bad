/** `vedette scan`: start a scan, and by default wait for it and print what it found. */
import { Option } from "commander";
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { jsonText } from "./print.ts";
import { confirmLarge, estimateLines } from "./scan-estimate.ts";
import { printOutcome } from "./scan-outcome.ts";
import { waitForScan } from "./scan-wait.ts";
import { addWindowOptions, type WindowOptions, waitingWords, windowRequest } from "./scan-window.ts";
import { readTargetWords, requestTexts } from "./target-words.ts";

interface ScanOptions extends WindowOptions {
	ports?: string;
	udp?: string;
	profile: string;
	exclude?: string[];
	title?: string;
	network?: string;
	detach?: boolean;
	json?: boolean;
	yes?: boolean;
	targetsFile?: string[];
	excludeFile?: string[];
	split?: boolean;
	dryRun?: boolean;
	ignoreWindow?: boolean;
}

const collect = (value: string, all: string[] = []) => [...all, value];

export const scanCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("scan")
			.description("scan targets and print what is wrong with them")
			.argument(
				"[target...]",
				"address, CIDR, range (10.0.0.1-10.0.0.20 or 10.0.0.1-20), host name, asset group (group:Web, 'group:Web servers'), tag (tag:Web, or tag-ranges:Web with the addresses of its rule) or @FILE",
			)
			.option("--targets-file <file>", "targets from a file, one a line, # for comments; - for standard input", collect)
			.option("--ports <set>", "light, standard, full, or a list such as 22,80,8000-8100 (default: the profile's)")
			.option("--udp <set>", "UDP ports: none, light, standard, or a list such as 53,161 (default: the profile's)")
			.option("--profile <name>", "option profile", "Initial")
			.option("--exclude <target>", "leave these out; may be repeated", collect)
			.option("--exclude-file <file>", "leave out what is in a file, written as with --targets-file", collect)
			.option("--split", "host names that share an address are each looked at by themselves; at most 500 names")
			.option("--network <name>", "the network the addresses are in (vedette network list)")
			.option("--title <text>", "what to call it");
		addWindowOptions(command)
			.option("--wait", "wait for the end and print the findings (the default)")
			.addOption(new Option("--detach", "return as soon as it has started").conflicts("wait"))
			.option("--dry-run", "say what it would do and send nothing (but look names up)")
			.option("--yes", "start even when it is large")
			.option("--json", "one JSON document")
			.action((targets: string[], options: ScanOptions) =>
				run(async (ctx) => {
					const wanted = await readTargetWords(ctx, targets, options.targetsFile);
					const left = await readTargetWords(ctx, options.exclude ?? [], options.excludeFile);
					if (wanted.texts.length + wanted.files.length === 0) throw noTarget();
					const client = await ctx.connect({ start: true });
					const exclude = await requestTexts(client, left);
					const asked = { ...options, exclude };
					const texts = await requestTexts(client, wanted);
					if (options.dryRun === true) return await showEstimate(ctx, client, texts, asked);
					const scan = await startScan(ctx, client, texts, asked);
					if (options.detach !== true) {
						await printOutcome(ctx, client, await waitForScan(ctx, client, scan), options.json === true);
					} else if (options.json === true) ctx.print(jsonText(scan));
					else if (scan.status === "waiting") ctx.print(waitingWords(scan, "scans"));
					else ctx.print(`Scan ${scan.id} has started. See it with: vedette scans   (or in the console: vedette)`);
				}),
			);
	},
};

/** Estimates first, so that a slip of the finger is seen before anything is sent. */
export async function startScan(
	ctx: CommandContext,
	client: Client,
	targets: string[],
	options: Omit<ScanOptions, "detach" | "json">,
): Promise<Scan> {
	const request = requestOf(targets, options);
	const estimate = await client.call(scans.estimate, request);
	for (const warning of estimate.warnings) ctx.stderr.write(`${harmless(warning)}\n`);
	if (estimate.needsConfirmation && options.yes !== true) await confirmLarge(ctx, estimate);
	return client.call(scans.start, { ...request, confirm: estimate.needsConfirmation });
}

function requestOf(targets: string[], options: Omit<ScanOptions, "detach" | "json">) {
	return {
		targets,
		...(options.ports === undefined ? {} : { ports: options.ports }),
		...(options.udp === undefined ? {} : { udp: options.udp }),
		profile: options.profile,
		exclusions: options.exclude ?? [],
		...(options.title === undefined ? {} : { title: options.title }),
		...(options.network === undefined ? {} : { network: options.network }),
		splitTargets: options.split === true,
		...windowRequest(options),
		ignoreWindow: options.ignoreWindow === true,
	};
}

/** The whole of what it would do, on standard output. */
async function showEstimate(
	ctx: CommandContext,
	client: Client,
	targets: string[],
	options: ScanOptions,
): Promise<void> {
	const estimate = await client.call(scans.estimate, requestOf(targets, options));
	if (options.json === true) return ctx.print(jsonText(estimate));
	for (const line of estimateLines(estimate)) ctx.print(line);
	const said = new Set(estimate.notScanned?.map(({ target, why }) => `${target} is not scanned: ${why}`));
	for (const warning of estimate.warnings) if (!said.has(warning)) ctx.stderr.write(`${harmless(warning)}\n`);
}

function noTarget(): AppError {
	return new AppError("invalid", "There is no target.", {
		hint: "Write an address, a block, a range, a host name or an asset group, or name a file: --targets-file hosts.txt",
	});
}
