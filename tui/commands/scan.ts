/** `vedette scan`: start a scan, and by default wait for it and print what it found. */
import { createInterface } from "node:readline/promises";
import { Option } from "commander";
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan, ScanEstimate } from "../../protocol/model/scan.ts";
import { plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { jsonText } from "./print.ts";
import { printOutcome } from "./scan-outcome.ts";
import { waitForScan } from "./scan-progress.ts";

interface ScanOptions {
	ports?: string;
	udp?: string;
	profile: string;
	exclude?: string[];
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
			.option("--ports <set>", "light, standard, full, or a list such as 22,80,8000-8100 (default: the profile's)")
			.option("--udp <set>", "UDP ports: none, light, standard, or a list such as 53,161 (default: the profile's)")
			.option("--profile <name>", "option profile", "Initial")
			.option("--exclude <target>", "leave these out; may be repeated", (value: string, all: string[] = []) => [
				...all,
				value,
			])
			.option("--title <text>", "what to call it")
			.option("--wait", "wait for the end and print the findings (the default)")
			.addOption(new Option("--detach", "return as soon as it has started").conflicts("wait"))
			.option("--yes", "start even when it is large")
			.option("--json", "one JSON document")
			.action((targets: string[], options: ScanOptions) =>
				run(async (ctx) => {
					const wanted = targets.flatMap(readTarget);
					const client = await ctx.connect({ start: true });
					const scan = await startScan(ctx, client, wanted, options);
					if (options.detach !== true) {
						await printOutcome(ctx, client, await waitForScan(ctx, client, scan), options.json === true);
					} else if (options.json === true) ctx.print(jsonText(scan));
					else ctx.print(`Scan ${scan.id} has started. See it with: vedette scans   (or in the console: vedette)`);
				}),
			);
	},
};

/** Longest target the protocol takes; a longer list is handed over in parts. */
const longestTarget = 253;

/** A word of the command line as targets. Throws `invalid` for one that is empty or longer than any target. */
function readTarget(text: string): string[] {
	if (text.trim() === "")
		throw new AppError("invalid", "A target is empty.", {
			hint: "Write an address, a block (192.0.2.0/24), a range (192.0.2.10-20) or a host name.",
		});
	if (text.length <= longestTarget) return [text];
	const parts = text.split(",").filter((part) => part.trim() !== "");
	const long = parts.find((part) => part.length > longestTarget);
	if (long === undefined) return parts;
	throw new AppError("invalid", `"${long.slice(0, 60)}…" is too long to be an address or a host name.`);
}

/** Estimates first, so that a slip of the finger is seen before anything is sent. */
export async function startScan(
	ctx: CommandContext,
	client: Client,
	targets: string[],
	options: Omit<ScanOptions, "detach" | "json">,
): Promise<Scan> {
	const request = {
		targets,
		...(options.ports === undefined ? {} : { ports: options.ports }),
		...(options.udp === undefined ? {} : { udp: options.udp }),
		profile: options.profile,
		exclusions: options.exclude ?? [],
		...(options.title === undefined ? {} : { title: options.title }),
	};
	const estimate = await client.call(scans.estimate, request);
	for (const warning of estimate.warnings) ctx.stderr.write(`${harmless(warning)}\n`);
	if (estimate.needsConfirmation && options.yes !== true) await confirmLarge(ctx, estimate);
	return client.call(scans.start, { ...request, confirm: estimate.needsConfirmation });
}

async function confirmLarge(ctx: CommandContext, estimate: ScanEstimate): Promise<void> {
	const size = `${plural(estimate.addresses, "address", "addresses")} × ${plural(estimate.ports, "port")}`;
	const text = `This would ask ${size}, about ${roughly(estimate.seconds)} if every address is alive.`;
	if (ctx.stdin.isTTY !== true || ctx.stderr.isTTY !== true)
		throw new AppError("too-large", text, {
			hint: "Nothing was sent. If you mean it, add --yes; else narrow the targets or the ports (--ports light).",
		});
	const answer = await ask(ctx, `${text}\nStart it? [y/N] `);
	if (!/^y(es)?$/i.test(answer.trim())) throw new AppError("cancelled", "Nothing was sent.");
}

/** What was typed; nothing when the input ended or Ctrl-C was pressed, for which readline alone would wait for ever. */
async function ask(ctx: CommandContext, question: string): Promise<string> {
	const prompt = createInterface({ input: ctx.stdin, output: ctx.stderr });
	const { promise, resolve } = Promise.withResolvers<string>();
	prompt.once("SIGINT", () => prompt.close());
	prompt.once("close", () => {
		ctx.stderr.write("\n");
		resolve("");
	});
	prompt.question(question).then(resolve, () => resolve(""));
	const answer = await promise;
	prompt.removeAllListeners("close");
	prompt.close();
	return answer;
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
	return plural(Math.max(1, Math.round(seconds)), "second");
}
