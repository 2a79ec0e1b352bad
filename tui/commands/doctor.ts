/** `vedette doctor`: is everything here as it should be, and if not, what to do. */
import { AppError } from "../../protocol/errors.ts";
import * as credentials from "../../protocol/methods/credentials.ts";
import * as daemon from "../../protocol/methods/daemon.ts";
import type { CheckState, DoctorCheck, DoctorReport } from "../../protocol/model/doctor.ts";
import { checkDaemon, refusedByDaemon } from "../connect/check-daemon.ts";
import { connectRunning } from "../connect/connect-home.ts";
import { examineHere } from "../connect/local-doctor.ts";
import { checkTerminal } from "../terminal/check-terminal.ts";
import { wrap } from "../text/fit.ts";
import { plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { version } from "../version.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { exitCodes } from "./outcome.ts";
import { jsonText, wantsColour, widthOfTerminal } from "./print.ts";

export const doctorCommand: CommandFile = {
	register(program, run) {
		program
			.command("doctor")
			.description("check this machine, this home and its daemon, and say how to mend what is wrong")
			.argument("[host]", "log in there as a scan would, and say step by step how far it gets")
			.option("--credential <name>", "with this one, instead of the first that is for the host")
			.option("--json", "one JSON document")
			.action((host: string | undefined, options: { json?: boolean; credential?: string }) =>
				run(async (ctx) => {
					if (host !== undefined) return examineHost(ctx, host, options);
					const report = await examine(ctx);
					const failed = report.checks.some((check) => check.state === "failed");
					if (options.json === true) ctx.print(jsonText(report));
					else print(ctx, report);
					if (failed) ctx.exit(exitCodes.failed);
				}),
			);
	},
};

async function examineHost(ctx: CommandContext, target: string, options: { json?: boolean; credential?: string }) {
	const client = await ctx.connect({ start: true });
	const { credential } = options;
	const report = await client.call(credentials.check, { target, ...(credential === undefined ? {} : { credential }) });
	const failed = report.checks.some(({ state }) => state === "failed");
	if (options.json === true) ctx.print(jsonText(report));
	else {
		print(ctx, report);
		if (report.dropIn !== null) {
			ctx.print(`\nWhat is run as root there, for ${harmless(report.dropIn.file)} on the host:\n`);
			for (const line of report.dropIn.text.trimEnd().split("\n")) ctx.print(harmless(line));
		}
	}
	if (failed) ctx.exit(exitCodes.failed);
}

async function examine(ctx: CommandContext): Promise<DoctorReport> {
	const { columns, rows, isTTY } = ctx.stdout;
	const terminal = checkTerminal(ctx.env, isTTY === true ? { columns, rows } : null);
	const { of, report } = await examineDaemon(ctx);
	return { ...report, checks: [of, ...report.checks, ...terminal] };
}

async function examineDaemon({ env }: CommandContext): Promise<{ of: DoctorCheck; report: DoctorReport }> {
	try {
		const client = await connectRunning({ env });
		if (client === null) return { of: checkDaemon(null, version), report: await examineHere(env) };
		try {
			const of = checkDaemon(await client.call(daemon.status, {}), version);
			return { of, report: await client.call(daemon.doctor, {}) };
		} finally {
			await client.close();
		}
	} catch (err) {
		// A daemon that is too old to be asked, or that will not have us: what can be seen from here is seen.
		if (!(err instanceof AppError)) throw err;
		return { of: refusedByDaemon(err.message, err.hint), report: await examineHere(env) };
	}
}

const labels: Record<CheckState, string> = { ok: "ok", warning: "warning", failed: "FAILED" };
const colours: Record<CheckState, string> = { ok: "32", warning: "33", failed: "1;31" };
const [labelWidth, titleWidth] = [8, 20];

function print(ctx: CommandContext, { checks }: DoctorReport): void {
	const colour = wantsColour(ctx.stdout, ctx.env);
	const indent = " ".repeat(labelWidth + titleWidth);
	const room = (widthOfTerminal(ctx.stdout) ?? 1_000) - indent.length;
	for (const { state, title, found, cure } of checks) {
		const label = labels[state].padEnd(labelWidth);
		const [first = "", ...rest] = wrap(harmless(found), Math.max(40, room));
		ctx.print(`${colour ? `\u001b[${colours[state]}m${label}\u001b[0m` : label}${title.padEnd(titleWidth)}${first}`);
		for (const line of rest) ctx.print(`${indent}${line}`);
		// Not wrapped: commands are there to be copied.
		for (const line of cure) ctx.print(`${indent}→ ${harmless(line)}`);
	}
	const of = (state: CheckState) => checks.filter((check) => check.state === state).length;
	const [warnings, failed] = [of("warning"), of("failed")];
	ctx.print(`\n${plural(checks.length, "check")}: ${of("ok")} ok, ${plural(warnings, "warning")}, ${failed} failed.`);
}
