/**
 * Brings a source's file here: goes on where it was cut off, asks whether there is anything new at all, tries again when the
 * fault may pass, and verifies what came. A file of this machine is taken from where it lies.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Announced, announcedOf, refuseWrong, wantedSha256 } from "./announced-hash.ts";
import { DownloadPlace, type DownloadState } from "./download-state.ts";
import { FetchFailure, failureOf, noRoom } from "./fetch-failure.ts";
import { type Answer, type GetOptions, httpGet } from "./http-get.ts";

export interface DownloadRequest {
	readonly source: string;
	/** Tried in this order. */
	readonly urls: readonly string[];
	/** Where the file's SHA-256 is published; null: nowhere. */
	readonly sha256Url: string | null;
	/** What stands for what is held, as `settle` was told; null when nothing is. */
	readonly held: string | null;
	/** Where downloads are kept until they are taken in. */
	readonly folder: string;
	readonly allowHttp: boolean;
	readonly env: NodeJS.ProcessEnv;
	readonly limits: DownloadLimits;
}

export interface DownloadLimits {
	readonly mostBytes: number;
	/** Longest silence of a server. */
	readonly idleMs: number;
	/** How often one address is tried in a row while nothing comes, and how often in all. */
	readonly attempts: number;
	readonly mostAttempts: number;
	/** Longest for one address, with all attempts: a server that drips is given up. */
	readonly mostMs: number;
	/** Before the second attempt; doubled each time, and at most a minute. */
	readonly backoffMs: number;
}

export const downloadLimits: DownloadLimits = {
	...{ mostBytes: 4 * 2 ** 30, idleMs: 60_000, attempts: 5, mostAttempts: 20, mostMs: 2 * 3_600_000, backoffMs: 1_000 },
};

export interface DownloadProgress {
	readonly bytes: number;
	readonly totalBytes: number | null;
	/** What was there from before. */
	readonly resumedFrom: number;
	/** Counted from 1. */
	readonly attempt: number;
	/** What the last attempt ended with. */
	readonly trouble: string | null;
}

export interface Downloaded {
	/** Null: nothing new since what is held. */
	readonly path: string | null;
	readonly url: string;
	readonly bytes: number;
	readonly sha256: string | null;
}

/** Throws FetchFailure, of the last address. */
export async function download(
	request: DownloadRequest,
	onProgress: (progress: DownloadProgress) => void,
): Promise<Downloaded> {
	let failure: FetchFailure | null = null;
	for (const url of request.urls) {
		try {
			if (url.startsWith("file:")) return localFile(url);
			mkdirSync(request.folder, { recursive: true, mode: 0o700 });
			return await tryOften(url, request, onProgress);
		} catch (cause) {
			failure = failureOf(cause, hostOf(url));
		}
	}
	throw (
		failure ?? new FetchFailure("The source has no address.", { hint: "vedette knowledge sources set NAME --url …" })
	);
}

/** Call when the file was taken in: it goes, and the next time only what is newer comes. */
export function settle({ folder, source }: Pick<DownloadRequest, "folder" | "source">, takenAs: string): void {
	const place = new DownloadPlace(folder, source);
	const state = place.read();
	if (state !== null) place.write({ ...state, takenAs });
	place.dropFiles();
}

/** Call when the file is no good: the next time it comes anew. */
export function discard({ folder, source }: Pick<DownloadRequest, "folder" | "source">): void {
	new DownloadPlace(folder, source).dropAll();
}

function localFile(url: string): Downloaded {
	const path = fileURLToPath(url);
	const found = statSync(path, { throwIfNoEntry: false });
	if (found === undefined) {
		throw new FetchFailure(`${path} is not there.`, { hint: "Is the disk or share it lies on mounted?" });
	}
	return { path, url, bytes: found.isFile() ? found.size : 0, sha256: null };
}

