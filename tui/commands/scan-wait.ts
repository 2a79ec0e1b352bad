/** Waits for the end of a scan, and says how far it is. */
import type { Client } from "../../protocol/client.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { compact, count, duration, percent, plural } from "../text/format.ts";
import { awaitRun } from "./await-run.ts";
import type { CommandContext } from "./command.ts";
import { waitingWords } from "./scan-window.ts";

export function waitForScan(ctx: CommandContext, client: Client, scan: Scan): Promise<Scan> {
	return awaitRun(ctx, client, scan, {
		...{ noun: "Scan", command: "scans", seeIt: "vedette scans", describe },
		follow: (see, onError) =>
			client.subscribe(
				scans.follow,
				{ scan: scan.id },
				{
					onSnapshot: (snapshot) => see(snapshot.scan),
					onEvent: (event) => event.kind === "scan" && see(event.scan),
					onError,
				},
			),
	});
}

function describe(scan: Scan): string {
	if (scan.status === "waiting") return waitingWords(scan, "scans");
	if (scan.status === "queued") return `Scan ${scan.id} waits for others to end …`;
	const stage = scan.stages.find(({ done, total }) => done < total)?.name ?? "finishing";
	const parts = [
		percent(scan.progress).padStart(5),
		stage,
		`${count(scan.hosts.done)}/${plural(scan.hosts.total, "host")}`,
		plural(scan.openPorts, "open port"),
	];
	if (scan.rate >= 1) parts.push(`${compact(scan.rate)} probes/s`);
	if (scan.etaMs !== null) parts.push(`${duration(Math.max(1_000, scan.etaMs) / 1_000)} left`);
	return parts.join("  ");
}
