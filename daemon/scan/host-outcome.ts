/**
 * Everything learned of one host put together as evidence and coverage, whether its work came to its end or was cut
 * short. Pure.
 */
import type { HostCoverage, PortCoverage } from "../evidence/coverage.ts";
import { guessOs } from "../evidence/os-guess.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import { macIn } from "./discovery.ts";
import { countHost } from "./host-counts.ts";
import { closedRanges, type HostProgress, pairCounts } from "./host-progress.ts";
import type { HostOutcome, Target } from "./journal.ts";
import type { PoolSurvey } from "./probe-pool.ts";
import { refusedPorts, withoutProof } from "./refused-ports.ts";

/** How an address is alive that did not answer discovery and is asked for its ports all the same. */
export const askedAnyway = "no answer; asked for its ports anyway";

/** True when something on the host answered: its ports, or a service over UDP. */
export function hasAnswered(progress: HostProgress, outcome: HostOutcome): boolean {
	if (progress.open.size > 0 || progress.closed > 0) return true;
	return outcome.coverage.ports.some((port) => port.protocol === "udp" && port.outcome !== "silent");
}

/** What an outcome is made from, besides the surveys. */
export interface OutcomeTask {
	readonly target: Target;
	readonly progress: HostProgress;
	readonly fragilePorts: ReadonlySet<number>;
	readonly now: () => number;
}

export interface Surveyed {
	readonly surveys: readonly PoolSurvey[];
	/** UDP ports whose survey came to its end. */
	readonly udpAsked: ReadonlySet<number>;
}

/** `startedAt` in milliseconds; `cutBy` says why not all of it was done, null when it was. */
export function outcomeOf(
	task: OutcomeTask,
	{ surveys, udpAsked }: Surveyed,
	startedAt: number,
	cutBy: HostOutcome["cutBy"],
	/** Names that the DNS has for the address. */
	resolved: readonly string[] = [],
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
			names: [...new Set([...(hostname === null ? [] : [hostname.toLowerCase()]), ...resolved])],
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
			unexaminedUdp: unexaminedUdp(task.progress, surveys),
		}),
	};
}

function provedBy(progress: HostProgress): string {
	const [open] = progress.open;
	if (open !== undefined) return `tcp ${open} open`;
	const closed = closedRanges(progress)[0]?.[0];
	return closed === undefined ? "an answer over udp" : `tcp ${closed} closed`;
}

function portsData(task: OutcomeTask, surveys: readonly PoolSurvey[]) {
	const known = new Map(
		surveys.map((survey) => [`${survey.coverage.protocol}/${survey.coverage.port}`, survey.service]),
	);
	const refused = refusedPorts(task.progress.open, surveys);
	const reached = [...task.progress.open].filter((port) => !refused.has(port));
	const tcp = reached.map((port) => ({ port, protocol: "tcp" as const }));
	const talkedTo = surveys
		.filter(({ coverage, lost }) => coverage.protocol === "udp" && coverage.outcome !== "closed" && lost !== true)
		.map((survey) => survey.coverage.port);
	const udp = [...talkedTo, ...unexaminedUdp(task.progress, surveys)].map((port) => ({
		port,
		protocol: "udp" as const,
	}));
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
	task: OutcomeTask,
	surveys: readonly PoolSurvey[],
	hostKinds: HostCoverage["hostKinds"],
): HostCoverage {
	const surveyed = new Set(
		surveys.filter((survey) => survey.coverage.protocol === "tcp").map((survey) => survey.coverage.port),
	);
	const notTalkedTo = [
		...[...task.progress.open].filter((port) => !surveyed.has(port)).map((port) => openPort(port, "tcp")),
		...unexaminedUdp(task.progress, surveys).map((port) => openPort(port, "udp")),
	];
	return {
		address: task.target.address,
		alive: true,
		closedTcp: closedRanges(task.progress),
		ports: [...surveys.map(({ coverage }) => withoutProof(task.progress.open, coverage)), ...notTalkedTo],
		hostKinds,
	};
}

/** UDP ports that answered and whose turn to be examined did not come. */
function unexaminedUdp({ udp }: HostProgress, surveys: readonly PoolSurvey[]): number[] {
	const seen = new Set(surveys.flatMap(({ coverage: { port, protocol } }) => (protocol === "udp" ? port : [])));
	return [...udp.answered].flatMap(([port, reply]) => (reply === null || seen.has(port) ? [] : port));
}

function openPort(port: number, protocol: "tcp" | "udp"): PortCoverage {
	return { port, protocol, outcome: "unknown", kinds: [], failed: [] };
}
