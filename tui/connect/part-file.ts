/**
 * The name under which a file is written until it is whole, and what writers that were killed left under such names. A name says
 * who writes: a process that is gone writes no more. Of processes elsewhere, on a folder that machines share, nothing is known.
 */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { lstat, opendir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Nobody takes that long over one part of a file. */
const forgottenMs = 86_400_000;
/** Leaves room for the rest in the 255 bytes that file systems give a name. */
const longestName = 200;

/** Beside its place; never the same twice. */
export function partPath(path: string): string {
	return join(dirname(path), `.${labelOf(path)}.${here}-${process.pid}.${randomBytes(4).toString("hex")}.part`);
}

/** What is in the way stays: a file that this user may not remove is no reason not to write another. */
export async function dropStaleParts(path: string, now = Date.now()): Promise<void> {
	const start = `.${labelOf(path)}.`;
	try {
		for await (const { name } of await opendir(dirname(path))) {
			if (!name.startsWith(start)) continue;
			const written = /^(?:([0-9a-f]{8})-(\d{1,10})\.[0-9a-f]{8}|[0-9a-f]{12})\.part$/.exec(name.slice(start.length));
			if (written === null) continue;
			const file = join(dirname(path), name);
			const found = await lstat(file);
			if (!found.isFile() || found.uid !== process.getuid?.()) continue;
			const [, where, pid] = written;
			const isGone = where === here ? !isRunning(Number(pid)) : now - found.mtimeMs > forgottenMs;
			if (isGone) await rm(file, { force: true });
		}
	} catch {
		// The folder cannot be listed, or somebody else was faster.
	}
}

function labelOf(path: string): string {
	const name = basename(path);
	if (Buffer.byteLength(name) <= longestName) return name;
	return createHash("sha256").update(name).digest("hex").slice(0, 32);
}

/** Whose numbers of processes are meant: of this kernel since it started, as this container sees them. */
const here = createHash("sha256").update(placeOf()).digest("hex").slice(0, 8);

function placeOf(): string {
	try {
		return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8")}${readlinkSync("/proc/self/ns/pid")}`;
	} catch {
		// A place of its own: what others left goes by its age alone.
		return randomBytes(16).toString("hex");
	}
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (err) {
		return (err as NodeJS.ErrnoException).code !== "ESRCH";
	}
}
