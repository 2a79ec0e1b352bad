/**
 * What `vedette` does without a command and without a terminal: looks at this machine, prints what is wrong and says
 * what to type next. Leaves no daemon behind that it started itself.
 */
import * as daemon from "../../protocol/methods/daemon.ts";
import * as scans from "../../protocol/methods/scans.ts";
import { connectRunning } from "../connect/connect-home.ts";
import type { CommandContext } from "./command.ts";
import { Interrupted } from "./outcome.ts";
import { startScan } from "./scan.ts";
import { printOutcome } from "./scan-outcome.ts";
import { waitForScan } from "./scan-wait.ts";

const thisMachine = "127.0.0.1";

export async function firstLook(ctx: CommandContext): Promise<void> {
	const running = await connectRunning({ env: ctx.env });
	await running?.close();
	const client = await ctx.connect({ start: true });
	try {
		ctx.print(`Scanning this machine (${thisMachine}).\n`);
		const scan = await startScan(ctx, client, [thisMachine], {
			ports: "standard",
			profile: "Initial",
			title: "This machine",
		});
		const ended = await waitForScan(ctx, client, scan).catch(async (err: unknown) => {
			// Nobody asked for this scan by name: it does not go on behind the back of who pressed Ctrl-C.
			if (!(err instanceof Interrupted)) throw err;
			await client.call(scans.cancel, { scan: scan.id });
			throw new Interrupted(
				"Stopped. What was found until now is kept.",
				`See it in the console: ${commandAsTyped(ctx.env)}`,
			);
		});
		const [worst] = await printOutcome(ctx, client, ended, false);
		ctx.print(`\n${whatNext(commandAsTyped(ctx.env), running !== null, worst?.id ?? null)}`);
	} finally {
		if (running === null) await client.call(daemon.stop, {}).catch(() => undefined);
	}
}

/** `npm start` and `npx` run what is not on the PATH: then `vedette` alone would not be found. */
function commandAsTyped(env: NodeJS.ProcessEnv): string {
	return env.npm_command === undefined ? "vedette" : "npx vedette";
}

/** Every line works as it stands: without a daemon, what only asks one comes after the line that starts it. */
function whatNext(vedette: string, isRunning: boolean, worst: number | null): string {
	const console = [vedette, "the console, in a terminal"];
	const scan = [`${vedette} scan <address or range>`, "another machine you may scan"];
	const start = [`${vedette} daemon start`, "keep the daemon running, for what follows"];
	const ask = [
		...(worst === null ? [] : [[`${vedette} why ${worst}`, "why the first line above is there"]]),
		[`${vedette} findings 'severity>=4'`, "what is wrong, filtered; also: assets, scans"],
	];
	const rest = [`${vedette} --help`, "everything else"];
	const lines = isRunning ? [console, ...ask, scan, rest] : [console, scan, start, ...ask, rest];
	return ["What next:", ...lines.map(([typed = "", what = ""]) => `  ${typed.padEnd(38)} ${what}`)].join("\n");
}
