/**
 * One address, from its first port to everything known of it: port stage with checkpoints, then a survey of each open
 * port. Writes nothing itself; hands back what was learned.
 */
import { isInsideKind } from "../evidence/inside.ts";
import type { DataOf, Kind } from "../evidence/record.ts";
import type { DatagramEngine } from "../packets/datagrams/job.ts";
import { eachBatch } from "../packets/each-batch.ts";
import type { NetworkFigures, PortEngine } from "../packets/engine.ts";
import { withLogin } from "./host-login.ts";
import { askedAnyway, outcomeOf, type Surveyed } from "./host-outcome.ts";
import { type HostProgress, remainingPorts, settlePort } from "./host-progress.ts";
import type { HostOutcome, Target } from "./journal.ts";
import type { LoginTurns } from "./login-turns.ts";
import { type NamedPlace, surveyNames, withNames } from "./named-surveys.ts";
import { askNetbiosName } from "./netbios-name.ts";
import type { ScanPlan } from "./plan.ts";
import type { PoolSurvey, ProbePool } from "./probe-pool.ts";
import { surveyInLanes } from "./survey-lanes.ts";
import { askUdpPorts, closedSurvey, type UdpPorts } from "./udp-ports.ts";

export interface HostTask
	extends Pick<ScanPlan, "ports" | "udpPorts" | "fragilePorts" | "limits" | "guard" | "group" | "only"> {
	readonly target: Target;
	/** Names the address is looked at by, besides the target's own. */
	readonly namesOf?: ScanPlan["namesOf"];
	/** Host names of the address from the DNS, where somebody tracks it by them. Never rejects. */
	readonly reverseNames?: ((address: string) => Promise<readonly string[]>) | undefined;
	/** Its asset is tracked by its NetBIOS name, which is asked for whatever the ports of the scan are. */
	readonly isNetbios?: boolean;
	readonly progress: HostProgress;
	/** Absent: of UDP only what the survey itself asks is known. */
	readonly datagrams?: DatagramEngine | undefined;
	/** Absent: nobody logs in. */
	readonly logins?: HostLogin | undefined;
	/** The limits that hold for logins too; absent: none. */
	readonly loginTurns?: LoginTurns | undefined;
	/** Ends the work at once. */
	readonly signal: AbortSignal;
	/** Work on this host ends after this, and what was found counts. Milliseconds. */
	readonly maxMs?: number | null;
	/** The same, when the time of the whole scan is up. */
	readonly expired?: AbortSignal;
	readonly now: () => number;
}

/** Logs in to a host and gathers there; null when nobody means to. Never rejects. */
export interface HostLogin {
	logIn(task: {
		readonly address: string;
		readonly hostname: string | null;
		/** Null: nobody asked. */
		readonly isOpen: (port: number) => boolean | null;
		readonly guard: ScanPlan["guard"];
		/** Kinds to gather there; absent: all. */
		readonly only?: readonly Kind[] | undefined;
		/** Waits until it may connect there; absent: at once. */
		readonly takeTurn?: (address: string) => Promise<(() => void) | null>;
		readonly signal: AbortSignal;
	}): Promise<LoginResult | null>;
}

export interface LoginResult {
	readonly login: DataOf<"login">;
	readonly gathered: readonly { readonly kind: Kind; readonly data: unknown; readonly complete: boolean }[];
}

export interface HostListener {
	/** After each batch: pairs newly settled, attempts newly sent. */
	portsSettled(settled: number, sent: number, opened: number, networks: readonly NetworkFigures[]): void;
	/** Datagrams newly sent to UDP ports, and ports newly settled. */
	udpSent?(sent: number, settled: number, networks: readonly NetworkFigures[]): void;
	/** Of the UDP ports that stayed silent little is known: the host seldom says that one is closed. */
	udpSparing?(): void;
	surveyed(survey: PoolSurvey | null): void;
	/** A login that is to be tried has begun, or has come to its end. */
	loggingIn?(state: "begun" | "ended"): void;
	/** After the last port, before the first service. True: nothing more is wanted of this host. */
	portsDone?(): Promise<boolean>;
}

/**
 * Null when the listener ended it: the progress then holds what was settled. An outcome that is cut by the signal
 * (`stop`) is what was known when it came.
 */
export async function scanHost(
	task: HostTask,
	engine: PortEngine,
	pool: ProbePool,
	listener: HostListener,
): Promise<HostOutcome | null> {
	const startedAt = task.now();
	const limit = limitTime(task);
	try {
		const limited = { ...task, signal: limit.signal };
		const [, udp] = await bothOf(askPorts(limited, engine, listener), askUdp(limited, listener));
		if (!task.signal.aborted && (await listener.portsDone?.()) === true) return null;
		const resolving = task.target.hostname === null ? task.reverseNames?.(task.target.address) : undefined;
		const toldSent = (sent: number, networks: readonly NetworkFigures[]) => listener.udpSent?.(sent, 0, networks);
		const [[surveyed, login], netbios] = await bothOf(
			bothOf(surveyOpenPorts(limited, udp, pool, listener), logIn(limited, listener)),
			task.isNetbios ? askNetbiosName(limited, toldSent) : Promise.resolve(null),
		);
		const resolved = (await resolving) ?? [];
		const names = task.namesOf?.(task.target.address) ?? [];
		const named = await surveyNames(namedTask(limited, names, surveyed.surveys), pool);
		const cutBy = cause(task, limit.signal);
		const outcome = withNames(outcomeOf(task, surveyed, startedAt, cutBy, resolved), named, names);
		const told = netbios === null ? outcome : { ...outcome, records: [...outcome.records, netbios] };
		return withLogin(told, cutBy === "stop" && login?.login.outcome !== "passed" ? null : login);
	} finally {
		limit.end();
	}
}

