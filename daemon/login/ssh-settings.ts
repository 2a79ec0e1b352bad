/**
 * How the user's own OpenSSH would reach a host: `ssh -G` evaluates ssh_config(5) whole (aliases, Match, Include, ProxyJump)
 * and prints the outcome. Connects to nothing.
 */
import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";

export interface SshSettings {
	/** What the alias stands for. */
	readonly hostname: string;
	readonly port: number;
	readonly user: string | null;
	/** Private keys, absolute; those that are not there are named too. */
	readonly identityFiles: readonly string[];
	/** Only the keys above are offered, not everything the agent has. */
	readonly identitiesOnly: boolean;
	/** Path of the agent's socket; null: none is to be used. */
	readonly agent: string | null;
	/** Hosts to go through, in order: `[user@]host[:port]`, each an alias again. */
	readonly proxyJump: readonly string[];
	/** A command instead of a connection, which is not supported: somebody must be told. */
	readonly proxyCommand: string | null;
	/** The name its key is known by; null: the host's own. */
	readonly hostKeyAlias: string | null;
	readonly knownHostsFiles: readonly string[];
}

const timeoutMs = 10_000;
const mostBytes = 1 << 20;

/** Null where there is no `ssh`, or it refuses the name or its own configuration. `configFile`: another one than the user's. */
export function askSshSettings(
	host: string,
	{ user = null, configFile = null }: { user?: string | null; configFile?: string | null } = {},
): Promise<SshSettings | null> {
	// A name that begins with a dash would be an option.
	if (!/^[A-Za-z0-9_[][A-Za-z0-9_.:%[\]-]*$/.test(host)) return Promise.resolve(null);
	const args = [
		"-G",
		...(configFile === null ? [] : ["-F", configFile]),
		...(user === null ? [] : ["-l", user]),
		"--",
		host,
	];
	return new Promise((resolve) => {
		execFile("ssh", args, { timeout: timeoutMs, maxBuffer: mostBytes }, (err, stdout) => {
			resolve(err === null ? readSshSettings(stdout, host) : null);
		});
	});
}

/** What `ssh -G` printed: a keyword, lower case, and its value a line. Pure. */
export function readSshSettings(output: string, host: string, home: string = homedir()): SshSettings {
	const values = new Map<string, string[]>();
	for (const line of output.split("\n")) {
		const space = line.indexOf(" ");
		if (space <= 0) continue;
		const keyword = line.slice(0, space);
		values.set(keyword, [...(values.get(keyword) ?? []), line.slice(space + 1).trim()]);
	}
	const one = (keyword: string) => notNone(values.get(keyword)?.[0]);
	const port = Number(one("port") ?? 22);
	return {
		hostname: one("hostname") ?? host,
		port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : 22,
		user: one("user"),
		identityFiles: (values.get("identityfile") ?? [])
			.filter((file) => file !== "none")
			.map((file) => atHome(file, home)),
		identitiesOnly: one("identitiesonly") === "yes",
		agent: agentOf(values.get("identityagent")?.[0]),
		proxyJump: (one("proxyjump") ?? "").split(",").filter((jump) => jump !== ""),
		proxyCommand: one("proxycommand"),
		hostKeyAlias: one("hostkeyalias"),
		knownHostsFiles: [one("userknownhostsfile"), one("globalknownhostsfile")].flatMap((files) =>
			(files ?? "")
				.split(/\s+/)
				.filter((file) => file !== "")
				.map((file) => atHome(file, home)),
		),
	};
}

/** `[user@]host[:port]`, with an IPv6 address in brackets, or `ssh://…`. Null for what is none. */
export function readJump(jump: string): { user: string | null; host: string; port: number | null } | null {
	const [, user, bracketed, plain, port] =
		/^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:@/]+))(?::([0-9]{1,5}))?$/.exec(jump.trim()) ?? [];
	const host = bracketed ?? plain;
	if (host === undefined || Number(port ?? 22) > 65_535) return null;
	return { user: user ?? null, host, port: port === undefined ? null : Number(port) };
}

function notNone(value: string | undefined): string | null {
	return value === undefined || value === "" || value === "none" ? null : value;
}

/** Absent and `SSH_AUTH_SOCK` mean the environment's; `none` means none; `$NAME` is a variable. */
function agentOf(value: string | undefined): string | null {
	if (value === "none") return null;
	if (value === undefined || value === "SSH_AUTH_SOCK") return process.env.SSH_AUTH_SOCK ?? null;
	const variable = /^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?$/.exec(value)?.[1];
	return variable === undefined ? value : (process.env[variable] ?? null);
}

function atHome(file: string, home: string): string {
	return file === "~" || file.startsWith("~/") ? join(home, file.slice(2)) : file;
}
