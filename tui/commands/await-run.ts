/** Waits for the end of a scan or a map, with a progress line where somebody looks. It runs in the daemon, whoever waits. */
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import type { RunStatus } from "../../protocol/model/run-status.ts";
import { truncate } from "../text/fit.ts";
import type { CommandContext } from "./command.ts";
import { Interrupted } from "./outcome.ts";
import { widthOfTerminal } from "./print.ts";
import { waitingWords } from "./scan-window.ts";

interface Run {
	readonly id: number;
	readonly status: RunStatus;
	readonly continuesAt?: string | null | undefined;
}

/** What differs between the two. */
export interface AwaitedRun<R extends Run> {
	readonly noun: "Scan" | "Map";
	/** The command about them. */
	readonly command: "scans" | "map";
	/** How to look at it, a command. */
	readonly seeIt: string;
	/** Begins to listen: each run as it changes, and what keeps it from listening. */
	follow(see: (run: R) => void, failed: (err: AppError) => void): { close(): void };
	describe(run: R): string;
}

const over: readonly RunStatus[] = ["finished", "cancelled", "error", "paused"];

/** How long the daemon may be away before waiting is given up. Milliseconds. */
const patienceMs = 15_000;

/**
 * The run as it is when it is over or paused. Raises `Interrupted` on Ctrl-C, which ends the waiting and not the run, and
 * `unavailable` when the daemon stays away.
 */
export function awaitRun<R extends Run>(
	ctx: CommandContext,
	client: Client,
	{ id }: R,
	what: AwaitedRun<R>,
): Promise<R> {
	const { noun, command, seeIt } = what;
	const line = progressLine(ctx);
	const { promise, resolve, reject } = Promise.withResolvers<R>();
	const gone = () => {
		const name = noun.toLowerCase();
		const message = `The daemon went away during ${name} ${id}; the ${name} carries on when it starts again.`;
		reject(new AppError("unavailable", message, { hint: "Start it with: vedette daemon start" }));
	};
	const stopListening = ctx.onInterrupt(() =>
		reject(
			new Interrupted(
				`${noun} ${id} goes on in the daemon.`,
				`See it with: ${seeIt}   Stop it with: vedette ${command} cancel ${id}`,
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
	const see = (run: R) => {
		if (run.id !== id) return;
		if (run.status === "waiting" && !toldOfWaiting && ctx.stderr.isTTY !== true) {
			toldOfWaiting = true;
			ctx.stderr.write(`${waitingWords(run, command)}\n`);
		}
		line.show(what.describe(run));
		if (over.includes(run.status)) resolve(run);
	};
	const subscription = what.follow(see, reject);
	return promise.finally(() => {
		line.clear();
		clearTimeout(patience);
		stopWatching();
		stopListening();
		subscription.close();
	});
}

/** One line of standard error, written over again and again; nothing at all where that is not a terminal. */
function progressLine({ stderr, env }: CommandContext): { show(text: string): void; clear(): void } {
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
