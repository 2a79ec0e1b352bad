/** Answers on their way between two threads: columns of numbers, and what few answers have besides. */
import { type DatagramAnswer, type DatagramJob, probeKinds, udpStates } from "./job.ts";

export interface DatagramColumns {
	/** Positions in the job's `addresses`. */
	readonly hosts: Uint32Array;
	/** Positions in `probeKinds`, and 128 more when the answer came from the host itself. */
	readonly kinds: Uint8Array;
	readonly ports: Uint16Array;
	/** Positions in `udpStates`. */
	readonly states: Uint8Array;
	/** Milliseconds; NaN when it cannot be told. */
	readonly rtts: Float32Array;
	/** By position in the columns. */
	readonly replies: ReadonlyMap<number, Uint8Array>;
	readonly macs: ReadonlyMap<number, string>;
}

type Answer = Omit<DatagramAnswer, "address"> & { readonly host: number };

const fromHost = 128;

export class AnswerBuffer {
	private answers: Answer[] = [];

	get length(): number {
		return this.answers.length;
	}

	add(answer: Answer): void {
		this.answers.push(answer);
	}

	/** All there are; the buffer is empty then. */
	take(): DatagramColumns {
		const { answers } = this;
		this.answers = [];
		return {
			hosts: Uint32Array.from(answers, ({ host }) => host),
			kinds: Uint8Array.from(answers, ({ kind, alive }) => probeKinds.indexOf(kind) | (alive ? fromHost : 0)),
			ports: Uint16Array.from(answers, ({ port }) => port),
			states: Uint8Array.from(answers, ({ state }) => udpStates.indexOf(state)),
			rtts: Float32Array.from(answers, ({ rttMs }) => rttMs ?? Number.NaN),
			replies: new Map(answers.flatMap(({ reply }, i) => (reply === null ? [] : [[i, reply] as const]))),
			macs: new Map(answers.flatMap(({ mac }, i) => (mac === null ? [] : [[i, mac] as const]))),
		};
	}
}

export function unpackAnswers(job: Pick<DatagramJob, "addresses">, columns: DatagramColumns): DatagramAnswer[] {
	return Array.from(columns.hosts, (host, i) => {
		const kind = columns.kinds[i] ?? 0;
		const rttMs = columns.rtts[i] ?? Number.NaN;
		return {
			address: job.addresses[host] ?? "",
			kind: probeKinds[kind & ~fromHost] ?? "udp",
			port: columns.ports[i] ?? 0,
			state: udpStates[columns.states[i] ?? 0] ?? "open",
			alive: (kind & fromHost) !== 0,
			rttMs: Number.isNaN(rttMs) ? null : Math.round(rttMs * 1_000) / 1_000,
			reply: columns.replies.get(i) ?? null,
			mac: columns.macs.get(i) ?? null,
		};
	});
}