async function tryOften(
	url: string,
	request: DownloadRequest,
	onProgress: (progress: DownloadProgress) => void,
): Promise<Downloaded> {
	const { attempts, mostAttempts, backoffMs, mostMs } = request.limits;
	const deadline = performance.now() + mostMs;
	let trouble: string | null = null;
	let idle = 0;
	for (let attempt = 1; ; attempt++) {
		let came = false;
		try {
			return await tryOnce(url, request, ({ bytes, totalBytes, resumedFrom }) => {
				came ||= bytes > resumedFrom;
				if (performance.now() > deadline) throw tooSlow(hostOf(url), mostMs);
				onProgress({ bytes, totalBytes, resumedFrom, attempt, trouble });
			});
		} catch (cause) {
			const failure = failureOf(cause, hostOf(url));
			// A line that breaks again and again still brings something each time; not for ever, though.
			idle = came ? 0 : idle + 1;
			if (!failure.mayPass || idle >= attempts || attempt >= mostAttempts) throw failure;
			trouble = failure.message;
			onProgress({ bytes: 0, totalBytes: null, resumedFrom: 0, attempt: attempt + 1, trouble });
			await wait(
				Math.min(60_000, Math.max(failure.retryAfterMs ?? 0, backoffMs * 2 ** idle * (0.75 + Math.random() / 2))),
			);
		}
	}
}

type Onward = (progress: Pick<DownloadProgress, "bytes" | "totalBytes" | "resumedFrom">) => void;

async function tryOnce(url: string, request: DownloadRequest, onProgress: Onward): Promise<Downloaded> {
	const place = new DownloadPlace(request.folder, request.source);
	const known = place.read();
	const state = known?.url === url ? known : null;
	if (state === null) place.dropFiles();
	const get: GetOptions = { allowHttp: request.allowHttp, idleMs: request.limits.idleMs, env: request.env };
	const had = existsSync(place.part) ? statSync(place.part).size : 0;
	const answer = await httpGet(url, { ...get, headers: conditions(state, place, had, request.held) });
	try {
		if (answer.status === 304 && state !== null) {
			const path = existsSync(place.whole) ? place.whole : null;
			return { path, url, bytes: path === null ? 0 : statSync(path).size, sha256: state.sha256 };
		}
		if (answer.status === 416 || (answer.status === 206 && startOf(answer) !== had)) {
			rmSync(place.part, { force: true });
			throw new FetchFailure(`${answer.url.host} cannot go on where it was cut off.`, {
				...{ hint: "It is fetched from the start.", mayPass: true },
			});
		}
		if (answer.status !== 200 && answer.status !== 206) throw refused(answer);
		const from = answer.status === 206 ? had : 0;
		const totalBytes = totalOf(answer, from);
		const { etag = null, "last-modified": lastModified = null } = answer.headers;
		place.write({ url, etag, lastModified, totalBytes, sha256: null, takenAs: null });
		await receive(answer, place, { from, totalBytes, request, onProgress });
		return await verified(place, announcedOf(answer.headers), { url, etag, lastModified, totalBytes }, request, get);
	} finally {
		answer.body.destroy();
	}
}

/** RFC 9110, section 13: what is only wanted when it has changed, or when it has not. */
function conditions(
	state: DownloadState | null,
	place: DownloadPlace,
	had: number,
	held: string | null,
): Record<string, string> {
	if (state === null) return {};
	const { etag, lastModified } = state;
	const isHeld = state.sha256 !== null && (existsSync(place.whole) || (held !== null && state.takenAs === held));
	if (isHeld) {
		return {
			...(etag === null ? {} : { "if-none-match": etag }),
			...(lastModified === null ? {} : { "if-modified-since": lastModified }),
		};
	}
	// A weak validator does not promise the same bytes (RFC 9110, 13.1.5).
	const validator = etag !== null && !etag.startsWith("W/") ? etag : lastModified;
	return had > 0 && validator !== null && state.sha256 === null
		? { range: `bytes=${had}-`, "if-range": validator }
		: {};
}

interface Receiving {
	readonly from: number;
	readonly totalBytes: number | null;
	readonly request: DownloadRequest;
	readonly onProgress: Onward;
}

