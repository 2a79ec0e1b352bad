/**
 * What `vedette` does without a command and without a terminal: looks at this machine, prints what is wrong and says
 * what to type next. Leaves no daemon behind that it started itself.
 */
import * as daemon from "../../protocol/methods/daemon.ts";
import { connectRunning } from "../connect/connect-home.ts";
import type { CommandContext } from "./command.ts";
import { report, startScan, waitForScan } from "./scan.ts";

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
			exclude: [],
			title: "This machine",
		});
		await report(ctx, client, await waitForScan(ctx, client, scan), false);
		ctx.print(
			[
				"",
				"What next (npx vedette … in this folder, or npm start -- …):",
				"  vedette                            the console, in a terminal",
				"  vedette why <finding number>       why a line above is there",
				"  vedette scan <address or range>    another machine you may scan",
				"  vedette --help                     everything else",
			].join("\n"),
		);
	} finally {
		if (running === null) await client.call(daemon.stop, {}).catch(() => undefined);
	}
}
