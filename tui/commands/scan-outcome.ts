/** What is printed when the waiting for a scan is over: what it saw, and one line that sums up. */
import type { Client } from "../../protocol/client.ts";
import * as findings from "../../protocol/methods/findings.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Finding } from "../../protocol/model/finding.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { coverageSummary } from "../text/coverage-words.ts";
import { count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext } from "./command.ts";
import { findingColumns } from "./findings.ts";
import { printGhostsOf } from "./ghosts.ts";
import { exitCodes } from "./outcome.ts";
import { readPages } from "./pages.ts";
import { duration, jsonText, printList, wantsColour } from "./print.ts";

/** Findings printed at most; the rest is for `vedette findings`. */
const mostShown = 1_000;

/**
 * Prints the open findings the scan saw and sets the exit code: `failed`, `partial` unless all was done. Resolves to them,
 * worst first.
 */
export async function printOutcome(
	ctx: CommandContext,
	client: Client,
	scan: Scan,
	json: boolean,
): Promise<readonly Finding[]> {
	const page = await readPages<Finding>(client, findings.list, { filter: seenBy(scan), limit: mostShown });
	const nobody = scan.hosts.alive === 0 && page.total === 0;
	const coverage = await client.call(scans.coverage, { scan: scan.id });
	if (json) ctx.print(jsonText({ scan, items: page.items, total: page.total, coverage }));
	else {
		printList(ctx, page, {
			columns: findingColumns(wantsColour(ctx.stdout, ctx.env)),
			empty: nobody ? harmless(scan.reason ?? "Nothing there is known to be alive.") : nothingFound(scan),
			more: "all with: vedette findings --limit",
		});
		ctx.print(`\n${summaryOf(scan, nobody ? null : scan.reason)}`);
		for (const line of coverageSummary(coverage)) ctx.print(harmless(line));
		ctx.print(`All of it: vedette scans show ${scan.id}`);
		if ((scan.hosts.ghosts ?? 0) > 0) await printGhostsOf(ctx, client, { scan: scan.id });
	}
	if (scan.status === "error") ctx.exit(exitCodes.failed);
	else if (scan.status !== "finished" || scan.partial) ctx.exit(exitCodes.partial);
	return page.items;
}

/** A filter for what was found since the scan began, and where it looked: another scan may run at the same time. */
function seenBy(scan: Scan): string {
	const since = `lastFound>="${scan.startedAt ?? scan.createdAt}"`;
	const places = scan.targets.map(placeOf);
	return scan.targetsTotal !== undefined || places.length > 50 || places.includes(null)
		? since
		: `${since} and (${places.join(" or ")})`;
}

/** A target in the query language; null for what it has no word for, such as a host name. */
function placeOf(target: string): string | null {
	if (/^[\d.]+(\/\d+)?$/.test(target) || /^[\da-f:.]*:[\da-f:.]*(\/\d+)?$/i.test(target)) return `address:"${target}"`;
	const [, net = "", first = "", last = ""] = /^(\d+\.\d+\.\d+\.)(\d+)-(\d+)$/.exec(target) ?? [];
	return net === "" ? null : `address:[${net}${first} .. ${net}${last}]`;
}

function summaryOf(scan: Scan, why: string | null): string {
	const { hosts, newFindings, fixedFindings } = scan;
	const changes = `${plural(newFindings, "new finding")}, ${fixedFindings === 0 ? "none" : count(fixedFindings)} fixed`;
	const figures = `${count(hosts.alive)} of ${plural(hosts.total, "host")} alive${ghostWords(hosts.ghosts)}, ${plural(scan.openPorts, "open port")}, ${changes}`;
	const lines = [`Scan ${scan.id} ${endOf(scan)} ${duration(scan.activeMs)}: ${figures}.`];
	const reason = why ?? (scan.partial ? partly : null);
	if (reason !== null) lines.push(harmless(reason));
	if (scan.status === "paused") lines.push(`Go on with: vedette scans resume ${scan.id}`);
	return lines.join("\n");
}

/** Addresses that answered and are no hosts are not among those alive. */
function ghostWords(ghosts = 0): string {
	return ghosts === 0 ? "" : ` besides ${plural(ghosts, "ghost")}`;
}

function nothingFound(scan: Scan): string {
	return scan.status === "finished" ? "Nothing wrong was found." : "Nothing wrong was found until then.";
}

const partly = "Some services did not answer all they were asked, so nothing was closed there.";

function endOf(scan: Scan): string {
	if (scan.status === "finished") return scan.partial ? "finished in part after" : "finished in";
	if (scan.status === "error") return "failed after";
	return scan.status === "paused" ? "is paused after" : `was ${scan.status} after`;
}
