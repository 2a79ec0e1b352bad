/** Puts a server on a unix socket that only its owner can reach, and never takes one away from a daemon that lives. */
import { chmodSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { connect, type Server } from "node:net";
import { dirname } from "node:path";
import { AppError } from "../../protocol/errors.ts";
import { type Lock, takeLock } from "../lock.ts";

/**
 * Listens with mode 0600 in a 0700 folder. A socket nobody answers on is removed first; one that answers, or a lock that
 * is held, raises `conflict`. The returned lock is held until released, after the server has closed.
 */
export async function listenPrivately(server: Server, socketPath: string): Promise<Lock> {
	mkdirSync(dirname(socketPath), { recursive: true, mode: 0o700 });
	const lock = takeLock(`${socketPath}.lock`);
	try {
		await listenOn(server, socketPath);
		return lock;
	} catch (err) {
		lock.release();
		throw err;
	}
}

/** The same without a lock and without making the folder. */
export async function listenOn(server: Server, socketPath: string): Promise<void> {
	await removeStale(socketPath);
	await listen(server, socketPath);
}

async function removeStale(socketPath: string): Promise<void> {
	const found = lstatSync(socketPath, { throwIfNoEntry: false });
	if (found === undefined) return;
	if (!found.isSocket()) {
		throw new AppError("conflict", `${socketPath} is in the way: it is not a socket.`, {
			hint: "Move that file away, then start the daemon again.",
		});
	}
	if (await answers(socketPath)) {
		throw new AppError("conflict", "A daemon is already running on this home.", {
			hint: "Use it (vedette status), or stop it first (vedette daemon stop).",
		});
	}
	rmSync(socketPath, { force: true });
}

function answers(socketPath: string): Promise<boolean> {
	return new Promise((resolve) => {
		const probe = connect(socketPath);
		const settle = (alive: boolean) => {
			probe.destroy();
			resolve(alive);
		};
		probe.once("connect", () => settle(true));
		probe.once("error", (err: NodeJS.ErrnoException) => settle(err.code !== "ECONNREFUSED" && err.code !== "ENOENT"));
	});
}

function listen(server: Server, socketPath: string): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once("error", (cause) => {
			reject(
				new AppError("unavailable", `The daemon cannot listen on ${socketPath}: ${cause.message}.`, {
					hint: "Check that the folder can be written to, or choose another home with VEDETTE_HOME.",
					cause,
				}),
			);
		});
		// bind(2) happens within `listen`, so the socket never exists with a wider mode.
		const before = process.umask(0o177);
		try {
			server.listen({ path: socketPath, backlog: 128 }, () => {
				server.removeAllListeners("error");
				chmodSync(socketPath, 0o600);
				resolve();
			});
		} finally {
			process.umask(before);
		}
	});
}
