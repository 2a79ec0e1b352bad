/**
 * Surveys one port: recognises what answers, lets its probe talk, looks into TLS and behind it, and says what was
 * covered. Never rejects: what goes wrong is an outcome.
 */
import type { PortCoverage } from "../evidence/coverage.ts";
import { kinds as knownKinds } from "../evidence/kinds/index.ts";
import type { Kind } from "../evidence/record.ts";
import { mayTalk } from "../scope/scope.ts";
import { escapeBytes } from "./banner-text.ts";
import { withDeadline } from "./deadline.ts";
import { type DialerLimits, defaultDialerLimits, openDialer, startTlsDialer } from "./dialer.ts";
import { failureOf } from "./failure.ts";
import { defaultIdentifyLimits, type Identified, type IdentifyLimits, identify } from "./identify.ts";
import type { Observed } from "./observed.ts";
import type { Connection, Dialer, FailureReason, Learned, Probe, ProbeContext } from "./probe.ts";
import { type ServiceName, serviceOf } from "./service-name.ts";
import { noTurns, type Turns } from "./turns.ts";

export interface SurveyRequest {
	/** Canonical text form. */
	readonly address: string;
	readonly port: number;
	/** Name the target was asked for by; null when scanned by address. */
	readonly hostname: string | null;
	/** Aborting ends the survey at once with what it has. */
	readonly signal: AbortSignal;
	readonly probes: readonly Probe[];
	/** Kinds of evidence that are wanted; absent: all. TLS is gone through only for its own; what answers is recognised all the same. */
	readonly only?: readonly Kind[] | undefined;
	/** What a UDP port has answered already. */
	readonly answer?: Uint8Array;
	readonly limits?: Partial<SurveyLimits>;
	/** Taken before each connect and each datagram. Default: nothing is waited for. */
	readonly turns?: Turns;
	/** Milliseconds since the epoch; the default is the system's clock. */
	readonly now?: () => number;
}

export interface SurveyLimits {
	/** Everything on this port but enumerating TLS. Milliseconds. */
	readonly portMs: number;
	/** Enumerating TLS, each time. */
	readonly tlsMs: number;
	readonly dialer: Partial<DialerLimits>;
	readonly identify: IdentifyLimits;
}

const maxTlsConnections = 600;

const defaultLimits: SurveyLimits = { portMs: 20_000, tlsMs: 30_000, dialer: {}, identify: defaultIdentifyLimits };

export interface PortSurvey {
	/** What was learned; `complete` is always set. */
	readonly lessons: Learned;
	/** What answers there; null when it was not recognised. */
	readonly service: ServiceName | null;
	readonly coverage: PortCoverage;
}

/** A TCP port that was found open. A port whose device acts on every byte is not even connected to. */
export async function surveyPort(request: SurveyRequest): Promise<PortSurvey> {
	const survey = new Survey(request);
	if (mayTalk(request.port)) await survey.run().catch(() => survey.brokeOff());
	return survey.result();
}

class Survey {
	readonly #request: SurveyRequest;
	readonly #limits: SurveyLimits;
	readonly #turns: Turns;
	readonly #lessons: Learned[number][] = [];
	readonly #failed = new Set<Kind>();
	#service: ServiceName | null = null;
	#outcome: PortCoverage["outcome"] = "unknown";
	#connected = false;
	/** Something was not looked at because nobody wants it: nothing is said to be absent. */
	#leftOut = false;
	/** When the time for this port is over, on the survey's own clock. */
	#until: number;

	constructor(request: SurveyRequest) {
		this.#request = request;
		this.#limits = { ...defaultLimits, ...request.limits };
		this.#turns = request.turns ?? noTurns;
		this.#until = this.#now() + this.#limits.portMs;
	}

