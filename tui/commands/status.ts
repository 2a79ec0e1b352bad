/** `vedette status`: is a daemon running, where, and what is it doing. */
import * as daemon from "../../protocol/methods/daemon.ts";
import type { Overview } from "../../protocol/model/overview.ts";
import { age, count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandFile } from "./command.ts";
import { jsonText } from "./print.ts";

export const statusCommand: CommandFile = {
	register(program, run) {
		program
			.command("status")
			.description("say what the daemon of this home is doing")
			.option("--json", "one JSON document")
			.action((options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const status = await client.call(daemon.status, {});
					const overview = await client.call(daemon.getOverview, {});
					if (options.json === true) {
						ctx.print(jsonText({ ...status, overview }));
						return;
					}
					const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MB`;
					const open = Object.values(overview.findings).reduce((sum, n) => sum + n, 0);
					const lines: [string, string][] = [
						[
							"daemon",
							`${status.version}, pid ${status.pid}, up ${age(status.startedAt, Date.now())}, ${megabytes(status.rssBytes)}`,
						],
						["home", status.home],
						["socket", status.socket],
						["store", megabytes(status.storeBytes)],
						["engine", `${status.engine.name}: ${status.engine.reason}`],
						["scans", `${status.runningScans} running`],
						[
							"assets",
							`${count(overview.assets)}, ${plural(overview.services, "service")}, ${plural(open, "open finding")}`,
						],
						[
							"knowledge",
							`${plural(overview.knowledge.signatures, "signature")} (${overview.knowledge.version.slice(0, 12)})`,
						],
					];
					lines.push(["feeds", feedsText(overview.feeds)]);
					const alone = status.singleOperator;
					if (alone !== null)
						lines.push(["operators", `one may ask and decide, since ${alone.since.slice(0, 10)}: ${alone.reason}`]);
					for (const [name, text] of lines) ctx.print(`${name.padEnd(10)} ${harmless(text)}`);
					for (const problem of overview.knowledge.problems) ctx.print(`  problem: ${harmless(problem)}`);
				}),
			);
	},
};

function feedsText({ held, freshAt, lagging, isOld, updating }: Overview["feeds"]): string {
	const now = updating ? "; an update or import runs" : "";
	if (freshAt === null) return `none, so packages are not judged: vedette knowledge update, or import FILE${now}`;
	const behind = held > 1 ? `${lagging} lags most` : `${lagging}`;
	const old = isOld ? ", old: vedette knowledge update" : "";
	return `${plural(held, "feed")}, ${age(freshAt, Date.now())} old (${behind})${old}${now}`;
}
