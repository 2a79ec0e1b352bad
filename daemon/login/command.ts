/** One command in a session: it ends at its time and its size, and says which of them cut it. */
import type { Client, ClientChannel } from "ssh2";
import { LoginFailure } from "./failure.ts";

export interface CommandOptions {
	readonly stdin?: string;
	readonly signal: AbortSignal;
	readonly timeoutMs: number;
	/** Of standard output; more ends the command. Standard error is kept up to 64 kB. */
	readonly mostBytes: number;
}

export interface CommandOutcome {
	readonly stdout: Buffer;
	readonly stderr: Buffer;
	/** Null when a signal ended it, the connection broke, or it was ended here. */
	readonly code: number | null;
	/** Why it is not whole; null when it is. */
	readonly cut: "size" | "time" | "connection" | null;
}

const mostErrorBytes = 65_536;

export function run(
	client: Client,
	at: number,
	command: string,
	{ stdin, signal, timeoutMs, mostBytes }: CommandOptions,
): Promise<CommandOutcome> {
	return new Promise((resolve, reject) => {
		client.exec(command, (err, channel) => {
			if (err !== undefined) {
				reject(
					new LoginFailure(
						"shell",
						at,
						`The host opens no channel for a command: ${err.message}`,
						"See what the account's shell and ForceCommand allow.",
						err,
					),
				);
				return;
			}
			resolve(gather(client, channel, { stdin: stdin ?? "", signal, timeoutMs, mostBytes }));
		});
	});
}

function gather(
	client: Client,
	channel: ClientChannel,
	{ stdin, signal, timeoutMs, mostBytes }: Required<CommandOptions>,
): Promise<CommandOutcome> {
	const out = new Gathered(mostBytes);
	const err = new Gathered(mostErrorBytes);
	let code: number | null = null;
	let cut: CommandOutcome["cut"] = "connection";
	return new Promise((resolve) => {
		const end = (why: CommandOutcome["cut"]) => {
			cut = why;
			channel.close();
			finish();
		};
		const onAbort = () => end("connection");
		const onLost = () => finish();
		const timer = setTimeout(() => end("time"), timeoutMs);
		const finish = () => {
			clearTimeout(timer);
			signal.removeEventListener("abort", onAbort);
			client.removeListener("close", onLost);
			resolve({ stdout: out.bytes, stderr: err.bytes, code, cut });
		};
		signal.addEventListener("abort", onAbort, { once: true });
		client.once("close", onLost);
		channel.on("data", (chunk: Buffer) => {
			if (!out.add(chunk)) end("size");
		});
		channel.stderr.on("data", (chunk: Buffer) => void err.add(chunk));
		channel.on("exit", (status: number | null) => {
			code = typeof status === "number" ? status : null;
			cut = null;
		});
		channel.on("error", () => {});
		channel.once("close", finish);
		channel.stdin.on("error", () => {});
		channel.end(stdin);
		if (signal.aborted) onAbort();
	});
}

/** Chunks up to a size. */
class Gathered {
	readonly #chunks: Buffer[] = [];
	readonly #most: number;
	#length = 0;

	constructor(most: number) {
		this.#most = most;
	}

	/** False when that was too much; what fits is kept. */
	add(chunk: Buffer): boolean {
		const room = this.#most - this.#length;
		const kept = chunk.subarray(0, room);
		if (kept.length > 0) this.#chunks.push(kept);
		this.#length += kept.length;
		return chunk.length <= room;
	}

	get bytes(): Buffer {
		return Buffer.concat(this.#chunks);
	}
}
