/**
 * One address, from its first port to everything known of it: port stage with checkpoints, then a survey of each open
 * port. Writes nothing itself; hands back what was learned.
 */
import type { HostCoverage } from "../evidence/coverage.ts";
import { guessOs } from "../evidence/os-guess.ts";
import type { DataOf, EvidenceRecord, Kind } from "../evidence/record.ts";
import type { DatagramEngine } from "../packets/datagrams/job.ts";
import type { NetworkFigures, PortEngine } from "../packets/engine.ts";
import { macIn } from "./discovery.ts";
import { countHost } from "./host-counts.ts";
import { withLogin } from "./host-login.ts";
import { closedRanges, type HostProgress, pairCounts, remainingPorts, settlePort } from "./host-progress.ts";
import type { HostOutcome, Target } from "./journal.ts";
import { type NamedPlace, surveyNames, withNames } from "./named-surveys.ts";
import type { ScanPlan } from "./plan.ts";
import type { PoolSurvey, ProbePool } from "./probe-pool.ts";
import { refusedPorts, withoutProof } from "./refused-ports.ts";
import { askUdpPorts, closedSurvey, type UdpPorts } from "./udp-ports.ts";

export interface HostTask extends Pick<ScanPlan, "ports" | "udpPorts" | "fragilePorts" | "limits" | "guard" | "group"> {
	readonly target: Target;
	/** Names the address is looked at by, besides the target's own. */
	readonly namesOf?: ScanPlan["namesOf"];
	readonly progress: HostProgress;
	/** Absent: of UDP only what the survey itself asks is known. */
	readonly datagrams?: DatagramEngine | undefined;
	/** Absent: nobody logs in. */
	readonly logins?: HostLogin | undefined;
	/** Ends the work without a result. */
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
	/** After the last port, before the first service. True: nothing more is wanted of this host. */
	portsDone?(): Promise<boolean>;
}

/** Null when the signal or the listener ended it: the progress then holds what was settled. */
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
		if (task.signal.aborted || (await listener.portsDone?.()) === true) return null;
		const [surveyed, login] = await bothOf(surveyOpenPorts(limited, udp, pool, listener), logIn(limited));
		if (task.signal.aborted) return null;
		const names = task.namesOf?.(task.target.address) ?? [];
		const named = await surveyNames(namedTask(limited, names, surveyed.surveys), pool);
		if (task.signal.aborted) return null;
		const cutBy = !limit.signal.aborted ? null : task.expired?.aborted === true ? "scan" : "host";
		return withLogin(withNames(outcomeOf(task, surveyed, startedAt, cutBy), named, names), login);
	} finally {
		limit.end();
	}
}

/** How an address is alive that did not answer discovery and is asked for its ports all the same. */
export const askedAnyway = "no answer; asked for its ports anyway";

