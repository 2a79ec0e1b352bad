/** Starts the daemon in the background when none runs on this home, the way tmux does for its server. */
import { spawn } from "node:child_process";
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { connectClient } from "../protocol/client.ts";
import { dialUnix } from "../protocol/dial.ts";
import { AppError } from "../protocol/errors.ts";
import type { HomePaths } from "../protocol/home.ts";
import { prepareHome } from "./home.ts";
import { isLocked } from "./lock.ts";

export interface EnsureOptions {
	readonly env: NodeJS.ProcessEnv;
	/** Program and arguments. Default: this Node, this script, `daemon --background`. */
	readonly command?: readonly string[];
	/** How long it may take to answer. Default 60,000 ms: one that cannot start ends, and is not waited for. */
	readonly waitMs?: number;
}

/**
 * Resolves once a daemon answers on this home; `started` says whether it is a new one. When the daemon ends instead, the
 * AppError carries its own sentence, and its exit code in `details.exitCode`.
 */
export async function ensureDaemon(home: HomePaths, options: EnsureOptions): Promise<{ started: boolean }> {
	const connect = (dial: typeof dialUnix, retryMs: number) =>
		connectClient({ dial: () => dial(home.socketPath), client: "vedette start", retryMs }).then((client) =>
			client.close(),
		);
	try {
		await connect(dialUnix, 0);
		return { started: false };
	} catch (err) {
		if (!(err instanceof AppError && err.code === "unavailable")) throw err;
	}
	prepareHome(home);
	const waitMs = options.waitMs ?? 60_000;
	const child = launch(home, options);
	try {
		let given: number | null = null;
		child.ended.then((exitCode) => {
			given = exitCode;
		});
		// Two consoles may start at once: the daemon that lost ends, and the other one's answer is as good.
		await connect(async (socketPath) => {
			if (given !== null && !isLocked(`${socketPath}.lock`)) throw failed(given, child.said(), home);
			return await dialUnix(socketPath);
		}, waitMs);
		return { started: given === null };
	} catch (err) {
		if (!(err instanceof AppError && err.code === "unavailable" && err.details?.exitCode === undefined)) throw err;
		throw new AppError("unavailable", `The daemon was started but does not answer after ${waitMs / 1_000} seconds.`, {
			hint: `Its log is in ${home.logDir}; or watch it start with: vedette daemon`,
			cause: err,
		});
	} finally {
		child.release();
	}
}

function failed(exitCode: number, said: string, home: HomePaths): AppError {
	const [message = "", ...rest] = said.replace(/^vedette: /, "").split("\n");
	return new AppError("conflict", message || `The daemon ended at once with exit code ${exitCode}.`, {
		hint: rest.join(" ").trim() || `Its log is in ${home.logDir}; or watch it start with: vedette daemon`,
		details: { exitCode },
	});
}

interface Launched {
	/** The exit code; a signal counts as 1. Never rejects. */
	readonly ended: Promise<number>;
	/** The last thing it wrote to its standard error. */
	said(): string;
	release(): void;
}

/** An idle daemon should be small: a new space that does not grow to 32 MB, and few malloc arenas. */
export const leanFlags = ["--max-semi-space-size=4"];

/** Its own session (setsid) and no terminal: closing the console's window does not reach it. */
function launch(home: HomePaths, options: EnsureOptions): Launched {
	const command = options.command ?? [process.execPath, ...leanFlags, process.argv[1] ?? "", "daemon", "--background"];
	const fd = openSync(join(home.logDir, "daemon.err"), "a+", 0o600);
	if (fstatSync(fd).size > 1_048_576) ftruncateSync(fd, 0);
	const offset = fstatSync(fd).size;
	const child = spawn(command[0] ?? "", command.slice(1), {
		detached: true,
		// Not the console's folder: that may be unmounted or removed while the daemon lives.
		cwd: home.stateDir,
		env: { MALLOC_ARENA_MAX: "2", ...options.env },
		stdio: ["ignore", fd, fd],
	});
	child.unref();
	const ended = new Promise<number>((resolve) => {
		child.once("error", () => resolve(1));
		child.once("exit", (code) => resolve(code ?? 1));
	});
	return {
		ended,
		said() {
			const bytes = Buffer.alloc(4_096);
			return bytes.toString("utf8", 0, readSync(fd, bytes, 0, bytes.length, offset)).trim();
		},
		release() {
			closeSync(fd);
			child.removeAllListeners();
			child.on("error", () => undefined);
		},
	};
}
