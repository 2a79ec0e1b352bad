/**
 * Looks at a host's web and TLS ports once more for each name they are asked for by: virtual hosts as defined, and host
 * names of the request that share the address. What each name shows is evidence of its own.
 */
import type { PortCoverage } from "../evidence/coverage.ts";
import type { EvidenceRecord, Kind } from "../evidence/record.ts";
import type { HostOutcome } from "./journal.ts";
import type { ScanPlan } from "./plan.ts";
import type { PoolSurvey, ProbePool, SurveyRequest } from "./probe-pool.ts";

/** Names of an address: at one port, or (null) at every one that speaks TLS or HTTP. */
export interface NamedPlace {
	readonly port: number | null;
	readonly name: string;
}

export interface NamedSurvey {
	readonly instance: string;
	readonly survey: PoolSurvey;
}

/** What a server decides by the name it is asked for. */
const namedKinds: ReadonlySet<Kind> = new Set(["http", "tls", "certificate", "elasticsearch"]);

interface NamedTask {
	readonly address: string;
	readonly names: readonly NamedPlace[];
	/** Surveys of the ports themselves. */
	readonly surveys: readonly PoolSurvey[];
	/** TCP ports that are open and may be talked to. */
	readonly open: readonly number[];
	readonly guard: ScanPlan["guard"];
	readonly pace: SurveyRequest["pace"];
	readonly only?: SurveyRequest["only"];
	readonly atOnce: number;
	readonly signal: AbortSignal;
}

/** Rejects only when the pool does, and with nothing under way any more. */
export async function surveyNames(task: NamedTask, pool: ProbePool): Promise<NamedSurvey[]> {
	const places = placesOf(task);
	const found: NamedSurvey[] = [];
	let next = 0;
	let failed = false;
	const lane = async (): Promise<void> => {
		while (next < places.length && !task.signal.aborted && !failed) {
			const place = places[next++];
			if (place === undefined) return;
			const { port, name } = place;
			const { address, guard, pace, only } = task;
			const request = { address, port, protocol: "tcp" as const, hostname: name, guard, pace, only };
			for (const survey of await pool.survey(request, task.signal)) found.push({ instance: name, survey });
		}
	};
	const lanes = Array.from({ length: Math.min(task.atOnce, places.length) }, lane);
	try {
		await Promise.all(lanes);
	} catch (err) {
		failed = true;
		await Promise.allSettled(lanes);
		throw err;
	}
	return found;
}

/** The host's outcome with what each name showed. */
export function withNames(
	outcome: HostOutcome,
	named: readonly NamedSurvey[],
	names: readonly NamedPlace[],
): HostOutcome {
	if (names.length === 0) return outcome;
	const { address, finishedAt: observedAt } = outcome;
	const records = named.flatMap(({ instance, survey }): EvidenceRecord[] => {
		const place = { address, port: survey.coverage.port, protocol: survey.coverage.protocol, instance };
		return survey.lessons
			.filter(({ kind }) => namedKinds.has(kind))
			.map(
				({ kind, data, complete = true }) =>
					({ ...place, source: "network", observedAt, kind, complete, data }) as EvidenceRecord,
			);
	});
	const instances = named.map(({ instance, survey }) => ({ ...ofNamedKinds(survey.coverage), instance }));
	return {
		...outcome,
		records: [...outcome.records.map((record) => withAliases(record, names)), ...records],
		coverage: { ...outcome.coverage, instances },
		partial: outcome.partial || named.some(({ survey }) => survey.lost === true || survey.coverage.failed.length > 0),
	};
}

function placesOf({ names, surveys, open }: NamedTask): { port: number; name: string }[] {
	const seen = new Set<string>();
	const places: { port: number; name: string }[] = [];
	for (const { port: only, name } of names) {
		for (const port of open.filter((one) => (only === null ? mayBeNamed(one, surveys) : one === only))) {
			if (seen.has(`${port} ${name}`)) continue;
			seen.add(`${port} ${name}`);
			places.push({ port, name });
		}
	}
	return places;
}

/** Something that speaks TLS or HTTP, or said nothing to one who named nobody, as some servers do. */
function mayBeNamed(port: number, surveys: readonly PoolSurvey[]): boolean {
	const survey = surveys.find(({ coverage }) => coverage.protocol === "tcp" && coverage.port === port);
	if (survey === undefined) return false;
	const { kinds, failed, outcome } = survey.coverage;
	return outcome === "unknown" || [...kinds, ...failed].some((kind) => namedKinds.has(kind));
}

function ofNamedKinds(coverage: PortCoverage): PortCoverage {
	const named = (kinds: readonly Kind[]) => kinds.filter((kind) => namedKinds.has(kind));
	return { ...coverage, kinds: named(coverage.kinds), failed: named(coverage.failed) };
}

/** Names the request gave the address are names of the host; those of virtual hosts are its customers'. */
function withAliases(record: EvidenceRecord, names: readonly NamedPlace[]): EvidenceRecord {
	const aliases = names.filter(({ port }) => port === null).map(({ name }) => name);
	if (record.kind !== "host" || aliases.length === 0) return record;
	return { ...record, data: { ...record.data, names: [...new Set([...record.data.names, ...aliases])] } };
}
