/**
 * One update: every source's file brought here, then all that is new taken into one base made from the one in force. What
 * fails is told and the rest goes on; what is put in force afterwards is the caller's business.
 */
import { rmSync } from "node:fs";
import { AppError } from "../../../protocol/errors.ts";
import type { UpdateStep } from "../../../protocol/model/knowledge-update.ts";
import { type TakenIn, takeIn } from "../advisories/take-in.ts";
import { type Downloaded, type DownloadLimits, type DownloadProgress, discard, download, settle } from "./download.ts";

export interface UpdateSource {
	readonly name: string;
	/** What it is called once it is taken in. */
	readonly feed: string;
	readonly urls: readonly string[];
	readonly sha256Url: string | null;
	/** What is held of it; null when nothing is. */
	readonly held: { readonly digest: string; readonly publishedAt: number | null } | null;
}

export interface UpdateWork {
	readonly sources: readonly UpdateSource[];
	/** Where downloads are kept. */
	readonly folder: string;
	readonly current: string;
	/** The first of the files that new bases are made in; the others have a number behind it. */
	readonly next: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
	readonly older: boolean;
	readonly allowHttp: boolean;
	readonly limits: DownloadLimits;
}

export interface Updated {
	/** One for each source, in the order they were asked for. */
	readonly steps: readonly UpdateStep[];
	/** The new base; null when nothing is new. */
	readonly next: string | null;
	/** Digest of each feed that was found to be as new as its source. */
	readonly fresh: Readonly<Record<string, string>>;
}

/** Never throws for what is wrong with a source. */
export async function runUpdate(
	work: UpdateWork,
	env: NodeJS.ProcessEnv,
	onStep: (step: UpdateStep) => void,
): Promise<Updated> {
	const steps = new Map(work.sources.map(({ name, feed }) => [name, waiting(name, feed)]));
	const tell = (name: string, change: Partial<UpdateStep>) => {
		const step = { ...(steps.get(name) ?? waiting(name, name)), ...change };
		steps.set(name, step);
		onStep(step);
	};
	const came: { source: UpdateSource; file: Downloaded }[] = [];
	const fresh: Record<string, string> = {};
	for (const source of work.sources) {
		try {
			const file = await bring(source, work, env, tell);
			if (file.path !== null) came.push({ source, file });
			else if (source.held !== null) fresh[source.feed] = source.held.digest;
		} catch (err) {
			tell(source.name, failed(err));
		}
	}
	let good: string | null = null;
	for (const [index, { source, file }] of came.entries()) {
		const next = `${work.next}${index}`;
		try {
			const taken = await take(source, file, { ...work, current: good ?? work.current, next }, tell);
			const { held } = source;
			const isHeld = held !== null && markOf(taken) === markOf(held);
			const isNew = !refusedAsOlder(source, taken, work, tell) && !isHeld;
			if (steps.get(source.name)?.state !== "older") {
				fresh[source.feed] = taken.digest;
				settle({ folder: work.folder, source: source.name }, markOf(taken));
				tell(source.name, { state: isNew ? "updated" : "unchanged" });
			}
			if (good !== null && isNew) rmSync(good, { force: true });
			if (isNew) good = next;
			else rmSync(next, { force: true });
		} catch (err) {
			rmSync(next, { force: true });
			// What is no feed comes anew; what only found no room need not.
			if (err instanceof AppError && err.code === "invalid") discard({ folder: work.folder, source: source.name });
			tell(source.name, failed(err));
		}
	}
	return { steps: [...steps.values()], next: good, fresh };
}

type Tell = (name: string, change: Partial<UpdateStep>) => void;

async function bring(source: UpdateSource, work: UpdateWork, env: NodeJS.ProcessEnv, tell: Tell): Promise<Downloaded> {
	tell(source.name, { state: "downloading" });
	const { folder, allowHttp, limits } = work;
	const { name, urls, sha256Url } = source;
	const told = lately<DownloadProgress>(tellEveryMs, (progress) => tell(name, progress));
	const held = source.held === null ? null : markOf(source.held);
	const file = await download(
		{ source: name, urls, sha256Url, held, folder, allowHttp, env, limits },
		told.call,
	).finally(told.flush);
	const { bytes, path } = file;
	tell(name, path === null ? { state: "unchanged" } : { state: "downloaded", bytes, totalBytes: bytes });
	return file;
}

async function take(source: UpdateSource, file: Downloaded, work: UpdateWork, tell: Tell): Promise<TakenIn> {
	const { current, next, now } = work;
	tell(source.name, { state: "importing" });
	const taken = await takeIn(
		{ path: file.path ?? "", name: source.feed, file: file.url, current, next, now },
		(records) => tell(source.name, { records }),
	);
	const { records, refused } = taken;
	tell(source.name, { records, ...(refused.documents > 0 ? { refused } : {}) });
	return taken;
}

function refusedAsOlder(source: UpdateSource, { publishedAt }: TakenIn, work: UpdateWork, tell: Tell): boolean {
	const held = source.held?.publishedAt ?? null;
	if (work.older || held === null || publishedAt === null || publishedAt >= held) return false;
	const day = (at: number) => new Date(at).toISOString().slice(0, 10);
	tell(source.name, {
		state: "older",
		why: `It is of ${day(publishedAt)}, older than what is held, of ${day(held)}.`,
		hint: "What is held was kept. Is a mirror behind? To take it in all the same: --older",
	});
	discard({ folder: work.folder, source: source.name });
	return true;
}

/** What stands for what a feed says, and of when. */
function markOf({ digest, publishedAt }: Pick<TakenIn, "digest" | "publishedAt">): string {
	return `${digest} ${publishedAt}`;
}

/** Calls at most so often, and in the end with the last there was. */
function lately<T>(everyMs: number, work: (value: T) => void): { call(value: T): void; flush(): void } {
	let timer: NodeJS.Timeout | undefined;
	let last: { value: T } | undefined;
	const flush = () => {
		clearTimeout(timer);
		timer = undefined;
		if (last !== undefined) work(last.value);
		last = undefined;
	};
	return {
		flush,
		call(value) {
			last = { value };
			timer ??= setTimeout(flush, everyMs);
		},
	};
}

/** How often it is told how much has come. */
const tellEveryMs = 200;

export function waiting(source: string, feed: string): UpdateStep {
	return {
		...{ source, feed, state: "waiting", bytes: 0, totalBytes: null, resumedFrom: 0, records: 0, attempt: 1 },
		...{ trouble: null, why: null, hint: null },
	};
}

function failed(err: unknown): Partial<UpdateStep> {
	const { code } = err as NodeJS.ErrnoException;
	// SQLite says so in its own words (sqlite.org/rescode.html, SQLITE_FULL).
	if (code === "ENOSPC" || (err as { errcode?: number }).errcode === 13) {
		return {
			state: "failed",
			why: "The disk is full.",
			hint: "Nothing of it was taken in. Make room, then update again.",
		};
	}
	return {
		state: "failed",
		why: err instanceof Error ? err.message : String(err),
		hint: err instanceof AppError ? (err.hint ?? null) : null,
	};
}