	/** Stands while something waits until limits let it out. Milliseconds. */
	#now(): number {
		return performance.now() - this.#turns.waitedMs();
	}

	result(): PortSurvey {
		const kinds = new Set(this.#lessons.filter((lesson) => lesson.complete).map((lesson) => lesson.kind));
		for (const kind of kinds) this.#failed.delete(kind);
		for (const lesson of this.#lessons) if (!lesson.complete) this.#failed.add(lesson.kind);
		return {
			lessons: this.#lessons,
			service: this.#service,
			coverage: {
				port: this.#request.port,
				protocol: "tcp",
				outcome: this.#leftOut && this.#outcome === "answered" ? "unknown" : this.#outcome,
				kinds: [...kinds].filter((kind) => !this.#failed.has(kind)),
				failed: [...this.#failed],
			},
		};
	}

	/** After a bug in a probe: what was learned stays, and nothing else is said to be absent. */
	brokeOff(): void {
		this.#outcome = "unknown";
	}

	async run(): Promise<void> {
		const identified = await this.#identify(false);
		if (identified === null) return;
		const [first] = identified.candidates;
		if (first?.name === "tls") await this.#throughTls(first, identified);
		else await this.#plain(identified, false);
	}

	/** Null when nothing came of it; the outcome says why. */
	async #identify(tls: boolean): Promise<Identified | null> {
		const { address, port, hostname, probes, signal } = this.#request;
		try {
			const ask = async (inner: AbortSignal) => {
				const dialer = this.#dialer(inner, tls);
				const found = await identify({
					connect: async () => {
						const connection = await dialer.connect();
						this.#connected = true;
						return connection;
					},
					...{ address, port, hostname, probes, tls },
					limits: this.#limits.identify,
				});
				// The greeted connection outlives this dialer's signal; the next dialer takes it over.
				if (found.greeted === null) dialer.close();
				return found;
			};
			return await withDeadline(signal, this.#until - this.#now(), ask, this.#turns);
		} catch (error) {
			if (!this.#connected) this.#outcome = outcomeOfFailure(failureOf(error).reason);
			return null;
		}
	}

	/** Talks with the candidates in turn until one understands the target. */
	async #plain(identified: Identified, tls: boolean): Promise<void> {
		let { greeted } = identified;
		for (const probe of identified.candidates) {
			const learned = await this.#talk(probe, { tls, opened: greeted });
			greeted = null;
			if (learned === null) continue;
			this.#service = serviceOf(probe, learned, tls);
			// Where something was left open, STARTTLS may be what was missed: nothing is said to be absent.
			this.#outcome = isWhole(learned) ? "answered" : "unknown";
			if (!tls && probe.offersStartTls?.(learned) === true) await this.#startTls(probe);
			return;
		}
		const [likeliest] = identified.candidates;
		if (identified.sure && likeliest !== undefined) this.#service = serviceOf(likeliest, [], tls);
		if (identified.unrecognised !== null) this.#banner(identified.unrecognised);
	}

	async #throughTls(tlsProbe: Probe, found: Identified): Promise<void> {
		// Something that greets with TLS of its own accord: nobody takes that connection over.
		found.greeted?.close();
		const identified = { ...found, greeted: null };
		const wanted = this.#wantsTls();
		const learned = wanted ? await this.#talk(tlsProbe, { tls: false, opened: null }) : [];
		if (learned === null && identified.candidates.length > 1) {
			await this.#plain({ ...identified, candidates: identified.candidates.slice(1) }, false);
			return;
		}
		this.#service = { name: "tls", tls: true, product: null, version: null, info: null };
		const inside = await this.#identify(true);
		if (inside !== null) await this.#plain(inside, true);
	}

	/** Hundreds of connections, where a look at what is behind takes two. */
	#wantsTls(): boolean {
		const { only } = this.#request;
		const wanted = only === undefined || only.includes("tls") || only.includes("certificate");
		this.#leftOut ||= !wanted;
		return wanted;
	}

	async #startTls(probe: Probe): Promise<void> {
		const tlsProbe = this.#request.probes.find((candidate) => candidate.name === "tls");
		if (tlsProbe !== undefined && this.#wantsTls())
			await this.#talk(tlsProbe, { tls: false, opened: null, startTls: probe });
	}

	/** One probe's conversation under its deadline. Null when it failed, which leaves its kinds in `failed`. */
	async #talk(
		probe: Probe,
		how: { tls: boolean; opened: Connection | null; startTls?: Probe },
	): Promise<Learned | null> {
		const isTls = probe.name === "tls";
		const startedAt = this.#now();
		const timeoutMs = isTls ? this.#limits.tlsMs : this.#until - startedAt;
		try {
			const converse = async (signal: AbortSignal) => {
				const most = isTls ? (how.startTls?.startTlsConnections ?? maxTlsConnections) : undefined;
				const dialer = this.#dialer(signal, how.tls, most, how.opened);
				try {
					const context = this.#context(signal, how.tls, dialer);
					if (how.startTls === undefined) return await probe.talk(context);
					const dial = startTlsDialer(how.startTls, context);
					return await probe.talk({ ...context, dial, starttls: how.startTls.name });
				} finally {
					dialer.close();
				}
			};
			const learned = await withDeadline(this.#request.signal, timeoutMs, converse, this.#turns);
			if (learned.length === 0) throw new Error("a probe that understood nothing must reject");
			for (const lesson of learned) this.#lessons.push({ ...lesson, complete: lesson.complete ?? true });
			if (!isWhole(learned)) for (const kind of kindsOf(probe)) this.#failed.add(kind);
			return learned;
		} catch {
			for (const kind of kindsOf(probe)) this.#failed.add(kind);
			return null;
		} finally {
			if (isTls) this.#until += this.#now() - startedAt;
		}
	}

	#context(signal: AbortSignal, tls: boolean, dial: Dialer): ProbeContext {
		const { address, port, hostname, now = Date.now } = this.#request;
		return { address, port, hostname, tls, dial, signal, now };
	}

	#dialer(signal: AbortSignal, tls: boolean, connections?: number, opened: Connection | null = null) {
		const { address, port, hostname } = this.#request;
		const { dialer } = this.#limits;
		const limits = { ...dialer, connections: connections ?? dialer.connections ?? defaultDialerLimits.connections };
		return openDialer({ address, port, hostname, tls, signal, opened, limits, turns: this.#turns });
	}

	#banner({ bytes, trigger }: Observed): void {
		this.#lessons.push({ kind: "banner", data: { text: escapeBytes(bytes), trigger }, complete: true });
	}
}

function isWhole(learned: Learned): boolean {
	return learned.every((lesson) => lesson.complete !== false);
}

function kindsOf(probe: Probe): Kind[] {
	if (probe.name === "tls") return ["tls", "certificate"];
	return Object.hasOwn(knownKinds, probe.name) ? [probe.name as Kind] : [];
}

function outcomeOfFailure(reason: FailureReason): PortCoverage["outcome"] {
	if (reason === "refused") return "closed";
	return reason === "timeout" || reason === "unreachable" ? "silent" : "unknown";
}

export { surveyUdp } from "./survey-udp.ts";
