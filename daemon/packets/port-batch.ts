/** What the thread of a port engine tells of a job, as those who read it get it. */
import { type PortBatch, type PortJob, pairStates } from "./engine.ts";
import type { AnswerColumns, PackedBatch } from "./messages.ts";

export function unpackBatch(job: PortJob, batch: PackedBatch): PortBatch {
	const { settled, sent, refused, networks, slowedBy } = batch;
	const answers = answersOf(job, batch);
	const { length: met = 0 } = networks ?? [];
	const { length: slowed = 0 } = slowedBy ?? [];
	return {
		...{ answers, settled, sent, refused },
		...(networks === undefined || met === 0 ? {} : { networks }),
		...(slowedBy === undefined || slowed === 0 ? {} : { slowedBy }),
	};
}

/** A loop: of a million answers each call would be felt. */
function answersOf({ addresses }: PortJob, { hosts, ports, states, rtts }: AnswerColumns): PortBatch["answers"] {
	const answers = new Array<PortBatch["answers"][number]>(ports.length);
	for (let i = 0; i < ports.length; i++) {
		const rttMs = rtts[i] ?? Number.NaN;
		answers[i] = {
			address: addresses[hosts[i] ?? 0] ?? "",
			port: ports[i] ?? 0,
			state: pairStates[states[i] ?? 0] ?? "filtered",
			rttMs: Number.isNaN(rttMs) ? null : rttMs,
		};
	}
	return answers;
}
