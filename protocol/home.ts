/**
 * Where a daemon and its consoles meet: the paths of a home, worked out from the environment alone, so that both sides
 * arrive at the same socket. Touches no file; `daemon/home.ts` makes and checks the folders.
 */
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { AppError } from "./errors.ts";

export interface HomePaths {
	/** Findings, evidence, scans: everything that would be missed. */
	readonly stateDir: string;
	/** Settings. */
	readonly configDir: string;
	readonly logDir: string;
	/** Holds the socket. */
	readonly runDir: string;
	readonly socketPath: string;
	/** Where others than root and the daemon's own user connect, once one of them was granted access. */
	readonly sharedSocketPath: string;
	readonly storePath: string;
	/** Holds the knowledge base and the one before it. */
	readonly knowledgeDir: string;
	readonly settingsPath: string;
	/** The key that signs the audit log: apart from the database. */
	readonly installationKeyPath: string;
	/** The certificate for the network and its key, where the daemon made them itself. */
	readonly networkCertificatePath: string;
	readonly networkKeyPath: string;
	/** Held by the one daemon of this home. */
	readonly lockPath: string;
	readonly logPath: string;
}

/** sun_path holds 108 bytes with the closing zero (unix(7)). */
const socketPathBytes = 107;

/**
 * `VEDETTE_HOME` holds everything; without it the XDG folders (Base Directory Specification 0.8) do. The socket lies
 * with the state and not in XDG_RUNTIME_DIR, because that folder goes away at logout and the daemon stays.
 */
export function resolveHome(env: NodeJS.ProcessEnv): HomePaths {
	const { stateDir, configDir } = folders(env);
	const runDir = shortRunDir(join(stateDir, "run"));
	return {
		stateDir,
		configDir,
		logDir: join(stateDir, "log"),
		runDir,
		socketPath: join(runDir, "daemon.sock"),
		sharedSocketPath: join(
			env.VEDETTE_SHARED_DIR ? resolve(env.VEDETTE_SHARED_DIR) : sharedDir(stateDir),
			"daemon.sock",
		),
		storePath: join(stateDir, "vedette.db"),
		knowledgeDir: join(stateDir, "knowledge"),
		settingsPath: join(configDir, "settings.json"),
		installationKeyPath: join(configDir, "installation.key"),
		networkCertificatePath: join(configDir, "network-certificate.pem"),
		networkKeyPath: join(configDir, "network-key.pem"),
		lockPath: join(stateDir, "daemon.lock"),
		logPath: join(stateDir, "log", "daemon"),
	};
}

function folders(env: NodeJS.ProcessEnv): { stateDir: string; configDir: string } {
	if (env.VEDETTE_HOME) {
		const root = resolve(env.VEDETTE_HOME);
		return { stateDir: root, configDir: root };
	}
	const home = env.HOME || homedir();
	if (!home) {
		throw new AppError("invalid", "There is no home folder to keep anything in.", {
			hint: "Say where with VEDETTE_HOME=/some/folder.",
		});
	}
	return {
		stateDir: join(absolute(env.XDG_STATE_HOME) ?? join(home, ".local", "state"), "vedette"),
		configDir: join(absolute(env.XDG_CONFIG_HOME) ?? join(home, ".config"), "vedette"),
	};
}

/** The specification says to ignore relative paths. */
function absolute(path: string | undefined): string | undefined {
	return path?.startsWith("/") ? path : undefined;
}

/** The folder itself when a socket path in it fits the kernel's limit; else one under /tmp that is named after it. */
function shortRunDir(runDir: string): string {
	if (Buffer.byteLength(join(runDir, "daemon.sock")) <= socketPathBytes) return runDir;
	return join("/tmp", nameAfter(runDir));
}

/** Outside the home, which others cannot enter. Only root may write to /run; in /tmp the name says whose it must be. */
function sharedDir(stateDir: string): string {
	return join(ownUid() === 0 ? "/run" : "/tmp", nameAfter(join(stateDir, "shared")));
}

function nameAfter(folder: string): string {
	const digest = createHash("sha256").update(folder).digest("hex").slice(0, 16);
	return `vedette-${ownUid()}-${digest}`;
}

/** Not `userInfo()`, which fails for a user without an entry in the user database. */
function ownUid(): number {
	return process.getuid?.() ?? 0;
}
