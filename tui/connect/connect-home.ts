/** Finds the daemon of this home, starting one when asked to and none runs. */
import type { Client } from "../../protocol/client.ts";
import { dialUnix } from "../../protocol/dial.ts";
import { AppError } from "../../protocol/errors.ts";
import { resolveHome } from "../../protocol/home.ts";
import { version } from "../version.ts";
import { attachSsh } from "./attach.ts";
import { connectIntroduced } from "./introduced.ts";
import { isNetworkAddress } from "./network-address.ts";
import { otherSocket } from "./other-socket.ts";
import { startDaemon } from "./start-daemon.ts";

export interface ConnectOptions {
	readonly env: NodeJS.ProcessEnv;
	readonly readOnly?: boolean;
}

/** A client of the daemon that runs on this home; null when none does. */
export async function connectRunning(options: ConnectOptions): Promise<Client | null> {
	const socketPath = otherSocket(options.env) ?? resolveHome(options.env).socketPath;
	const token = options.env.VEDETTE_TOKEN || undefined;
	try {
		return await connectIntroduced({
			dial: () => dialUnix(socketPath, token),
			client: `vedette ${version}`,
			retryMs: 0,
			readOnly: options.readOnly ?? false,
		});
	} catch (err) {
		if (err instanceof AppError && err.code === "unavailable") return null;
		throw err;
	}
}

/** Like `connectRunning`, but starts a daemon, or says how to. `VEDETTE_DAEMON` names another machine's daemon instead. */
export async function connectHome(options: ConnectOptions & { start: boolean }): Promise<Client> {
	const machine = options.env.VEDETTE_DAEMON;
	if (machine && isNetworkAddress(machine)) {
		const { attachNetwork } = await import("./attach-network.ts");
		return (await attachNetwork(machine, options)).client;
	}
	if (machine) return (await attachSsh(machine, options)).client;
	const running = await connectRunning(options);
	if (running !== null) return running;
	const elsewhere = otherSocket(options.env);
	if (elsewhere !== null) {
		throw new AppError("unavailable", `No daemon answers on ${elsewhere}.`, {
			hint: "It is started by the user it runs as. For a daemon of your own, unset VEDETTE_SOCKET.",
		});
	}
	if (!options.start) {
		throw new AppError("unavailable", `No daemon is running on ${resolveHome(options.env).stateDir}.`, {
			hint: "Start one with: vedette daemon start   (or open the console with: vedette)",
		});
	}
	await startDaemon(options.env);
	const started = await connectRunning(options);
	if (started === null)
		throw new AppError("unavailable", "The daemon started, but does not answer.", {
			hint: "Its log says more: see vedette status, or run it in the foreground with: vedette daemon",
		});
	return started;
}
