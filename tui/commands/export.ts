/** `vedette export`: findings and what was decided about them, as a document for others. */
import { once } from "node:events";
import { resolve } from "node:path";
import { AppError } from "../../protocol/errors.ts";
import { type ExportFormat, exportFormats } from "../../protocol/model/export.ts";
import { exportToFile, type PulledExport, pullExport } from "../connect/pull-export.ts";
import { count, plural } from "../text/format.ts";
import { harmless, harmlessLines } from "../text/harmless.ts";
import { bytesText } from "../text/update-words.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { exitCodes, Interrupted } from "./outcome.ts";

interface ExportOptions {
	readonly format: string;
	readonly output?: string;
	readonly force?: true;
	readonly author?: string;
	readonly namespace?: string;
}

export const exportCommand: CommandFile = {
	register(program, run) {
		program
			.command("export")
			.description("write findings, and what was decided about them, as a document")
			.argument("[query]", 'which findings, as for "vedette findings"; excepted and ignored ones come along, marked')
			.option("-f, --format <format>", exportFormats.join(", "), "csv")
			.option("-o, --output <file>", "a file only you can read, there as a whole or not at all; else standard output")
			.option("--force", "replace the file that is there")
			.option("--author <name>", "who says so, in OpenVEX and CSAF")
			.option("--namespace <url>", "the author's address on the web, in CSAF")
			.addHelpText(
				"after",
				`
Examples:
  vedette export "severity>=4" -o findings.csv
  vedette export "tags:Production" --format sarif -o production.sarif
  vedette export "status:[NEW,ACTIVE,REOPENED,FIXED]" --format openvex --author "Example Ltd" -o vex.json`,
			)
			.action((query: string | undefined, options: ExportOptions) =>
				run(async (ctx) => {
					const params = {
						...{ format: parseFormat(options.format), filter: query ?? "" },
						...(options.author === undefined ? {} : { author: options.author }),
						...(options.namespace === undefined ? {} : { namespace: options.namespace }),
					};
					const client = await ctx.connect({ start: true });
					const output = options.output === "-" ? undefined : options.output;
					const { signal, progress, end } = watching(ctx, output !== undefined);
					try {
						if (output === undefined) {
							tellGone(ctx, await pullExport(client, params, { signal, progress, write: (text) => print(ctx, text) }));
							return;
						}
						const steps = { path: resolve(output), replace: options.force === true, signal, progress };
						const done = await exportToFile(client, params, steps);
						end();
						ctx.print(`${plural(done.rows, "finding")} written to ${harmless(output)} (${bytesText(done.bytes)}).`);
						tellGone(ctx, done);
					} finally {
						end();
					}
				}),
			);
	},
};

function parseFormat(text: string): ExportFormat {
	const format = exportFormats.find((one) => one === text.toLowerCase());
	if (format !== undefined) return format;
	throw new AppError("invalid", `There is no format ${JSON.stringify(text)}.`, {
		hint: `Formats: ${exportFormats.join(", ")}.`,
	});
}

/** Waits while nobody reads. Formats keep no control characters, but a terminal is not to rely on that. */
async function print({ stdout }: CommandContext, text: string): Promise<void> {
	const shown = stdout.isTTY ? harmlessLines(text).join("\n") : text;
	if (!stdout.write(shown)) await once(stdout, "drain");
}

/** A partial document says so, to whoever waits for it too. */
function tellGone(ctx: CommandContext, { gone }: PulledExport): void {
	if (gone === 0) return;
	ctx.stderr.write(
		`${plural(gone, "finding")} left the inventory meanwhile and ${gone === 1 ? "is" : "are"} not in it.\n`,
	);
	ctx.exit(exitCodes.partial);
}

/** Progress where somebody looks, and Ctrl-C. */
function watching(
	ctx: CommandContext,
	isFile: boolean,
): {
	readonly signal: AbortSignal;
	progress(rows: number, total: number): void;
	end(): void;
} {
	const controller = new AbortController();
	const restore = ctx.onInterrupt(() =>
		controller.abort(
			new Interrupted(
				isFile ? "The export was stopped; no file was written." : "The export was stopped; it is not complete.",
			),
		),
	);
	const isShown = ctx.stderr.isTTY === true && (isFile || ctx.stdout.isTTY !== true);
	let isOver = false;
	return {
		signal: controller.signal,
		progress(rows, total) {
			if (isShown && !isOver) ctx.stderr.write(`\r\u001b[K${count(rows)} of ${plural(total, "finding")}`);
		},
		end() {
			if (isShown && !isOver) ctx.stderr.write("\r\u001b[K");
			isOver = true;
			restore();
		},
	};
}
