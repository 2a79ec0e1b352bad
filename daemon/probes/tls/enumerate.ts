/**
 * Finds out by many small handshakes what a TLS server accepts. Offer everything, note what is chosen, take it away,
 * offer again; two handshakes at a time, bounded in number and time. What was left open makes the result incomplete.
 */
import type { DataOf } from "../../evidence/record.ts";
import { type ProbeContext, ProbeFailure } from "../probe.ts";
import { clientHello, fallbackScsv, type HelloOptions, type TlsVersion, versionNumbers } from "./build.ts";
import { ciphersToOffer, commonCiphers, findCipher } from "./ciphers.ts";
import { findGroups } from "./find-groups.ts";
import { type Answer, answersSslv2, shakeHands } from "./handshake.ts";

export interface TlsFound {
	readonly data: Omit<DataOf<"tls">, "starttls" | "hostname" | "alpn">;
	/** As sent before TLS 1.3; empty when only TLS 1.3 is spoken. */
	readonly certificates: readonly Buffer[];
	readonly complete: boolean;
}

export interface EnumerationLimits {
	readonly handshakes: number;
	/** No new handshake after this long. */
	readonly timeMs: number;
}

const defaultEnumerationLimits: EnumerationLimits = { handshakes: 500, timeMs: 25_000 };

const inappropriateFallback = 86;
/** Alerts that leave no doubt: handshake_failure and protocol_version (RFC 8446 section 6.2). */
const plainRefusals = [40, 70];
export type Accepted = Extract<Answer, { kind: "accepted" }>;

/** What one version was found to accept. */
interface VersionFound {
	readonly version: TlsVersion;
	readonly first: Accepted;
	readonly ciphers: readonly number[];
}

/** Rejects with ProbeFailure when not one handshake got an answer in TLS. */
export async function enumerateTls(
	context: ProbeContext,
	limits: EnumerationLimits = defaultEnumerationLimits,
): Promise<TlsFound> {
	const teller = new Teller(context, limits);
	const found = await findVersions(teller);
	if (found.length === 0 && !teller.answered) throw new ProbeFailure(teller.lastFailure, "no answer in TLS");
	const legacy = found.filter((entry) => entry.version !== "TLSv1.3").at(-1);
	const sslv2 = await teller.sslv2();
	const groups = await findGroups(teller, found);
	const data: TlsFound["data"] = {
		versions: found.map((entry) => entry.version),
		...(sslv2 === null ? {} : { sslv2 }),
		ciphers: found.flatMap((entry) => entry.ciphers.map((id) => cipherEntry(entry.version, id))),
		serverPreference: await prefersOwnOrder(teller, found),
		compression: found.some((entry) => entry.first.hello.compression === 1),
		fallbackScsv: await honoursFallback(teller, found),
		secureRenegotiation: legacy === undefined ? null : legacy.first.hello.secureRenegotiation,
		groups,
		dhBits: teller.dhBits,
	};
	const certificates = found.map((entry) => entry.first.certificates).findLast((chain) => chain.length > 0) ?? [];
	return { data, certificates, complete: teller.complete };
}

/** Counts, times and remembers the handshakes. */
export class Teller {
	complete = true;
	/** Something spoke TLS, if only to refuse. */
	answered = false;
	lastFailure: ProbeFailure["reason"] = "protocol";
	/** Whether hellos of TLS 1.3 carry a key share. */
	keyShare = false;
	/** Smallest finite-field modulus seen. */
	dhBits: number | null = null;
	readonly #context: ProbeContext;
	readonly #until: number;
	#left: number;

	constructor(context: ProbeContext, limits: EnumerationLimits) {
		this.#context = context;
		this.#left = limits.handshakes;
		this.#until = this.#now() + limits.timeMs;
	}

	/** One handshake, tried again once when it breaks off without a word; null when there is no time or number left. */
	async offer(options: Omit<HelloOptions, "hostname">, wholeFlight: boolean): Promise<Answer | null> {
		const first = await this.#once(options, wholeFlight);
		return first?.kind === "failed" ? this.#once(options, wholeFlight) : first;
	}

	/** Null when it could not be told. */
	async sslv2(): Promise<boolean | null> {
		return this.#spent() ? null : answersSslv2(this.#context.dial);
	}

