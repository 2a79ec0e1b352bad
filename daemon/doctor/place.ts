/** Checks on a home: who may read it, how much room is left, and who may connect to its daemon. */
import { lstatSync, type Stats, statfsSync, statSync } from "node:fs";
import type { HomePaths } from "../../protocol/home.ts";
import type { DoctorCheck } from "../../protocol/model/doctor.ts";
import { megabytes } from "./proc.ts";

/** Folders must not be open to others' writing, and what is ours alone not to their reading either. */
export function checkHome(home: HomePaths, uid: number = process.geteuid?.() ?? 0): DoctorCheck {
	const base = { id: "home", title: "Home" };
	const problems: string[] = [];
	const cure: string[] = [];
	let failed = false;
	const judge = (path: string, forbidden: number) => {
		const found = look(path);
		if (found === null) return;
		if (found.uid !== uid) {
			failed = true;
			problems.push(`${path} belongs to user ${found.uid}`);
			cure.push(`sudo chown -R ${uid} ${path}`);
		} else if ((found.mode & forbidden) !== 0) {
			problems.push(`${path} is open to other users (mode ${(found.mode & 0o777).toString(8)})`);
			cure.push(`chmod ${forbidden === 0o022 ? "go-w" : "go="} ${path}`);
		}
	};
	for (const folder of new Set([home.stateDir, home.configDir])) judge(folder, 0o022);
	const own = [home.runDir, home.logDir, home.storePath, `${home.storePath}-wal`, home.settingsPath];
	for (const path of own) judge(path, 0o077);
	if (problems.length > 0) {
		return { ...base, state: failed ? "failed" : "warning", found: `${problems.join("; ")}.`, cure };
	}
	const there = look(home.stateDir) !== null;
	const found = there
		? `${home.stateDir}, for user ${uid} alone.`
		: `${home.stateDir} will be made at the first start.`;
	return { ...base, state: "ok", found, cure: [] };
}

const enoughBytes = 2 ** 30;
const leastBytes = 100 * 2 ** 20;

export function checkDisk(home: HomePaths): DoctorCheck {
	const base = { id: "disk", title: "Disk" };
	let room: { free: number; files: number; freeFiles: number };
	try {
		const { bavail, bsize, files, ffree } = statfsSync(nearest(home.stateDir));
		room = { free: bavail * bsize, files, freeFiles: ffree };
	} catch (err) {
		const found = `The disk of ${home.stateDir} does not tell its free space (${(err as NodeJS.ErrnoException).code}).`;
		return { ...base, state: "warning", found, cure: [] };
	}
	const { free, files, freeFiles } = room;
	const found = `${megabytes(free)} free for ${home.stateDir}.`;
	// Some file systems make inodes as they go, and say 0 of 0.
	if (files > 0 && freeFiles < 100) {
		return {
			...base,
			state: "failed",
			found: `${found} It takes no more files.`,
			cure: ["Delete files on that disk."],
		};
	}
	if (free >= enoughBytes) return { ...base, state: "ok", found, cure: [] };
	return {
		...base,
		state: free < leastBytes ? "failed" : "warning",
		found: `${found} Scans pause when nothing more can be written.`,
		cure: ["Make room on that disk, or move the home (VEDETTE_HOME says where it is)."],
	};
}

export function checkSocket(home: HomePaths, running: boolean, uid: number = process.geteuid?.() ?? 0): DoctorCheck {
	const base = { id: "socket", title: "Who may connect" };
	const found = look(home.socketPath);
	const who = uid === 0 ? "root alone" : `user ${uid} and root`;
	if (found === null) {
		if (!running)
			return { ...base, state: "ok", found: `Nobody yet: no daemon listens on ${home.socketPath}.`, cure: [] };
		const gone = `The socket ${home.socketPath} was taken away: nobody new can connect.`;
		return {
			...base,
			state: "failed",
			found: gone,
			cure: ["vedette daemon cannot mend it; end it by its pid and start it again."],
		};
	}
	if (!found.isSocket()) {
		const other = `${home.socketPath} is in the way: it is not a socket.`;
		return {
			...base,
			state: "failed",
			found: other,
			cure: [`Move it away: mv ${home.socketPath} ${home.socketPath}.old`],
		};
	}
	if ((found.mode & 0o077) !== 0) {
		const open = `${home.socketPath} can be reached by other users, who are turned away.`;
		return { ...base, state: "warning", found: open, cure: [`chmod 600 ${home.socketPath}`] };
	}
	return { ...base, state: "ok", found: `${who}, on ${home.socketPath}.`, cure: [] };
}

/** Null when there is nothing, or nothing to be seen. Links that are ours to follow are the home itself only. */
function look(path: string): Stats | null {
	try {
		return lstatSync(path).isSymbolicLink() ? statSync(path) : lstatSync(path);
	} catch {
		return null;
	}
}

/** The first folder on the way up that is there. */
function nearest(path: string): string {
	let at = path;
	while (look(at) === null) {
		const up = at.slice(0, Math.max(1, at.lastIndexOf("/")));
		if (up === at) break;
		at = up;
	}
	return at;
}
