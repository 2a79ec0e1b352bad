/** Runs the built program as a person would: a process, a home of its own, its output and exit code. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { type Client, connectClient } from "../../protocol/client.ts";
import { dialUnix } from "../../protocol/dial.ts";
import { AppError } from "../../protocol/errors.ts";
import { resolveHome } from "../../protocol/home.ts";

/** As `npm run build` leaves it. */
export const program = fileURLToPath(new URL("../../dist/vedette.js", import.meta.url));

export interface Outcome {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** A home in a temporary folder, and everything that runs on it. `end` stops it all by pid and removes the folder. */
export class Household {
	readonly home = mkdtempSync(join(tmpdir(), "vedette-test-"));
	readonly env: NodeJS.ProcessEnv = { ...process.env, VEDETTE_HOME: this.home, NO_COLOR: "1", TERM: "xterm" };
	readonly #children = new Set<ChildProcess>();
	readonly #clients = new Set<Client>();

	/** Runs `vedette …args` to its end. */
	run(args: readonly string[], options: { input?: string; timeoutMs?: number } = {}): Promise<Outcome> {
		return new Promise((resolve, reject) => {
			const child = spawn(process.execPath, [program, ...args], { env: this.env, stdio: ["pipe", "pipe", "pipe"] });
			this.#children.add(child);
			const out: Buffer[] = [];
			const err: Buffer[] = [];
			child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
			child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
			child.stdin.on("error", () => undefined);
			child.stdin.end(options.input ?? "");
			const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs ?? 120_000);
			child.once("error", reject);
			child.once("close", (code) => {
				clearTimeout(timer);
				this.#children.delete(child);
				resolve({ code: code ?? -1, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
			});
		});
	}

	/** Starts `vedette …args` for a test that does something to it while it runs; both outputs are pipes. */
	start(...args: readonly string[]): ChildProcess {
		const child = spawn(process.execPath, [program, ...args], { env: this.env, stdio: ["ignore", "pipe", "pipe"] });
		this.#children.add(child);
		child.once("exit", () => this.#children.delete(child));
		return child;
	}

	/** Runs a command that must succeed and print one JSON document. */
	async json<T>(...args: string[]): Promise<T> {
		const outcome = await this.run([...args, "--json"]);
		if (outcome.code !== 0 && outcome.code !== 5)
			throw new Error(`vedette ${args.join(" ")} ended with ${outcome.code}: ${outcome.stderr}`);
		return JSON.parse(outcome.stdout) as T;
	}

	/** Starts the daemon in the foreground, by way of a command that runs another if need be; resolves once it answers. */
	async daemon(...through: string[]): Promise<{ child: ChildProcess; client: Client; stderr: () => string }> {
		const [command = "", ...args] = [...through, process.execPath, program, "daemon"];
		const child = spawn(command, args, { env: this.env, stdio: ["ignore", "ignore", "pipe"] });
		this.#children.add(child);
		const err: Buffer[] = [];
		child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
		child.once("exit", () => this.#children.delete(child));
		const stderr = () => Buffer.concat(err).toString();
		const client = await this.client(60_000).catch((cause: unknown) => {
			throw new Error(`the daemon did not start: ${stderr()}`, { cause });
		});
		return { child, client, stderr };
	}

	/** A client of the daemon that runs on this home. */
	async client(retryMs = 0): Promise<Client> {
		const { socketPath } = resolveHome(this.env);
		const client = await connectClient({ dial: () => dialUnix(socketPath), client: "test", retryMs });
		this.#clients.add(client);
		return client;
	}

	/** Resolves once no daemon holds this home any more. */
	async settled(): Promise<void> {
		const { lockPath } = resolveHome(this.env);
		for (;;) {
			const db = new DatabaseSync(lockPath, { timeout: 100 });
			try {
				db.exec("BEGIN EXCLUSIVE; ROLLBACK");
				return;
			} catch {
				// Still held: the time-out was the waiting.
			} finally {
				db.close();
			}
		}
	}

	async end(): Promise<void> {
		for (const client of this.#clients) await client.close();
		await this.run(["daemon", "stop"]);
		for (const child of this.#children) await ended(child, "SIGTERM");
		rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
	}
}

/** Sends a signal and waits until the process is gone. */
export function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
	if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
	return new Promise((resolve) => {
		child.once("exit", (code) => resolve(code));
		child.kill(signal);
	});
}

/** Is the error one of ours with this code? */
export function hasCode(err: unknown, code: AppError["code"]): boolean {
	return err instanceof AppError && err.code === code;
}
