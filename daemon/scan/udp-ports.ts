/** Asks the UDP ports of one host, each with what its protocol answers to, so that only those that answer are looked into. */
import { askDatagrams } from "../packets/datagrams/ask.ts";
import type { DatagramEngine, DatagramJob } from "../packets/datagrams/job.ts";
import type { NetworkFigures } from "../packets/engine.ts";
import type { PoolSurvey } from "./probe-pool.ts";
import type { UdpProgress } from "./udp-progress.ts";

export interface UdpPorts {
	/** Ports that answered, and with what; null where the survey itself has to ask. */
	readonly answered: ReadonlyMap<number, Uint8Array | null>;
	/** Ports of which ICMP says that nobody listens. */
	readonly closed: readonly number[];
	/** Ports that were asked to the end, or answered before. */
	readonly settled: ReadonlySet<number>;
}

export interface UdpListener {
	/** Packets newly sent, ports newly settled, and what is known of the networks. */
	sent(packets: number, settled: number, networks: readonly NetworkFigures[]): void;
	/** The host tells of closed ports only now and then: that others were silent says little. */
	sparing(): void;
}

/** Where no datagrams can be sent: the ports there is a whole conversation for. */
const surveyedAlone = [53, 161];

/**
 * Asks what `progress` has not settled yet, and enters there what comes of it. Null engine: datagrams cannot be sent here,
 * and the survey asks what it can. Resolves soon after the signal with what there was.
 */
export async function askUdpPorts(
	ports: readonly number[],
	engine: DatagramEngine | undefined,
	job: Omit<DatagramJob, "probes">,
	progress: UdpProgress,
	signal: AbortSignal,
	listener: UdpListener,
): Promise<UdpPorts> {
	const remaining = ports.filter((port) => !progress.settled.has(port));
	if (engine === undefined || remaining.length === 0)
		return engine === undefined ? alone(ports) : found(ports, progress);
	const note = await askDatagrams(engine, { ...job, probes: { udpPorts: remaining } }, signal, (batch, sent) => {
		const before = progress.settled.size;
		for (const { port, state, reply, alive } of batch.answers) {
			if (state === "open") progress.answered.set(port, reply);
			// Of what a firewall says in its place nothing follows.
			else if (state === "closed" && alive) progress.closed.add(port);
			progress.settled.add(port);
		}
		listener.sent(sent, progress.settled.size - before, batch.networks ?? []);
	});
	if (note?.skipped.some(({ kind }) => kind === "udp") === true) return alone(ports);
	if (note !== null) {
		const before = progress.settled.size;
		for (const port of remaining) progress.settled.add(port);
		listener.sent(0, progress.settled.size - before, []);
		if (note.sparing.length > 0) listener.sparing();
	}
	return found(ports, progress);
}

function alone(ports: readonly number[]): UdpPorts {
	const asked = surveyedAlone.filter((port) => ports.includes(port));
	return { answered: new Map(asked.map((port) => [port, null])), closed: [], settled: new Set() };
}

/** Of the progress, what concerns these ports: others may have been asked for before. */
function found(ports: readonly number[], { answered, closed, settled }: UdpProgress): UdpPorts {
	const wanted = new Set(ports);
	return {
		answered: new Map([...answered].filter(([port]) => wanted.has(port))),
		closed: [...closed].filter((port) => wanted.has(port)),
		settled: new Set([...settled].filter((port) => wanted.has(port))),
	};
}

/** What is known of a closed port, as if it had been surveyed: nothing is there. */
export function closedSurvey(port: number): PoolSurvey {
	return {
		lessons: [],
		service: null,
		coverage: { port, protocol: "udp", outcome: "closed", kinds: [], failed: [] },
	};
}
