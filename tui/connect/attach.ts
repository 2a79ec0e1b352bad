/** Reaching the daemon of another machine: where it is, how ssh is called for it, and logging in again after the line fell. */
import type { WebSocket } from "ws";
import type { Client } from "../../protocol/client.ts";
import { dialStream } from "../../protocol/dial.ts";
import { AppError } from "../../protocol/errors.ts";
import { version } from "../version.ts";
import { connectIntroduced } from "./introduced.ts";
import { openRelay, type RelayCommand } from "./relay-child.ts";

export interface AttachOptions {
	readonly env: NodeJS.ProcessEnv;
	readonly readOnly?: boolean | undefined;
	/** Program that goes there, with options of its own: `ssh -J bastion`. Default `ssh`. */
	readonly ssh?: string | undefined;
	/** How Vedette is called in the far shell. Default `vedette`. */
	readonly remote?: string | undefined;
	/** The far home, where it is not the default one. */
	readonly home?: string | undefined;
	/** The far socket for those who were granted access to somebody else's daemon. */
	readonly socket?: string | undefined;
}

/** How the line to a far daemon stands, for the console. */
export interface Link {
	/** Why it does not come back by itself: a login is needed. Undefined while none is. */
	needsLogin(): string | undefined;
	/** Logs in once more, asking on the terminal; the caller has handed the terminal back before. */
	logIn(): Promise<void>;
}

export interface Attached {
	readonly client: Client;
	readonly link: Link;
	/** For the status line: `ssh web-01`. */
	readonly label: string;
}

/** Raises `invalid` for what is no address, `unavailable`, `forbidden` and `version-mismatch` as they come. */
export async function attachSsh(address: string, options: AttachOptions): Promise<Attached> {
	const there = readSshAddress(address);
	const isInteractive = { now: true };
	const ending = new AbortController();
	/** The stream that a login by hand has opened, for the next dial. */
	let opened: Awaited<ReturnType<typeof openRelay>> | undefined;
	let refused: AppError | undefined;
	const dial = async (): Promise<WebSocket> => {
		const interactive = isInteractive.now;
		isInteractive.now = false;
		const ready = opened?.destroyed === true ? undefined : opened;
		opened = undefined;
		// Asking again and again for what was refused would lock the account: only the user tries once more.
		if (ready === undefined && refused !== undefined) throw new AppError("unavailable", refused.message);
		try {
			const command = relayCommand(there, options, interactive);
			const stream = ready ?? (await openRelay(command, { interactive, env: options.env, signal: ending.signal }));
			return await dialStream(stream, command.place, options.env.VEDETTE_TOKEN || undefined);
		} catch (err) {
			if (interactive || !(err instanceof AppError) || err.code !== "forbidden") throw err;
			refused = err;
			throw new AppError("unavailable", err.message, { hint: err.hint });
		}
	};
	const client = await connectIntroduced({
		...{ dial, client: `vedette ${version}`, retryMs: 0, readOnly: options.readOnly ?? false },
	});
	const close = client.close.bind(client);
	// A child that is still on its way is nobody's once the client is gone.
	client.close = async () => {
		await close();
		ending.abort();
	};
	return {
		client,
		label: `ssh ${there.host}`,
		link: {
			needsLogin: () => refused?.message,
			async logIn() {
				const command = relayCommand(there, options, true);
				opened = await openRelay(command, { interactive: true, env: options.env, signal: ending.signal });
				refused = undefined;
			},
		},
	};
}

export interface SshAddress {
	readonly user: string | undefined;
	readonly host: string;
	readonly port: number | undefined;
}

/** `ssh://user@host:port`, `user@host` or a name of the ssh configuration. Raises `invalid`. */
export function readSshAddress(text: string): SshAddress {
	const rest = text.replace(/^ssh:\/\//i, "").replace(/\/$/, "");
	const found = /^(?:([^@\s/]+)@)?(\[[\da-f:.%a-z]+\]|[^@\s/:[\]]+)(?::(\d{1,5}))?$/i.exec(rest);
	const [, user, bracketed = "", digits] = found ?? [];
	const host = bracketed.replace(/^\[|\]$/g, "");
	const port = digits === undefined ? undefined : Number(digits);
	// A host or user that begins with a dash would be an option to ssh.
	if (host === "" || /^-/.test(host) || /^-/.test(user ?? "") || (port !== undefined && (port < 1 || port > 65_535))) {
		throw new AppError("invalid", `${text} is no address of a machine.`, {
			hint: "For example: vedette attach ssh://ana@web-01   (or a host of your ssh configuration)",
		});
	}
	return { user, host, port };
}

/** What is run to get there; one that may not ask says so itself instead of waiting for an answer. */
export function relayCommand(there: SshAddress, options: AttachOptions, interactive: boolean): RelayCommand {
	const { user, host, port } = there;
	const program = (options.ssh ?? "ssh").trim().split(/\s+/);
	// Only who comes starts a daemon there; one that comes back must not undo what was stopped on purpose.
	const start = interactive ? "" : "VEDETTE_NO_START=1 ";
	const home = options.home === undefined ? "" : `VEDETTE_HOME=${shellQuoted(options.home)} `;
	const socket = options.socket === undefined ? "" : `VEDETTE_SOCKET=${shellQuoted(options.socket)} `;
	return {
		argv: [
			...program,
			// No terminal and no escape keys: what is carried is not for a person to type.
			...["-T", "-e", "none"],
			...["-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3", "-o", "ClearAllForwardings=yes"],
			...(interactive ? [] : ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"]),
			...(user === undefined ? [] : ["-l", user]),
			...(port === undefined ? [] : ["-p", String(port)]),
			...["--", host, `${start}${home}${socket}${options.remote ?? "vedette"} relay`],
		],
		place: `ssh://${user === undefined ? "" : `${user}@`}${host}${port === undefined ? "" : `:${port}`}`,
	};
}

function shellQuoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
