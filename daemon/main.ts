/** The daemon as a process: its home, its log, its signals. `vedette daemon` runs this. */
import manifest from "../package.json" with { type: "json" };
import { resolveHome } from "../protocol/home.ts";
import type { Listener } from "../protocol/model/operator.ts";
import { type Daemon, openDaemon } from "./daemon.ts";
import { growHeapsBy, usualGrowth } from "./heap-growth.ts";
import { prepareHome } from "./home.ts";
import { takeLock } from "./lock.ts";
import { openLog } from "./log.ts";

export interface RunOptions {
	readonly env: NodeJS.ProcessEnv;
	readonly background: boolean;
	/** Where to listen on the network, whatever the settings say; null: as they say. */
	readonly listener: Listener | null;
}

/** Serves until SIGTERM, SIGINT or `daemon.stop`; resolves to the exit code. Rejects with an AppError when it cannot start. */
export async function runDaemon(options: RunOptions): Promise<number> {
	// Nothing this process writes is anybody else's business.
	process.umask(0o077);
	growHeapsBy(usualGrowth);
	const home = resolveHome(options.env);
	prepareHome(home);
	const lock = takeLock(home.lockPath);
	const log = await openLog({ path: home.logPath, foreground: !options.background });
	const stopped = Promise.withResolvers<void>();
	const stop = () => stopped.resolve();
	process.once("SIGTERM", stop);
	process.once("SIGINT", stop);
	let daemon: Daemon | undefined;
	// A console that closes its terminal must not take the scans with it.
	process.on("SIGHUP", () => daemon?.reload());
	// The background daemon has no standard error: its last words go to the log before Node ends it.
	process.on("uncaughtExceptionMonitor", (err) => log.logger.fatal({ err }, "the daemon failed and ends"));
	try {
		daemon = await openDaemon({
			...{ home, log: log.logger, version: manifest.version, env: options.env, listener: options.listener },
			onStopRequested: stop,
		});
		await stopped.promise;
		log.logger.info("stopping");
		await daemon.close();
		return 0;
	} finally {
		await log.close();
		lock.release();
	}
}