async function receive(answer: Answer, place: DownloadPlace, { from, totalBytes, request, onProgress }: Receiving) {
	const { mostBytes } = request.limits;
	if ((totalBytes ?? 0) > mostBytes) throw tooLarge(answer.url, mostBytes);
	const free = statfsSync(request.folder);
	if ((totalBytes ?? 0) - from > free.bavail * free.bsize) throw noRoom();
	const file = await open(place.part, from > 0 ? "a" : "w", 0o600);
	let bytes = from;
	try {
		onProgress({ bytes, totalBytes, resumedFrom: from });
		for await (const chunk of answer.body as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			if (bytes > mostBytes || (totalBytes !== null && bytes > totalBytes))
				throw tooLarge(answer.url, totalBytes ?? mostBytes);
			// Not `write`, which may write a part of it and say so.
			await file.writeFile(chunk);
			onProgress({ bytes, totalBytes, resumedFrom: from });
		}
		await file.sync();
	} catch (cause) {
		const failure = failureOf(cause, answer.url.host);
		// Nobody is helped by a full disk, nor by bytes that are not wanted.
		if (!failure.mayPass) rmSync(place.part, { force: true });
		throw failure;
	} finally {
		await file.close();
	}
	if (totalBytes !== null && bytes < totalBytes) {
		throw new FetchFailure(`${answer.url.host} broke off after ${bytes} of ${totalBytes} bytes.`, {
			...{ hint: "What has come is kept: update again and it goes on there.", mayPass: true },
		});
	}
}

async function verified(
	place: DownloadPlace,
	announced: Announced,
	state: Omit<DownloadState, "sha256" | "takenAs">,
	request: DownloadRequest,
	get: GetOptions,
): Promise<Downloaded> {
	const [sha256, md5] = [createHash("sha256"), createHash("md5")];
	await pipeline(createReadStream(place.part), async (chunks: AsyncIterable<Buffer>) => {
		for await (const chunk of chunks) {
			sha256.update(chunk);
			md5.update(chunk);
		}
	});
	const found = { sha256: sha256.digest("hex"), md5: md5.digest("hex") };
	const published = request.sha256Url === null ? null : await wantedSha256(request.sha256Url, state.url, get);
	try {
		refuseWrong(found, { ...announced, published }, hostOf(state.url));
	} catch (cause) {
		place.dropAll();
		throw cause;
	}
	renameSync(place.part, place.whole);
	place.write({ ...state, sha256: found.sha256, takenAs: null });
	return { path: place.whole, url: state.url, bytes: statSync(place.whole).size, sha256: found.sha256 };
}

function refused({ url, status, headers, body }: Answer): FetchFailure {
	const mayPass = status >= 500 || status === 408 || status === 425 || status === 429;
	const seconds = Number(headers["retry-after"] ?? Number.NaN);
	const words = `${url.host} answers ${status} ${body.statusMessage ?? ""}`.trim().slice(0, 200);
	if (mayPass) {
		const retryAfterMs = seconds >= 0 ? Math.min(60, seconds) * 1_000 : null;
		return new FetchFailure(`${words}.`, { hint: "Its fault; update again later.", mayPass, retryAfterMs });
	}
	const hint =
		status === 407
			? "The proxy asks for a name and password: put them into HTTPS_PROXY of the daemon's environment."
			: "Is the address right? See it with: vedette knowledge sources";
	return new FetchFailure(`${words} for ${url.pathname}.`, { hint });
}

function tooSlow(host: string, mostMs: number): FetchFailure {
	return new FetchFailure(`${host} took more than ${Math.round(mostMs / 60_000)} minutes.`, {
		hint: "Fetch the file in another way and take it in: vedette knowledge import FILE",
	});
}

function tooLarge(url: URL, most: number): FetchFailure {
	return new FetchFailure(`${url.host} sends more than the ${most} bytes that are expected.`, {
		hint: "Nothing of it was kept. Check the address of the source.",
	});
}

/** RFC 9110, section 14.4. NaN when it does not say. */
function startOf({ headers }: Answer): number {
	return Number(/^bytes ([0-9]+)-/.exec(headers["content-range"] ?? "")?.[1] ?? Number.NaN);
}

function totalOf({ headers }: Answer, from: number): number | null {
	const length = Number(headers["content-length"] ?? Number.NaN);
	return Number.isSafeInteger(length) && length >= 0 ? from + length : null;
}

function hostOf(url: string): string {
	return URL.canParse(url) ? new URL(url).host || "this machine" : url;
}
