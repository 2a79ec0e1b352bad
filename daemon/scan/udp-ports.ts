/** Asks the UDP ports of one host, each with what its protocol answers to, so that only those that answer are looked into. */
import { askDatagrams } from "../packets/datagrams/ask.ts";
import type { DatagramEngine, DatagramJob } from "../packets/datagrams/job.ts";
import type { PoolSurvey } from "./probe-pool.ts";

export interface UdpPorts {
	/** Ports that answered, and with what; null where the survey itself has to ask. */
	readonly answered: ReadonlyMap<number, Uint8Array | null>;
	/** Ports of which ICMP says that nobody listens. */
	readonly closed: readonly number[];
	/** Ports that were asked to the end, or answered before. */
	readonly settled: ReadonlySet<number>;
}

/** Where no datagrams can be sent: the ports there is a whole conversation for. */
const surveyedAlone = [53, 161];

/** Null engine: datagrams cannot be sent here, and the survey asks what it can. Resolves soon after the signal with what there was. */
export async function askUdpPorts(
	ports: readonly number[],
	engine: DatagramEngine | undefined,
	job: Omit<DatagramJob, "probes">,
	signal: AbortSignal,
	onSent: (packets: number, settled: number) => void,
): Promise<UdpPorts> {
	const alone: UdpPorts = {
		answered: new Map(surveyedAlone.filter((port) => ports.includes(port)).map((port) => [port, null])),
		...{ closed: [], settled: new Set<number>() },
	};
	if (engine === undefined || ports.length === 0) return alone;
	const answered = new Map<number, Uint8Array | null>();
	const closed: number[] = [];
	const settled = new Set<number>();
	const note = await askDatagrams(engine, { ...job, probes: { udpPorts: ports } }, signal, ({ answers }, sent) => {
		onSent(sent, answers.length);
		for (const { port, state, reply, alive } of answers) {
			if (state === "open") answered.set(port, reply);
			// Of what a firewall says in its place nothing follows.
			else if (state === "closed" && alive) closed.push(port);
			settled.add(port);
		}
	});
	if (note?.skipped.some(({ kind }) => kind === "udp") === true) return alone;
	if (note !== null) {
		onSent(0, ports.filter((port) => !settled.has(port)).length);
		for (const port of ports) settled.add(port);
	}
	return { answered, closed, settled };
}

/** What is known of a closed port, as if it had been surveyed: nothing is there. */
export function closedSurvey(port: number): PoolSurvey {
	return {
		lessons: [],
		service: null,
		coverage: { port, protocol: "udp", outcome: "closed", kinds: [], failed: [] },
	};
}
