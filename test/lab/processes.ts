/** Starts real servers in the foreground, waits until they answer, and ends exactly those, by pid. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Server {
	readonly pid: number;
	stop(): Promise<void>;
}

/** A folder and the servers in it; `end` stops them all and removes the folder. */
export class Lab {
	readonly folder: string;
	readonly #servers = new Set<Server>();

	constructor(name: string) {
		this.folder = mkdtempSync(join(tmpdir(), `vedette-lab-${name}-`));
		// Servers that drop their rights must still find their files.
		execFileSync("chmod", ["755", this.folder]);
	}

	path(...parts: string[]): string {
		const path = join(this.folder, ...parts);
		mkdirSync(join(path, ".."), { recursive: true });
		return path;
	}

	write(name: string, text: string, mode = 0o644): string {
		const path = this.path(name);
		writeFileSync(path, text, { mode });
		return path;
	}

	/** Starts a program that stays in the foreground and waits until each `address:port` accepts. */
	async start(program: string, args: string[], ready: { address: string; port: number }[]): Promise<Server> {
		const output: Buffer[] = [];
		const child = spawn(program, args, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
		child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
		child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
		const said = () => Buffer.concat(output).toString("utf8").slice(-2_000);
		for (const place of ready) await accepts(place, child, () => `${program} did not start: ${said()}`);
		const server: Server = { pid: child.pid ?? -1, stop: () => this.#stop(server, child) };
		this.#servers.add(server);
		return server;
	}

	async end(): Promise<void> {
		for (const server of [...this.#servers]) await server.stop();
		rmSync(this.folder, { recursive: true, force: true });
	}

	async #stop(server: Server, child: ChildProcess): Promise<void> {
		this.#servers.delete(server);
		if (child.exitCode !== null || child.signalCode !== null) return;
		const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
		child.kill("SIGTERM");
		const hard = setTimeout(() => child.kill("SIGKILL"), 5_000);
		await gone;
		clearTimeout(hard);
	}
}

async function accepts(
	place: { address: string; port: number },
	child: ChildProcess,
	complaint: () => string,
): Promise<void> {
	const until = Date.now() + 20_000;
	for (;;) {
		if (child.exitCode !== null || Date.now() > until) throw new Error(complaint());
		const open = await new Promise<boolean>((resolve) => {
			const socket = connect(place.port, place.address);
			socket.once("connect", () => resolve(true));
			socket.once("error", () => resolve(false));
			socket.once("close", () => socket.destroy());
			socket.setTimeout(500, () => resolve(false));
			socket.once("connect", () => socket.destroy());
		});
		if (open) return;
		// Loopback refuses at once, so this is a pause between polls and not a wait for time to pass.
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
}