	async #once(options: Omit<HelloOptions, "hostname">, wholeFlight: boolean): Promise<Answer | null> {
		if (this.#spent()) return null;
		const keyShare = this.keyShare && options.version === "TLSv1.3";
		const hello = clientHello({ ...options, hostname: this.#context.hostname, keyShare });
		const answer = await shakeHands(this.#context.dial, hello, wholeFlight);
		if (answer.kind === "failed") this.lastFailure = answer.reason;
		else this.answered = true;
		if (answer.kind === "accepted" && answer.keyExchange?.kind === "field") {
			this.dhBits = Math.min(this.dhBits ?? Number.POSITIVE_INFINITY, answer.keyExchange.bits);
		}
		return answer;
	}

	#spent(): boolean {
		if (this.#context.signal.aborted || this.#left-- <= 0 || this.#now() > this.#until) {
			this.complete = false;
			return true;
		}
		return false;
	}

	/** A clock that stands while a connect waits until limits let it out. */
	#now(): number {
		return performance.now() - (this.#context.dial.waitedMs?.() ?? 0);
	}
}

async function findVersions(teller: Teller): Promise<VersionFound[]> {
	const waiting: TlsVersion[] = ["TLSv1.2", "TLSv1.3", "TLSv1.0", "TLSv1.1", "SSLv3"];
	const found: VersionFound[] = [];
	const lane = async () => {
		for (let version = waiting.shift(); version !== undefined; version = waiting.shift()) {
			const first = await findVersion(teller, version);
			if (first !== null) found.push({ version, first, ciphers: await findCiphers(teller, version, first) });
		}
	};
	await Promise.all([lane(), lane()]);
	return found.sort((a, b) => versionNumbers[a.version] - versionNumbers[b.version]);
}

async function findVersion(teller: Teller, version: TlsVersion): Promise<Accepted | null> {
	const tls13 = version === "TLSv1.3";
	let answer = await teller.offer({ version, ciphers: ciphersToOffer(tls13), compression: true }, true);
	// Some old servers choke on a long offer; a refusal in words needs no second asking.
	if (answer?.kind === "failed" && !tls13) {
		answer = await teller.offer({ version, ciphers: commonCiphers, compression: true }, true);
	}
	if (tls13 && answer?.kind === "alert" && !plainRefusals.includes(answer.code)) {
		teller.keyShare = true;
		answer = await teller.offer({ version, ciphers: ciphersToOffer(tls13) }, true);
	}
	if (answer === null) return null;
	if (answer.kind === "failed" && answer.reason !== "closed" && answer.reason !== "reset") teller.complete = false;
	return answer.kind === "accepted" && answer.hello.version === versionNumbers[version] ? answer : null;
}

/** In the order the server chose them. */
async function findCiphers(teller: Teller, version: TlsVersion, first: Accepted): Promise<number[]> {
	const remaining = new Set(ciphersToOffer(version === "TLSv1.3"));
	const found: number[] = [];
	let chosen = first.hello.cipher;
	while (remaining.delete(chosen)) {
		found.push(chosen);
		if (remaining.size === 0) return found;
		const answer = await teller.offer({ version, ciphers: [...remaining] }, true);
		if (answer === null || answer.kind === "alert") return found;
		if (answer.kind === "failed") {
			// Hanging up may mean "none of these" or "leave me alone": a known good offer tells which.
			const known = await teller.offer({ version, ciphers: [first.hello.cipher] }, false);
			if (known?.kind !== "accepted") teller.complete = false;
			return found;
		}
		if (answer.hello.version !== versionNumbers[version]) return found;
		chosen = answer.hello.cipher;
	}
	// It chose what was not offered: nothing it says after that can be relied on.
	teller.complete = false;
	return found;
}

/** Null when every version has one cipher only, or the answers do not tell. */
async function prefersOwnOrder(teller: Teller, found: readonly VersionFound[]): Promise<boolean | null> {
	const entry = found.findLast((candidate) => candidate.version !== "TLSv1.3" && candidate.ciphers.length > 1);
	const { version, ciphers } = entry ?? found.find((candidate) => candidate.ciphers.length > 1) ?? {};
	const a = ciphers?.at(0);
	const b = ciphers?.at(-1);
	if (version === undefined || a === undefined || b === undefined) return null;
	const one = await teller.offer({ version, ciphers: [a, b] }, false);
	const other = await teller.offer({ version, ciphers: [b, a] }, false);
	if (one?.kind !== "accepted" || other?.kind !== "accepted") return null;
	return one.hello.cipher === other.hello.cipher;
}

/** RFC 7507: a hello below the best version that admits to be a fallback must be refused. */
async function honoursFallback(teller: Teller, found: readonly VersionFound[]): Promise<boolean | null> {
	const lower = found.at(-2);
	if (lower === undefined) return null;
	const answer = await teller.offer({ version: lower.version, ciphers: [...lower.ciphers, fallbackScsv] }, false);
	if (answer?.kind === "accepted") return false;
	return answer?.kind === "alert" && answer.code === inappropriateFallback ? true : null;
}

function cipherEntry(version: TlsVersion, id: number): DataOf<"tls">["ciphers"][number] {
	const suite = findCipher(id);
	return {
		version,
		id,
		name: suite?.name ?? `TLS_0x${id.toString(16).padStart(4, "0")}`,
		bits: suite?.bits ?? 0,
		forwardSecrecy: suite?.forwardSecrecy ?? false,
		anonymous: suite?.anonymous ?? false,
		export: suite?.export ?? false,
		aead: suite?.aead ?? false,
	};
}
