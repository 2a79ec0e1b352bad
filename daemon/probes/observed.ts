/** What came back to one trigger, and which protocols it looks like. */
import { failureOf } from "./failure.ts";
import type { Connection, Probe } from "./probe.ts";

/** An answer is read no further than this to recognise it. */
const maxAnswerBytes = 4_096;
/** After first bytes: a pause this long ends the answer. */
const quietMs = 120;
const certain = 0.9;
/** Time for the rest of an answer once it has begun, however slowly it drips. */
const restMs = 1_000;

/** Taken for granted from here on; below, it is only a guess kept for the end. */
export const likely = 0.5;

export interface Guess {
	readonly probe: Probe;
	readonly confidence: number;
}

export interface Observed {
	/** Name of the probe whose hello was sent; `nothing` for a greeting. */
	readonly trigger: string;
	readonly bytes: Buffer;
	/** Best first, none with confidence 0. */
	readonly guesses: readonly Guess[];
	/** The target ended the conversation. */
	readonly ended: boolean;
}

/** Reads the answer until it is recognised for certain, a pause or the end. Never rejects but for an abort. */
export async function observe(
	connection: Connection,
	trigger: string,
	waitMs: number,
	probes: readonly Probe[],
): Promise<Observed> {
	let bytes: Buffer = Buffer.alloc(0);
	let ended = false;
	let guesses: Guess[] = [];
	let wait = waitMs;
	const until = performance.now() + waitMs + restMs;
	while (bytes.length < maxAnswerBytes && performance.now() < until) {
		const chunk = await readQuietly(connection, wait);
		ended = chunk === null;
		if (chunk === null || chunk.length === 0) break;
		bytes = Buffer.concat([bytes, chunk]);
		guesses = recogniseAll(bytes, probes);
		if ((guesses[0]?.confidence ?? 0) >= certain && !mayBeHttpRefusal(bytes)) break;
		wait = quietMs;
	}
	return { trigger, bytes, guesses, ended };
}

/** All probes' opinion of the bytes. A probe that throws has none. */
export function recogniseAll(bytes: Buffer, probes: readonly Probe[]): Guess[] {
	if (bytes.length === 0) return [];
	const guesses: Guess[] = [];
	for (const probe of probes) {
		const confidence = confidenceOf(probe, bytes);
		if (confidence > 0) guesses.push({ probe, confidence });
	}
	return guesses.sort((a, b) => b.confidence - a.confidence);
}

/** Did an HTTP server say that this port speaks TLS? The words are those of nginx, Apache, Go, Tomcat, Jetty, Node. */
export function saysTlsOnly(bytes: Buffer): boolean {
	if (!mayBeHttpRefusal(bytes)) return false;
	return /https? request (?:was sent )?to (?:an? )?https|plain http to an ssl|requires tls|must use https/i.test(
		bytes.toString("latin1"),
	);
}

/** The page that says so may come a moment after the status line. */
function mayBeHttpRefusal(bytes: Buffer): boolean {
	return /^HTTP\/1\.[01] 4\d\d /.test(bytes.toString("latin1", 0, 13));
}

function confidenceOf(probe: Probe, bytes: Buffer): number {
	try {
		const confidence = probe.recognise(bytes);
		return Number.isFinite(confidence) ? confidence : 0;
	} catch {
		return 0;
	}
}

async function readQuietly(connection: Connection, waitMs: number): Promise<Buffer | null> {
	try {
		return await connection.read(waitMs);
	} catch (error) {
		const failure = failureOf(error);
		if (failure.reason === "aborted" || failure.reason === "timeout") throw failure;
		return null;
	}
}
