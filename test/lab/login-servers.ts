/** SSH servers to log in to, with accounts of their own: /etc/passwd and its like are replaced in a mount namespace only they see. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab, Server } from "./processes.ts";

export interface Account {
	readonly name: string;
	readonly uid: number;
	/** Empty: none that could match. */
	readonly password?: string;
	readonly shell?: string;
	/** Public keys, a line each. */
	readonly authorizedKeys?: string;
	/** A line of sudoers(5) after the name. */
	readonly sudo?: string;
	/** shadow(5) after the hash; default: changed lately, no limits. */
	readonly age?: string;
	/** The password is there and bars the account, as `usermod -L` does it. */
	readonly isLocked?: boolean;
	/** Files in its home, by path. */
	readonly files?: Readonly<Record<string, string>>;
}

export interface LoginServer extends Server {
	readonly address: string;
	readonly port: number;
	/** The line of known_hosts for it. */
	readonly knownHost: string;
	/** Its log so far. */
	log(): string;
}

export interface LoginServerOptions {
	readonly address: string;
	readonly port: number;
	readonly accounts: readonly Account[];
	readonly config?: readonly string[];
	/** Root's password there; as it is when left out. */
	readonly rootPassword?: string;
	/** Lines of sudoers(5) before those of the accounts, and doas.conf(5). */
	readonly sudoers?: readonly string[];
	readonly doas?: string;
	/** A system of its own that logins land in, as a folder: its files and programs, the kernel's /proc and /dev. */
	readonly inside?: string;
	/** Logins may write a host id: /etc/vedette is a folder of the server's own. */
	readonly tracking?: boolean;
	/** Takes the host key of this name, made when it is new. Default: its address and port. */
	readonly key?: string;
}

export const trackingFolder = "/etc/vedette";

/** Starts sshd so that it sees these accounts and nobody else does. */
export async function loginServer(lab: Lab, options: LoginServerOptions): Promise<LoginServer> {
	const { address, port, accounts, config = [], key = `${address}-${port}`, sudoers: defaults = [] } = options;
	const name = `login-${address}-${port}`;
	const hostKey = hostKeyOf(lab, key);
	mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
	const etc = join(lab.folder, name, "etc");
	mkdirSync(etc, { recursive: true });
	const append = (file: string, lines: readonly string[], mode: number) =>
		lab.write(
			`${name}/etc/${file}`,
			readFileSync(`/etc/${file}`, "utf8") + lines.map((line) => `${line}\n`).join(""),
			mode,
		);
	const homes = accounts.map((account) => homeOf(lab, name, account));
	append(
		"passwd",
		accounts.map(({ name: user, uid, shell = "/bin/sh" }, i) => `${user}:x:${uid}:${uid}::${homes[i]}:${shell}`),
		0o644,
	);
	append(
		"group",
		accounts.map(({ name: user, uid }) => `${user}:x:${uid}:`),
		0o644,
	);
	const shadow = accounts.map(
		({ name: user, password, age = "20000:0:99999:7:::", isLocked = false }) =>
			`${user}:${isLocked ? "!" : ""}${password === undefined ? "*" : hashOf(password)}:${age}`,
	);
	append("shadow", shadow, 0o600);
	if (options.rootPassword !== undefined) {
		const file = join(etc, "shadow");
		const root = `root:${hashOf(options.rootPassword)}:20000:0:99999:7:::`;
		writeFileSync(
			file,
			readFileSync(file, "utf8").replace(/^root:.*$/m, () => root),
		);
	}
	const sudoers = accounts.flatMap(({ name: user, sudo }) => (sudo === undefined ? [] : [`${user} ${sudo}`]));
	lab.write(
		`${name}/etc/sudoers`,
		["Defaults env_reset", ...defaults, "root ALL=(ALL:ALL) ALL", ...sudoers, ""].join("\n"),
		0o440,
	);
	const log = lab.path(name, "log");
	const lines = [
		...[`ListenAddress ${address}:${port}`, `HostKey ${hostKey}`, "PidFile none", "LogLevel VERBOSE"],
		// Of two words on one thing sshd takes the first.
		...(options.inside === undefined ? [] : ["ChrootDirectory /mnt"]),
		...[...config, "UsePAM no", "StrictModes no", "MaxStartups 200", "PasswordAuthentication yes"],
	];
	const file = lab.write(`${name}/sshd_config`, `${lines.join("\n")}\n`);
	const replaced = ["passwd", "group", "shadow", "sudoers"];
	if (options.doas !== undefined) {
		// What is not there cannot be mounted over. An empty one allows nothing.
		if (!existsSync("/etc/doas.conf")) writeFileSync("/etc/doas.conf", "", { mode: 0o644 });
		lab.write(`${name}/etc/doas.conf`, options.doas, 0o644);
		replaced.push("doas.conf");
	}
	// Where tracking writes to: an empty folder that is nobody else's.
	if (options.tracking === true) mkdirSync(trackingFolder, { recursive: true, mode: 0o755 });
	const tracked = options.tracking === true ? [`mount -t tmpfs -o mode=755 tmpfs ${trackingFolder}`] : [];
	const mounts = replaced.map((one) => `mount --bind ${etc}/${one} /etc/${one}`);
	const { inside } = options;
	// What leads to where sshd shuts logins in must be root's alone, which a temporary folder is not.
	const shut =
		inside === undefined
			? []
			: [`mount --rbind ${inside} /mnt`, "mount -t proc proc /mnt/proc", "mount --bind /dev /mnt/dev"];
	const script = `${[...mounts, ...tracked, ...shut].join(" && ")} && exec /usr/sbin/sshd -D -E ${log} -f ${file}`;
	const server = await lab.start("unshare", ["--mount", "sh", "-c", script], [{ address, port }]);
	const [type = "", blob = ""] = readFileSync(`${hostKey}.pub`, "utf8").split(" ");
	return {
		...{
			pid: server.pid,
			address,
			port,
			knownHost: `${port === 22 ? address : `[${address}]:${port}`} ${type} ${blob}`,
		},
		stop: () => server.stop(),
		log: () => readFileSync(log, "utf8"),
	};
}

/** A pair of keys for a user: the private one's path; `.pub` beside it. */
export function userKey(lab: Lab, name: string, { passphrase = "", type = "ed25519", bits = "" } = {}): string {
	const path = lab.path("keys", name);
	const size = bits === "" ? [] : ["-b", bits];
	execFileSync("ssh-keygen", ["-q", "-t", type, ...size, "-N", passphrase, "-C", name, "-f", path]);
	return path;
}

function hostKeyOf(lab: Lab, name: string): string {
	const path = lab.path("host-keys", name);
	try {
		readFileSync(path);
	} catch {
		execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
	}
	return path;
}

function homeOf(lab: Lab, server: string, { name, uid, authorizedKeys = "", files = {} }: Account): string {
	const home = join(lab.folder, server, "home", name);
	mkdirSync(home, { recursive: true });
	lab.write(`${server}/home/${name}/.ssh/authorized_keys`, authorizedKeys);
	cpSync("/etc/skel", home, { recursive: true });
	for (const [path, text] of Object.entries(files)) lab.write(`${server}/home/${name}/${path}`, text, 0o644);
	execFileSync("chown", ["-R", `${uid}:${uid}`, home]);
	return home;
}

function hashOf(password: string): string {
	return execFileSync("openssl", ["passwd", "-6", "-stdin"], { input: password, encoding: "utf8" }).trim();
}
