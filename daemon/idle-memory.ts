/**
 * Gives memory back to the machine once the work is done. What a scan needed stays with the process otherwise: a V8 with
 * nothing to do never collects, and the C library keeps what was freed.
 */
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { linux, loadLibc } from "./packets/libc.ts";

export interface RestOptions {
	/** True while something is done that memory is needed for. */
	readonly isBusy: () => boolean;
	/** How long it must be quiet; longer than idle worker threads live. Default 20,000 ms. */
	readonly quietMs?: number;
	/** Default: `giveBackMemory`. */
	readonly rest?: () => Promise<void>;
}

/** Rests once soon after the start and once after each time it was busy. Returns the way to stop. */
export function restWhenIdle({ isBusy, quietMs = 20_000, rest = giveBackMemory }: RestOptions): () => void {
	const looks = 10;
	// After the start there are no threads to wait for.
	let quiet = looks - 2;
	const timer = setInterval(() => {
		quiet = isBusy() ? 0 : quiet + 1;
		if (quiet === looks) void rest();
	}, quietMs / looks);
	timer.unref();
	return () => clearInterval(timer);
}

type Collect = (options: { type: "major"; execution: "async"; flavor: "last-resort" }) => Promise<void>;
let collect: Collect | undefined;

/** Takes some tens of milliseconds of this thread. Never rejects. */
export async function giveBackMemory(): Promise<void> {
	try {
		collect ??= collector();
		await collect({ type: "major", execution: "async", flavor: "last-resort" });
	} catch {
		// Without it the heap stays as large as it is; nothing else depends on it.
	}
	loadLibc().libc?.trimHeap();
	letGoOfProgram();
}

/**
 * Nearly all of what Node's own program ran through and read, at the start and in a scan, is not needed again while nothing is
 * done. Its pages come back from the file, a few at a time, when they are (madvise(2), MADV_DONTNEED).
 */
function letGoOfProgram(): void {
	const { libc } = loadLibc();
	if (libc === null) return;
	try {
		for (const { start, length } of unchangedPages(readFileSync("/proc/self/smaps", "utf8"), process.execPath))
			libc.madvise(start, length, linux.MADV_DONTNEED);
	} catch {
		// Without it the process only looks larger than it is.
	}
}

/** Where a file's code and constants lie in memory just as they are in the file; by /proc/PID/smaps (proc_pid_smaps(5)). Bytes. */
export function unchangedPages(smaps: string, path: string): { start: number; length: number }[] {
	return smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m).flatMap((mapping) => {
		const head = /^([0-9a-f]+)-([0-9a-f]+) r-[x-]p \S+ \S+ \d+ +(.*)$/m.exec(mapping);
		if (head?.[3] !== path || !/^Anonymous: +0 kB$/m.test(mapping)) return [];
		const [start, end] = [Number.parseInt(head[1] ?? "", 16), Number.parseInt(head[2] ?? "", 16)];
		return [{ start, length: end - start }];
	});
}

/** V8 gives it to contexts made after the flag was set. */
function collector(): Collect {
	setFlagsFromString("--expose-gc");
	return runInNewContext("gc") as Collect;
}