/** True when something on the host answered: its ports, or a service over UDP. */
export function hasAnswered(progress: HostProgress, outcome: HostOutcome): boolean {
	if (progress.open.size > 0 || progress.closed > 0) return true;
	return outcome.coverage.ports.some((port) => port.protocol === "udp" && port.outcome !== "silent");
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
	const stop = () => void run.stop();
	task.signal.addEventListener("abort", stop, { once: true });
	let sent = 0;
	try {
		if (task.signal.aborted) return;
		for await (const batch of run) {
			const before = task.progress.settled;
			const openBefore = task.progress.open.size;
			for (const answer of batch.answers) settlePort(task.progress, answer.port, answer.state);
			const { settled, open } = task.progress;
			listener.portsSettled(settled - before, batch.sent - sent, open.size - openBefore, batch.networks ?? []);
			sent = batch.sent;
		}
	} finally {
		task.signal.removeEventListener("abort", stop);
		await run.stop();
	}
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
function logIn({ target, progress, guard, signal, logins }: HostTask): Promise<LoginResult | null> {
	if (logins === undefined || (target.how === askedAnyway && progress.open.size + progress.closed === 0))
		return Promise.resolve(null);
	const isOpen = (port: number) => (progress.state[port] === 0 ? null : progress.open.has(port));
	return logins.logIn({ address: target.address, hostname: target.hostname, isOpen, guard, signal });
}

/** Surveys at once on one host unless the profile says otherwise, so that a small machine is not knocked over. */
const surveysPerHost = 8;

function namedTask(task: HostTask, names: readonly NamedPlace[], surveys: readonly PoolSurvey[]) {
	const open = [...task.progress.open].filter((port) => !task.fragilePorts.has(port)).sort((a, b) => a - b);
	const { guard, signal, target, limits, group } = task;
	return {
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

interface Surveyed {
	readonly surveys: PoolSurvey[];
	/** UDP ports whose survey came to its end. */
	readonly udpAsked: Set<number>;
}

async function surveyOpenPorts(
	task: HostTask,
	udp: UdpPorts,
	pool: ProbePool,
	listener: HostListener,
): Promise<Surveyed> {
	const { address, hostname } = task.target;
	const { guard, limits, group } = task;
	const pace = { limits, group };
	const requests = [
		...[...task.progress.open]
			.filter((port) => !task.fragilePorts.has(port))
			.sort((a, b) => a - b)
			.map((port) => ({ address, port, protocol: "tcp" as const, hostname, guard, pace })),
		...[...udp.answered].map(([port, answer]) => ({
			...{ address, port, protocol: "udp" as const, hostname, guard, pace },
			...(answer === null ? {} : { answer }),
		})),
	];
	const surveys: PoolSurvey[] = udp.closed.map(closedSurvey);
	const udpAsked = new Set(udp.settled);
	let next = 0;
	let failed = false;
	const lane = async (): Promise<void> => {
		while (next < requests.length && !task.signal.aborted && !failed) {
			const request = requests[next++];
			if (request === undefined) return;
			const found = await pool.survey(request, task.signal);
			surveys.push(...found);
			if (request.protocol === "udp" && (found.length > 0 || !task.signal.aborted)) udpAsked.add(request.port);
			listener.surveyed(found[0] ?? null);
		}
	};
	const count = Math.min(task.limits.surveysPerHost ?? surveysPerHost, requests.length);
	const lanes = Array.from({ length: count }, lane);
	try {
		await Promise.all(lanes);
	} catch (err) {
		// Nothing of this host is under way any more when its failure is told.
		failed = true;
		await Promise.allSettled(lanes);
		throw err;
	}
	return { surveys, udpAsked };
}

function outcomeOf(
	task: HostTask,
	{ surveys, udpAsked }: Surveyed,
	startedAt: number,
	cutBy: HostOutcome["cutBy"],
): HostOutcome {
	// A clock that was set back meanwhile must not make it end before it began.
	const finishedAt = Math.max(startedAt, task.now());
	const { address, hostname, how, rttMs } = task.target;
	const mac = macIn(how);
	const base = { address, source: "network" as const, observedAt: finishedAt };
	const gathered: EvidenceRecord[] = surveys.flatMap((survey) =>
		survey.lessons.map(
			(lesson) =>
				({
					...base,
					kind: lesson.kind,
					port: survey.coverage.port,
					protocol: survey.coverage.protocol,
					complete: lesson.complete ?? true,
					data: lesson.data,
				}) as EvidenceRecord,
		),
	);
	const host: EvidenceRecord = {
		...base,
		kind: "host",
		port: 0,
		protocol: "tcp",
		complete: true,
		data: {
			aliveBy: how === askedAnyway ? provedBy(task.progress) : (how ?? "answered"),
			targetName: hostname,
			names: hostname === null ? [] : [hostname.toLowerCase()],
			rttMs,
			...(mac === null ? {} : { mac }),
			os: guessOs(gathered),
			scanSeconds: Math.round((finishedAt - startedAt) / 100) / 10,
			portsProbed: task.progress.settled,
		},
	};
	const ports: EvidenceRecord = {
		...base,
		kind: "ports",
		port: 0,
		protocol: "tcp",
		complete: cutBy === null,
		data: portsData(task, surveys),
	};
	return {
		address,
		hostname,
		startedAt,
		finishedAt,
		records: [host, ports, ...gathered],
		coverage: coverageOf(task, surveys, cutBy === null ? ["host", "ports"] : ["host"]),
		cutBy,
		partial: surveys.some((survey) => survey.lost === true || survey.coverage.failed.length > 0),
		counts: countHost({
			...{ tcp: pairCounts(task.progress), open: task.progress.open, fragile: task.fragilePorts, surveys, udpAsked },
		}),
	};
}

function provedBy(progress: HostProgress): string {
	const [open] = progress.open;
	if (open !== undefined) return `tcp ${open} open`;
	const closed = closedRanges(progress)[0]?.[0];
	return closed === undefined ? "an answer over udp" : `tcp ${closed} closed`;
}

function portsData(task: HostTask, surveys: readonly PoolSurvey[]) {
	const known = new Map(
		surveys.map((survey) => [`${survey.coverage.protocol}/${survey.coverage.port}`, survey.service]),
	);
	const refused = refusedPorts(task.progress.open, surveys);
	const reached = [...task.progress.open].filter((port) => !refused.has(port));
	const tcp = reached.map((port) => ({ port, protocol: "tcp" as const }));
	const udp = surveys
		.filter(({ coverage, lost }) => coverage.protocol === "udp" && coverage.outcome !== "closed" && lost !== true)
		.map((survey) => ({ port: survey.coverage.port, protocol: "udp" as const }));
	const open = [...tcp, ...udp]
		.sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol))
		.map(({ port, protocol }) => {
			const service = known.get(`${protocol}/${port}`) ?? null;
			return {
				port,
				protocol,
				service: service?.name ?? null,
				product: service?.product ?? null,
				version: service?.version ?? null,
				tls: service?.tls ?? false,
			};
		});
	const { filtered, unreachable } = task.progress;
	return { open, probed: task.progress.settled, closed: task.progress.closed, filtered: filtered + unreachable };
}

function coverageOf(
	task: HostTask,
	surveys: readonly PoolSurvey[],
	hostKinds: HostCoverage["hostKinds"],
): HostCoverage {
	const surveyed = new Set(
		surveys.filter((survey) => survey.coverage.protocol === "tcp").map((survey) => survey.coverage.port),
	);
	const notTalkedTo = [...task.progress.open]
		.filter((port) => !surveyed.has(port))
		.map((port) => ({ port, protocol: "tcp" as const, outcome: "unknown" as const, kinds: [], failed: [] }));
	return {
		address: task.target.address,
		alive: true,
		closedTcp: closedRanges(task.progress),
		ports: [...surveys.map(({ coverage }) => withoutProof(task.progress.open, coverage)), ...notTalkedTo],
		hostKinds,
	};
}
