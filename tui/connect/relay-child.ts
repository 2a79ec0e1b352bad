/**
 * A way to the daemon of another machine: a child process, normally ssh, whose standard input and output are the
 * connection. Nothing new listens anywhere; whoever may log in there may speak to the daemon there.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { Duplex, type Readable } from "node:stream";
import { AppError } from "../../protocol/errors.ts";
import { harmless } from "../text/harmless.ts";

/** The first line of the relay: what comes before it is noise of the far shell (a greeting, an `echo` in its profile). */
export const relayGreeting = "VEDETTE-RELAY 1";
/** Noise beyond this is no shell that greets. Bytes. */
const mostNoise = 64 * 1024;
/** What ssh says before it gives up, kept for the error. Characters. */
const mostComplaint = 2_000;

export interface RelayCommand {
	/** Program and arguments. */
	readonly argv: readonly string[];
	/** For messages: `ssh://ana@web-01`. */
	readonly place: string;
}

export interface RelayOptions {
	/** The child may ask on the terminal. */
	readonly interactive: boolean;
	readonly env: NodeJS.ProcessEnv;
	/** Ends the child, also one that has not greeted yet. */
	readonly signal: AbortSignal;
}

/** A relay that nobody has to wait for at a prompt greets within this. Milliseconds. */
const greetingMs = 30_000;

/**
 * Starts the child and resolves once the relay has greeted. `interactive`: the child may ask on the terminal (password,
 * second factor) and its complaints go there; otherwise they end up in the error.
 * Raises `forbidden` when the login was refused, `unavailable` for everything else, with what to do.
 */
export function openRelay(command: RelayCommand, { interactive, env, signal }: RelayOptions): Promise<Duplex> {
	const [program = "ssh", ...args] = command.argv;
	const child = spawn(program, args, {
		...{ stdio: ["pipe", "pipe", interactive ? "inherit" : "pipe"], env, signal },
	});
	let complaint = "";
	child.stderr?.on("data", (chunk: Buffer) => {
		complaint = (complaint + chunk.toString()).slice(-mostComplaint);
	});
	return new Promise((resolve, reject) => {
		const { stdin, stdout } = child;
		if (stdin === null || stdout === null) throw new Error("the child has no pipes");
		const fail = (error: AppError) => {
			clearTimeout(patience);
			child.kill();
			reject(error);
		};
		const patience = interactive ? undefined : setTimeout(() => fail(tooLate(command)), greetingMs);
		child.once("error", (cause) =>
			fail(
				new AppError("unavailable", `${program} cannot be started: ${cause.message}`, {
					hint: "Install the OpenSSH client, or name another program with --ssh.",
					cause,
				}),
			),
		);
		// A write after the far end has gone must not end the console.
		stdin.on("error", () => undefined);
		// `close`, not `exit`: what it complained of has been read by then.
		child.once("close", (code) => fail(endedEarly(command, code, complaint)));
		greeted(stdout).then(
			() => {
				clearTimeout(patience);
				child.removeAllListeners("close");
				resolve(joined(child, stdout));
			},
			(error: AppError) => fail(error),
		);
	});
}

/** Reads up to and including the greeting; what follows it stays to be read. */
function greeted(stdout: Readable): Promise<void> {
	return new Promise((resolve, reject) => {
		let heard = Buffer.alloc(0);
		const onData = (chunk: Buffer) => {
			heard = Buffer.concat([heard, chunk]);
			const start = heard.indexOf(relayGreeting);
			const end = start < 0 ? -1 : heard.indexOf("\n", start);
			if (end < 0) {
				if (heard.length > mostNoise) {
					stdout.off("data", onData);
					reject(
						new AppError("unavailable", "The far shell prints without end before the relay can speak.", {
							hint: "Look at what its profile prints when nobody is at a terminal: ssh HOST true",
						}),
					);
				}
				return;
			}
			stdout.off("data", onData);
			stdout.pause();
			const rest = heard.subarray(end + 1);
			if (rest.length > 0) stdout.unshift(rest);
			resolve();
		};
		stdout.on("data", onData);
	});
}

/** Both pipes as one stream; the child ends with it. */
function joined(child: ChildProcess, stdout: Readable): Duplex {
	const stream = Duplex.from({ readable: stdout, writable: child.stdin ?? undefined });
	// It may end before anybody speaks over it, and an error without a listener would end the process.
	stream.on("error", () => undefined);
	stream.on("close", () => child.kill());
	child.once("close", () => stream.destroy());
	return stream;
}

/** OpenSSH ends with 255 for faults of its own, else with the far command's code; 126 and 127 are the far shell's. */
function endedEarly({ argv, place }: RelayCommand, code: number | null, complaint: string): AppError {
	const words = harmless(complaint.trim().split("\n").at(-1) ?? "");
	const said = words === "" ? "" : ` ${words}`;
	if (code === 127 || code === 126) {
		return new AppError("unavailable", `Vedette was not found on the far machine (${place}).${said}`, {
			hint: "Install it there, or say how it is called there: --remote '/opt/vedette/bin/vedette'",
		});
	}
	if (code === 255 && /permission denied|too many authentication|host key verification/i.test(complaint)) {
		return new AppError("forbidden", `${argv[0]} was refused by ${place}.${said}`, {
			hint: `Try the same by hand: ${argv[0]} ${place.replace(/^ssh:\/\//, "")} true`,
		});
	}
	const how = code === null ? "was ended" : `ended with ${code}`;
	return new AppError("unavailable", `${argv[0]} ${how} before the far daemon answered.${said}`, {
		hint: `Try by hand what it does: ${argv.join(" ")}`,
	});
}

function tooLate({ argv, place }: RelayCommand): AppError {
	return new AppError("unavailable", `${place} was reached, but no relay spoke within ${greetingMs / 1_000} s.`, {
		hint: `Try by hand what it does: ${argv.join(" ")}`,
	});
}
