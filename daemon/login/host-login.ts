/**
 * A host's login as part of a scan: which credentials are for it, tried in their order until one is let in, and what that
 * brought home as evidence. Stores nothing but each credential's newest outcome.
 */
import { AppError } from "../../protocol/errors.ts";
import { privilegedOf } from "../collect/privileged.ts";
import type { LoginPlan } from "../credentials/login-plan.ts";
import { loginNotAttempted } from "../evidence/kinds/login.ts";
import type { DataOf, Kind } from "../evidence/record.ts";
import { Scope, type ScopeGuard } from "../scope/scope.ts";
import { LoginFailure } from "./failure.ts";
import type { LoginPool } from "./login-pool.ts";
import type { Gathered, LoginReport, LoginRequest } from "./login-request.ts";
import { findWay, lookAhead, portsOf, type WayParts } from "./way.ts";

export interface LoginTask {
	readonly address: string;
	readonly hostname: string | null;
	/** Whether a TCP port is open; null: nobody asked. */
	readonly isOpen: (port: number) => boolean | null;
	readonly guard: ScopeGuard;
	/** Kinds to gather there; absent: all. */
	readonly only?: readonly Kind[] | undefined;
	/**
	 * Resolves with the end of the turn when a connection to an address may be made; with null when the signal came before.
	 * Absent: at once.
	 */
	readonly takeTurn?: (address: string) => Promise<(() => void) | null>;
	readonly signal: AbortSignal;
}

export interface HostLoginOutcome {
	readonly login: DataOf<"login">;
	readonly gathered: readonly Gathered[];
}

/** One credential's try. */
export interface Attempt {
	readonly plan: LoginPlan;
	/** Null when it came to no packet. */
	readonly request: LoginRequest | null;
	readonly report: LoginReport | null;
	readonly failure: LoginReport["failure"];
}

export interface HostLoginParts extends Omit<WayParts, "isExcluded"> {
	readonly pool: LoginPool;
	/** There are credentials at all: else nobody expects a login. */
	readonly inUse: () => boolean;
	readonly now: () => number;
}

/** More than so many wrong answers begin to look like an attack. */
const mostAttempts = 3;

export class HostLogins {
	readonly #parts: HostLoginParts;

	constructor(parts: HostLoginParts) {
		this.#parts = parts;
	}

	/** Null when there are no credentials at all, or the signal ended it before it told anything. Never rejects. */
	async logIn(task: LoginTask): Promise<HostLoginOutcome | null> {
		const startedAt = performance.now();
		const { logins, inUse } = this.#parts;
		const plans = logins.findLogins(task.address, task.hostname).slice(0, mostAttempts);
		if (plans.length === 0) return inUse() ? { login: loginNotAttempted(), gathered: [] } : null;
		let last: Attempt | null = null;
		for (const plan of plans) {
			if (task.signal.aborted) break;
			last = await this.attempt(plan, task);
			if (last === null || (last.failure === null && last.report !== null)) break;
			if (last.failure !== null && !goesOn.has(last.failure.stage)) break;
		}
		if (last === null) return null;
		const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
		const outcome = outcomeOf(last, seconds);
		this.#note(last.plan, task.address, outcome.login);
		return outcome;
	}

	/**
	 * One credential at one host, as a scan and the doctor do it; `tracking` in place of what the credential says. Null when the
	 * signal ended it. Never rejects.
	 */
	async attempt(plan: LoginPlan, task: LoginTask, tracking?: LoginRequest["tracking"]): Promise<Attempt | null> {
		const scope = Scope.fromGuard(task.guard);
		const parts = { ...this.#parts, isExcluded: (address: string) => scope.excludes(address) };
		try {
			const { jumps, port } = await lookAhead(plan, task.hostname ?? task.address, parts);
			const all = portsOf(plan, port);
			// What is closed from here may be open from the jump host.
			const ports = jumps ? all : all.filter((one) => task.isOpen(one) !== false);
			if (ports.length === 0) return failed(plan, "connect", ...closedPorts(all));
			const way = await findWay(plan, { ...task, ports }, parts);
			const { only } = task;
			const request = {
				...way,
				...(tracking === undefined ? {} : { tracking }),
				...(only === undefined ? {} : { only }),
			};
			const report = await this.#inTurn(request, task);
			if (report !== null) return { plan, request, report, failure: report.failure };
			if (task.signal.aborted) return null;
			const why = "The login ended without an answer: what the host sent was more than could be borne.";
			return { ...failed(plan, "command", why, "See the daemon's log, and report this."), request };
		} catch (err) {
			if (err instanceof LoginFailure) return failed(plan, err.stage, err.message, err.hint, err.hop);
			if (err instanceof AppError)
				return failed(plan, "secrets", err.message, err.hint ?? "See: vedette credential list");
			const why = `The way to the host could not be found: ${err instanceof Error ? err.message : err}`;
			return failed(plan, "settings", why, "See the daemon's log, and report this.");
		}
	}

	/** Waits for its turn, at the first jump host and at the host itself, which it keeps while it is there. */
	async #inTurn(request: LoginRequest, { takeTurn, guard, signal }: LoginTask): Promise<LoginReport | null> {
		const { pool } = this.#parts;
		if (takeTurn === undefined) return pool.logIn(request, guard, signal);
		const [first] = request.jumps;
		// Given back at once: both may be in one group that lets one question be open.
		if (first !== undefined) (await takeTurn(first.host))?.();
		const end = await takeTurn(request.address);
		if (end === null) return null;
		try {
			return await pool.logIn(request, guard, signal);
		} finally {
			end();
		}
	}