/** A stop outdoes the times, for what it interrupts may be gone on with. */
function cause(task: HostTask, limit: AbortSignal): HostOutcome["cutBy"] {
	if (task.signal.aborted) return "stop";
	if (!limit.aborted) return null;
	return task.expired?.aborted === true ? "scan" : "host";
}

/** A signal for whatever ends the work: being stopped, the host's time or the scan's. `end` lets go of all three. */
function limitTime({ signal, expired, maxMs }: HostTask): { signal: AbortSignal; end: () => void } {
	const controller = new AbortController();
	const stop = () => controller.abort();
	const timer = maxMs == null ? undefined : setTimeout(stop, maxMs);
	const causes = [signal, ...(expired === undefined ? [] : [expired])];
	for (const cause of causes) {
		cause.addEventListener("abort", stop, { once: true });
		if (cause.aborted) stop();
	}
	return {
		signal: controller.signal,
		end() {
			clearTimeout(timer);
			for (const cause of causes) cause.removeEventListener("abort", stop);
		},
	};
}

async function askPorts(task: HostTask, engine: PortEngine, listener: HostListener): Promise<void> {
	const ports = remainingPorts(task.progress, task.ports);
	if (ports.length === 0) return;
	const run = engine.run({
		addresses: [task.target.address],
		ports,
		limits: task.limits,
		group: task.group,
		guard: task.guard,
	});
	await eachBatch(run, task.signal, ({ answers, networks = [] }, sent) => {
		const before = task.progress.settled;
		const openBefore = task.progress.open.size;
		for (const answer of answers) settlePort(task.progress, answer.port, answer.state);
		const { settled, open } = task.progress;
		listener.portsSettled(settled - before, sent, open.size - openBefore, networks);
	});
}

function askUdp(task: HostTask, listener: HostListener): Promise<UdpPorts> {
	const { target, udpPorts, limits, guard, group, fragilePorts, datagrams, progress } = task;
	const job = { addresses: [target.address], limits, guard, group, fragilePorts: [...fragilePorts] };
	const ports = udpPorts.filter((port) => !fragilePorts.has(port));
	return askUdpPorts(ports, datagrams, job, progress.udp, task.signal, {
		sent: (sent, settled, networks) => listener.udpSent?.(sent, settled, networks),
		sparing: () => listener.udpSparing?.(),
	});
}

/** Both, or the first failure once neither is under way any more. */
async function bothOf<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
	await Promise.allSettled([a, b]);
	return Promise.all([a, b]);
}

/** An address that has not answered anything is nobody to log in to. */
async function logIn(
	{ target, progress, guard, limits, group, signal, logins, loginTurns, only }: HostTask,
	listener: HostListener,
): Promise<LoginResult | null> {
	if (only !== undefined && !only.some(isInsideKind)) return null;
	if (logins === undefined || (target.how === askedAnyway && progress.open.size + progress.closed === 0)) return null;
	let isBegun = false;
	const isOpen = (port: number) => (progress.state[port] === 0 ? null : progress.open.has(port));
	// Whoever has no credential takes no turn; several credentials, or hosts on the way, take several.
	const takeTurn = (address: string) => {
		if (!isBegun) listener.loggingIn?.("begun");
		isBegun = true;
		return loginTurns?.take(address, { limits, group }, signal) ?? Promise.resolve(() => {});
	};
	const { address, hostname } = target;
	const result = await logins.logIn({ address, hostname, isOpen, guard, takeTurn, only, signal });
	if (isBegun) listener.loggingIn?.("ended");
	return result;
}

/** Surveys at once on one host unless the profile says otherwise, so that a small machine is not knocked over. */
const surveysPerHost = 8;

function namedTask(task: HostTask, names: readonly NamedPlace[], surveys: readonly PoolSurvey[]) {
	const open = [...task.progress.open].filter((port) => !task.fragilePorts.has(port)).sort((a, b) => a - b);
	const { guard, signal, target, limits, group, only } = task;
	return {
		only,
		address: target.address,
		names,
		surveys,
		open,
		guard,
		pace: { limits, group },
		signal,
		atOnce: limits.surveysPerHost ?? surveysPerHost,
	};
}

async function surveyOpenPorts(
	task: HostTask,
	udp: UdpPorts,
	pool: ProbePool,
	listener: HostListener,
): Promise<Surveyed> {
	const { address, hostname } = task.target;
	const { guard, limits, group, only } = task;
	const pace = { limits, group };
	const requests = [
		...[...task.progress.open]
			.filter((port) => !task.fragilePorts.has(port))
			.sort((a, b) => a - b)
			.map((port) => ({ address, port, protocol: "tcp" as const, hostname, guard, pace, only })),
		...[...udp.answered].map(([port, answer]) => ({
			...{ address, port, protocol: "udp" as const, hostname, guard, pace },
			...(answer === null ? {} : { answer }),
		})),
	];
	const surveys: PoolSurvey[] = udp.closed.map(closedSurvey);
	const udpAsked = new Set(udp.settled);
	const atOnce = limits.surveysPerHost ?? surveysPerHost;
	await surveyInLanes(requests, { atOnce, signal: task.signal }, async (request) => {
		const found = await pool.survey(request, task.signal);
		surveys.push(...found);
		if (request.protocol === "udp" && (found.length > 0 || !task.signal.aborted)) udpAsked.add(request.port);
		listener.surveyed(found[0] ?? null);
		return found.length > 0 && found.every(keptSilent);
	});
	return { surveys, udpAsked };
}

/** Connected to, and not a byte came. */
function keptSilent({ lessons, service, lost, coverage }: PoolSurvey): boolean {
	return lessons.length === 0 && service === null && lost !== true && coverage.outcome === "unknown";
}
