/** Waits for the end of a scan, with a progress line where somebody looks. The scan itself runs in the daemon. */
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { truncate } from "../text/fit.ts";
import { compact, count, duration, percent, plural } from "../text/format.ts";
import type { CommandContext } from "./command.ts";
import { Interrupted } from "./outcome.ts";
import { widthOfTerminal } from "./print.ts";
import { waitingWords } from "./scan-window.ts";

const over: readonly Scan["status"][] = ["finished", "cancelled", "error", "paused"];

/** How long the daemon may be away before waiting for its scan is given up. Milliseconds. */
const patienceMs = 15_000;

/**
 * The scan as it is when it is over or paused. Raises `Interrupted` on Ctrl-C, which ends the waiting and not the scan, and
 * `unavailable` when the daemon stays away.
 */
export function waitForScan(ctx: CommandContext, client: Client, scan: Scan): Promise<Scan> {
	const line = progressLine(ctx);
	const { promise, resolve, reject } = Promise.withResolvers<Scan>();
	const gone = () =>
		reject(
			new AppError(
				"unavailable",
				`The daemon went away during scan ${scan.id}; the scan carries on when it starts again.`,
				{
					hint: "Start it with: vedette daemon start",
				},
			),
		);
	const stopListening = ctx.onInterrupt(() =>
		reject(
			new Interrupted(
				`Scan ${scan.id} goes on in the daemon.`,
				`See it with: vedette scans   Stop it with: vedette scans cancel ${scan.id}`,
			),
		),
	);
	let patience: NodeJS.Timeout | undefined;
	const stopWatching = client.onState((state) => {
		clearTimeout(patience);
		if (state === "closed") return gone();
		if (state !== "reconnecting") return;
		line.show("The daemon is away; waiting for it to come back …");
		patience = setTimeout(gone, patienceMs);
	});
	let toldOfWaiting = false;
	const see = (current: Scan) => {
		if (current.status === "waiting" && !toldOfWaiting && ctx.stderr.isTTY !== true) {
			toldOfWaiting = true;
			ctx.stderr.write(`${waitingWords(current, "scans")}\n`);
		}
		line.show(describe(current));
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
		line.clear();
		clearTimeout(patience);
		stopWatching();
		stopListening();
		subscription.close();
	});
}

/** One line of standard error, written over again and again; nothing at all where that is not a terminal. */
export function progressLine({ stderr, env }: CommandContext): { show(text: string): void; clear(): void } {
	if (stderr.isTTY !== true || env.TERM === "dumb") return { show: () => undefined, clear: () => undefined };
	const clear = () => void stderr.write("\r\u001b[2K");
	return {
		show(text) {
			clear();
			stderr.write(truncate(text, (widthOfTerminal(stderr) ?? 80) - 1));
		},
		clear,
	};
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