	/** Becomes the credential's newest outcome; that one cannot be kept is no reason to lose the evidence. */
	#note({ credential }: LoginPlan, address: string, { outcome, reason, user, privileges }: DataOf<"login">): void {
		const at = new Date(this.#parts.now()).toISOString();
		const text = reason ?? `Logged in as ${user}${privileges.obtained ? ", with root's rights" : ""}.`;
		try {
			this.#parts.logins.noteOutcome(credential, { at, address, outcome, text });
		} catch (err) {
			if (!(err instanceof AppError)) throw err;
		}
	}
}

/** Failures that another credential may not meet. */
const goesOn: ReadonlySet<string> = new Set(["secrets", "settings", "connect", "authentication", "locked", "shell"]);

function closedPorts(ports: readonly number[]): [string, string] {
	const which = ports.length === 1 ? `port ${ports[0]} is` : `ports ${ports.join(", ")} are`;
	return [
		`SSH cannot be reached: ${which} not open.`,
		"Start sshd, or name its port: vedette credential edit --port N",
	];
}

function failed(plan: LoginPlan, stage: string, reason: string, hint: string, hop = 0): Attempt {
	return { plan, request: null, report: null, failure: { stage, hop, reason, hint } };
}

/** What an attempt proved, as evidence. */
export function outcomeOf({ plan, request, report, failure }: Attempt, seconds: number): HostLoginOutcome {
	const { user, name } = plan;
	const complete = (report?.gathered ?? []).filter((one) => one.complete).map(({ kind }) => kind);
	const incomplete = (report?.gathered ?? []).filter((one) => !one.complete).map(({ kind }) => kind);
	const missing: Kind[] = [...incomplete, ...(report?.lost ?? [])];
	const standing = report?.standing ?? null;
	const privileges = {
		method: standing?.method ?? ("none" as const),
		obtained: standing?.obtained ?? false,
		why: standing?.why ?? null,
	};
	const login: DataOf<"login"> = {
		outcome: nameOf(failure, plan, privileges.obtained),
		stage: failure?.stage ?? null,
		hostKey: report?.hostKey ?? null,
		credential: name,
		user,
		port: report?.port ?? null,
		method: failure === null ? (report?.passed.at(-1)?.method ?? null) : null,
		via: (request?.jumps ?? []).map(({ host, port }) => (port === 22 ? host : `${host}:${port}`)),
		privileges,
		...whyOf(failure, report, plan),
		hop: failure?.hop ?? null,
		gathered: complete,
		missing,
		tracking: asEvidence(report?.tracking ?? null),
		seconds,
	};
	return { login, gathered: report?.gathered ?? [] };
}

/** That there is none, or none any more, tells nothing of the host. */
function asEvidence(tracking: LoginReport["tracking"]): DataOf<"login">["tracking"] {
	if (tracking === null) return null;
	const { state, ...rest } = tracking;
	return state === "none" || state === "removed" ? null : { ...rest, state };
}

function nameOf(failure: LoginReport["failure"], plan: LoginPlan, obtained: boolean): DataOf<"login">["outcome"] {
	if (failure !== null) return failure.stage === "locked" ? "locked" : "failed";
	return plan.sudo.method !== "none" && !obtained ? "insufficient" : "passed";
}

function whyOf(failure: LoginReport["failure"], report: LoginReport | null, plan: LoginPlan) {
	if (failure !== null) return { reason: failure.reason, hint: failure.hint };
	const { method, user } = plan.sudo;
	if (method !== "none" && report?.standing?.obtained !== true) {
		const why = report?.standing?.why ?? "it did not say why";
		const commands = privilegedOf().length;
		return {
			reason: `${plan.user} did not become ${user} by ${method}: ${why}`,
			hint: `Allow the ${commands} commands that need it; vedette doctor HOST prints the lines that do.`,
		};
	}
	const cut = { size: "it printed too much", time: "time was up", connection: "the connection ended" };
	if (report?.cut == null && (report?.late.length ?? 0) > 0) {
		return {
			reason: `Not everything came home: commands did not end in their time (${report?.late.join(", ")}).`,
			hint: "See with vedette doctor HOST which, and on the host what they wait for: a network drive, or a lock.",
		};
	}
	if (report?.cut == null) return { reason: null, hint: null };
	return {
		reason: `Not everything came home: ${cut[report.cut]}.`,
		hint: "See with vedette doctor HOST what the host does.",
	};
}
