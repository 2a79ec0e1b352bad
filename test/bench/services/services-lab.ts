/** Many real services on loopback for the bench: nginx, Redis and OpenSSH on every address of 127.90.0.0/24 asked for. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const servicePorts = { http: 8080, redis: 6379, ssh: 2222 } as const;

/** Redis and sshd listen on no more addresses than this with one process. */
const addressesPerProcess = 16;
const startMs = 20_000;

export interface ServicesLab {
	readonly addresses: readonly string[];
	stop(): Promise<void>;
}

/** Needs the Debian packages nginx, redis-server and openssh-server, and the right to start sshd. */
export async function startServicesLab(count: number): Promise<ServicesLab> {
	const home = mkdtempSync(join(tmpdir(), "vedette-bench-"));
	const addresses = Array.from({ length: count }, (_, index) => `127.90.0.${index}`);
	const children: ChildProcess[] = [];
	const run = (command: string, ...args: string[]) => {
		const child = spawn(command, args, { cwd: home, stdio: "ignore" });
		child.on("error", () => undefined);
		children.push(child);
	};
	run("/usr/sbin/nginx", "-p", home, "-c", nginxConfig(home, addresses), "-e", join(home, "error.log"));
	const hostKey = join(home, "host_key");
	execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", hostKey]);
	mkdirSync("/run/sshd", { recursive: true });
	for (let at = 0; at < count; at += addressesPerProcess) {
		const some = addresses.slice(at, at + addressesPerProcess);
		run("redis-server", "--port", `${servicePorts.redis}`, "--bind", ...some, "--save", "", "--dir", home);
		const listen = some.flatMap((address) => ["-o", `ListenAddress=${address}`]);
		const options = ["-o", "PidFile=none", "-o", "MaxStartups=1000", "-o", "PerSourceMaxStartups=none"];
		run("/usr/sbin/sshd", "-D", "-f", "/dev/null", "-h", hostKey, "-p", `${servicePorts.ssh}`, ...listen, ...options);
	}
	const stop = async () => {
		await Promise.all(children.map(ended));
		rmSync(home, { recursive: true, force: true });
	};
	try {
		for (const address of addresses) for (const port of Object.values(servicePorts)) await listening(address, port);
	} catch (error) {
		await stop();
		throw error;
	}
	return { addresses, stop };
}

function nginxConfig(home: string, addresses: readonly string[]): string {
	const path = join(home, "nginx.conf");
	const listens = addresses.map((address) => `listen ${address}:${servicePorts.http};`).join(" ");
	const server = `server { ${listens} location / { return 200 "ok"; } }`;
	const head = `daemon off; worker_processes 1; pid ${join(home, "nginx.pid")};`;
	writeFileSync(path, `${head} events { worker_connections 4096; } http { access_log off; ${server} }`);
	return path;
}

function ended(child: ChildProcess): Promise<void> {
	if (child.pid === undefined || child.exitCode !== null) return Promise.resolve();
	return new Promise((resolve) => {
		child.once("exit", () => resolve());
		child.kill("SIGTERM");
	});
}

/** Tries until something accepts. */
async function listening(address: string, port: number): Promise<void> {
	const until = performance.now() + startMs;
	while (!(await accepts(address, port))) {
		if (performance.now() > until) throw new Error(`nothing listens on ${address}:${port}: is its package installed?`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

function accepts(address: string, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, address);
		const settle = (open: boolean) => {
			socket.destroy();
			resolve(open);
		};
		socket.once("connect", () => settle(true));
		socket.once("error", () => settle(false));
	});
}
