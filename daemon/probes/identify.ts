/**
 * Which protocol is it? Decided by what answers, never by the port number; the number only says what to try first.
 * Greeting and hellos go over as few connections as the target allows, one at a time.
 */
import { failureOf } from "./failure.ts";
import { likely, type Observed, observe, saysTlsOnly } from "./observed.ts";
import type { Connection, Probe } from "./probe.ts";

export interface IdentifyLimits {
	/** Wait for a greeting where a protocol that greets is expected. */
	readonly greetingMs: number;
	/** Wait for a greeting where nothing is expected. */
	readonly strayGreetingMs: number;
	/** Wait for the answer to a hello that is likely to be understood. */
	readonly answerMs: number;
	/** Wait for the answer to any other hello. */
	readonly longShotMs: number;
}

export const defaultIdentifyLimits: IdentifyLimits = {
	greetingMs: 2_000,
	strayGreetingMs: 600,
	answerMs: 1_500,
	longShotMs: 1_000,
};

export interface IdentifyRequest {
	readonly connect: () => Promise<Connection>;
	readonly address: string;
	readonly port: number;
	readonly hostname: string | null;
	/** Conversations run inside TLS already. */
	readonly tls: boolean;
	readonly probes: readonly Probe[];
	readonly limits: IdentifyLimits;
}

export interface Identified {
	/** Best first; empty when nothing was recognised. */
	readonly candidates: readonly Probe[];
	/** False when the candidates are guesses. */
	readonly sure: boolean;
	/** The first answer nobody recognised; null when there was none or it does not matter. */
	readonly unrecognised: Observed | null;
	/** A connection with its greeting given back, nothing sent on it yet; the caller owns it. */
	readonly greeted: Connection | null;
}

/** Rejects with ProbeFailure when no connection comes about at all, or on abort. */
export async function identify(request: IdentifyRequest): Promise<Identified> {
	const search = new Search(request);
	try {
		return await search.run();
	} finally {
		search.close();
	}
}

class Search {
	readonly #request: IdentifyRequest;
	#idle: Connection | null = null;
	#connected = false;
	#unrecognised: Observed | null = null;
	#weak: Observed | null = null;

	constructor(request: IdentifyRequest) {
		this.#request = request;
	}

	close(): void {
		this.#idle?.close();
	}

	async run(): Promise<Identified> {
		const { greetingMs, strayGreetingMs, answerMs, longShotMs } = this.#request.limits;
		const { expectsGreeting, hinted, others } = this.#order();
		for (const probe of hinted) {
			const found = await this.#say(probe, expectsGreeting ? greetingMs : answerMs);
			if (found !== null) return found;
		}
		if (!this.#request.tls || expectsGreeting) {
			const found = await this.#listen(expectsGreeting ? greetingMs : strayGreetingMs);
			if (found !== null) return found;
		}
		// What greets in a tongue unknown to all is no protocol that waits for a hello.
		if (this.#unrecognised?.trigger !== "nothing") {
			for (const probe of others) {
				const usual = probe.name === "tls" || probe.name === "http";
				const found = await this.#say(probe, usual ? answerMs : longShotMs);
				if (found !== null) return found;
			}
		}
		const weak = this.#weak?.guesses.map((guess) => guess.probe) ?? [];
		return { candidates: weak, sure: false, unrecognised: this.#unrecognised, greeted: null };
	}

	/** Hinted protocols that wait for a hello, TLS ahead; then TLS, HTTP and the rest. */
	#order() {
		const { probes, port, tls } = this.#request;
		const usable = probes.filter((probe) => probe.transport === "tcp" && !(tls && probe.name === "tls"));
		const hinted = usable.filter((probe) => probe.ports.includes(port));
		const clients = usable.filter((probe) => probe.speaksFirst === "client" && probe.hello !== undefined);
		const rank = (probe: Probe) => ["tls", "http"].indexOf(probe.name) >>> 0;
		clients.sort((a, b) => rank(a) - rank(b));
		return {
			expectsGreeting: hinted.some((probe) => probe.speaksFirst === "server"),
			hinted: clients.filter((probe) => hinted.includes(probe)),
			others: clients.filter((probe) => !hinted.includes(probe)),
		};
	}

	async #listen(waitMs: number): Promise<Identified | null> {
		const connection = await this.#connection();
		if (connection === null) return null;
		const seen = await observe(connection, "nothing", waitMs, this.#request.probes);
		const found = this.#judge(seen);
		if (!seen.ended && found !== null) {
			connection.unread(seen.bytes);
			return { ...found, greeted: connection };
		}
		// Silence: what has been kept open takes the first hello.
		if (!seen.ended && seen.bytes.length === 0) this.#idle = connection;
		else connection.close();
		return found;
	}

	async #say(probe: Probe, waitMs: number): Promise<Identified | null> {
		const { hostname, address, port, probes } = this.#request;
		const hello = helloOf(probe, { hostname, address, port });
		const connection = hello === null ? null : await this.#connection();
		if (hello === null || connection === null) return null;
		try {
			await connection.write(hello);
			return this.#judge(await observe(connection, probe.name, waitMs, probes));
		} catch (error) {
			const failure = failureOf(error);
			if (failure.reason === "aborted" || failure.reason === "timeout") throw failure;
			return null;
		} finally {
			connection.close();
		}
	}

	#judge(seen: Observed): Identified | null {
		const candidates = seen.guesses.filter((guess) => guess.confidence >= likely).map((guess) => guess.probe);
		const tls = this.#request.probes.find((probe) => probe.name === "tls");
		if (!this.#request.tls && tls !== undefined && saysTlsOnly(seen.bytes)) {
			return { candidates: [tls, ...candidates], sure: true, unrecognised: null, greeted: null };
		}
		if (candidates.length > 0) return { candidates, sure: true, unrecognised: null, greeted: null };
		if (seen.guesses.length > 0) this.#weak ??= seen;
		if (seen.bytes.length > 0) this.#unrecognised ??= seen;
		return null;
	}

	/** The silent connection of the greeting wait, else a new one. Null when a later one does not come about. */
	async #connection(): Promise<Connection | null> {
		const idle = this.#idle;
		this.#idle = null;
		if (idle !== null) return idle;
		try {
			const connection = await this.#request.connect();
			this.#connected = true;
			return connection;
		} catch (error) {
			const failure = failureOf(error);
			if (!this.#connected || failure.reason === "aborted") throw failure;
			return null;
		}
	}
}

function helloOf(probe: Probe, about: { hostname: string | null; address: string; port: number }): Uint8Array | null {
	try {
		return probe.hello?.(about) ?? null;
	} catch {
		return null;
	}
}
