/** `vedette scan`: start a scan, and by default wait for it and print what it found. */
import { createInterface } from "node:readline/promises";
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as findings from "../../protocol/methods/findings.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Finding } from "../../protocol/model/finding.ts";
import type { Scan, ScanEstimate } from "../../protocol/model/scan.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { findingColumns } from "./findings.ts";
import { exitCodes } from "./outcome.ts";
import { readPages } from "./pages.ts";
import { duration, printList, wantsColour } from "./print.ts";

interface ScanOptions {
	ports: string;
	profile: string;
	exclude: string[];
	title?: string;
	detach?: boolean;
	json?: boolean;
	yes?: boolean;
}

export const scanCommand: CommandFile = {
	register(program, run) {
		program
			.command("scan")
			.description("scan targets and print what is wrong with them")
			.argument("<target...>", "address, CIDR, range (10.0.0.1-10.0.0.20 or 10.0.0.1-20) or host name")
			.option("--ports <set>", "light, standard, full, or a list such as 22,80,8000-8100", "standard")
			.option("--profile <name>", "option profile", "Initial")
			.option(
				"--exclude <target>",
				"leave these out; may be repeated",
				(value: string, all: string[]) => [...all, value],
				[],
			)
			.option("--title <text>", "what to call it")
			.option("--wait", "wait for the end and print the findings (the default)")
			.option("--detach", "return as soon as it has started")
			.option("--yes", "start even when it is large")
			.option("--json", "one JSON document")
			.action((targets: string[], options: ScanOptions) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const scan = await startScan(ctx, client, targets, options);
					if (options.detach === true) {
						ctx.print(
							options.json === true
								? JSON.stringify(scan, null, 2)
								: `Scan ${scan.id} has started. Watch it with: vedette`,
						);
						return;
					}
					const ended = await waitForScan(ctx, client, scan);
					await report(ctx, client, ended, options.json === true);
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
	const request = {
		targets,
		ports: options.ports,
		profile: options.profile,
		exclusions: options.exclude,
		...(options.title === undefined ? {} : { title: options.title }),
	};
	const estimate = await client.call(scans.estimate, request);
	for (const warning of estimate.warnings) ctx.stderr.write(`${harmless(warning)}\n`);
	if (estimate.needsConfirmation && options.yes !== true) await confirmLarge(ctx, estimate);
	return client.call(scans.start, { ...request, confirm: estimate.needsConfirmation });
}

async function confirmLarge(ctx: CommandContext, estimate: ScanEstimate): Promise<void> {
	const size = `${estimate.addresses.toLocaleString("en")} addresses × ${estimate.ports.toLocaleString("en")} ports`;
	const text = `This would ask ${size}, about ${roughly(estimate.seconds)}.`;
	if (ctx.stdin.isTTY !== true || ctx.stderr.isTTY !== true)
		throw new AppError("too-large", text, {
			hint: "Nothing was sent. If you mean it, add --yes; else narrow the targets or use --ports light.",
		});
	const prompt = createInterface({ input: ctx.stdin, output: ctx.stderr });
	const answer = await prompt.question(`${text} Start it? [y/N] `);
	prompt.close();
	if (!/^y(es)?$/i.test(answer.trim())) throw new AppError("cancelled", "Nothing was sent.");
}

/** `40 seconds`, `3 hours`, `12 days`. */
function roughly(seconds: number): string {
	const steps: [number, string][] = [
		[86_400 * 365, "years"],
		[86_400, "days"],
		[3_600, "hours"],
		[60, "minutes"],
	];
	for (const [size, name] of steps) if (seconds >= size * 2) return `${Math.round(seconds / size)} ${name}`;
	return `${Math.max(1, Math.round(seconds))} seconds`;
}

const over: readonly Scan["status"][] = ["finished", "cancelled", "error", "paused"];

/** How long the daemon may be away before waiting for its scan is given up. Milliseconds. */
const patienceMs = 15_000;

/** Follows the scan to its end, with a progress line where somebody looks. */
export function waitForScan(ctx: CommandContext, client: Client, scan: Scan): Promise<Scan> {
	const live = ctx.stderr.isTTY === true && ctx.env.TERM !== "dumb";
	const { promise, resolve, reject } = Promise.withResolvers<Scan>();
	const gone = () =>
		reject(
			new AppError("unavailable", `The daemon went away during scan ${scan.id}; it carries on when it starts again.`, {
				hint: "Start it with: vedette daemon",
			}),
		);
	let patience: NodeJS.Timeout | undefined;
	const stopWatching = client.onState((state) => {
		clearTimeout(patience);
		if (state === "closed") gone();
		else if (state === "reconnecting") patience = setTimeout(gone, patienceMs);
	});
	const see = (current: Scan) => {
		if (live)
			ctx.stderr.write(`\r\u001b[2K${progressLine(current).slice(0, Math.max(20, (ctx.stderr.columns ?? 80) - 1))}`);
		if (over.includes(current.status)) resolve(current);
	};
	const subscription = client.subscribe(
		scans.follow,
		{ scan: scan.id },
		{
			onSnapshot: (snapshot) => see(snapshot.scan),
			onEvent: (event) => {
				if (event.kind === "scan") see(event.scan);
			},
			onError: reject,
		},
	);
	return promise.finally(() => {
		if (live) ctx.stderr.write("\r\u001b[2K");
		clearTimeout(patience);
		stopWatching();
		subscription.close();
	});
}

function progressLine(scan: Scan): string {
	const stage =
		scan.stages.findLast((candidate) => candidate.total > 0 && candidate.done < candidate.total)?.name ?? "finishing";
	const left = scan.etaMs === null ? "" : `  ${duration(scan.etaMs)} left`;
	return `${Math.round(scan.progress * 100)} %  ${stage}  ${scan.hosts.done}/${scan.hosts.total} hosts  ${scan.openPorts} open ports  ${Math.round(scan.rate)} probes/s${left}`;
}

export async function report(ctx: CommandContext, client: Client, scan: Scan, json: boolean): Promise<void> {
	const filter = scan.startedAt === null ? "" : `lastFound>="${scan.startedAt}"`;
	const page = await readPages<Finding>(client, findings.list, { filter, limit: 1_000 });
	if (json) ctx.print(JSON.stringify({ scan, items: page.items, total: page.total }, null, 2));
	else {
		printList(ctx, page, { columns: findingColumns(wantsColour(ctx.stdout, ctx.env)), empty: "No findings." });
		ctx.print(`\n${closingLine(scan)}`);
	}
	if (scan.status === "error") ctx.exit(exitCodes.failed);
	else if (scan.status !== "finished" || scan.partial) ctx.exit(exitCodes.partial);
}

function closingLine(scan: Scan): string {
	const took = duration(scan.activeMs);
	const figures = `${scan.hosts.alive} of ${scan.hosts.total} hosts alive, ${scan.openPorts} open ports, ${scan.newFindings} new and ${scan.fixedFindings} fixed findings`;
	const state = scan.partial ? `${scan.status}, partly` : scan.status;
	return `Scan ${scan.id} ${state} in ${took}: ${figures}.${scan.reason === null ? "" : ` ${scan.reason}`}`;
}
