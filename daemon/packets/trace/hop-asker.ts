/**
 * Asks who is so many hops on the way to an address, one probe at a time for each address: by echo request where a socket
 * for it can be had, by datagram otherwise and when the echo is not answered. Holds the pace, and asks the guard and the
 * limits right before each packet.
 */
import type { Gate, HostPass } from "../gate.ts";
import { TokenBucket } from "../token-bucket.ts";
import type { HopAnswer } from "./find-route.ts";
import type { ProbeKind } from "./read-answer.ts";
import type { Heard, TraceSocket, TraceSockets } from "./trace-sockets.ts";

export interface HopLimits {
	readonly ratePerSecond: number;
	readonly timeoutMs: number;
	/** Probes to a hop before it is taken to be silent. */
	readonly tries: number;
}

interface Question {
	readonly address: string;
	readonly hops: number;
	readonly resolve: (answer: HopAnswer) => void;
	tries: number;
	socket: TraceSocket | undefined;
	number: number;
	/** When the probe is given up; undefined: it has yet to be sent. */
	deadline: number | undefined;
	/** Its turn, while the probe is out. */
	pass: HostPass | undefined;
}

const silence: HopAnswer = { kind: "silence" };

export class HopAsker {
	readonly #sockets: TraceSockets;
	readonly #limits: HopLimits;
	readonly #mayProbe: (address: string) => boolean;
	readonly #now: () => number;
	readonly #gate: Gate | null;
	readonly #pace: TokenBucket;
	/** By address: its sockets, in the order they are tried. Null: none can be had. */
	readonly #open = new Map<string, readonly TraceSocket[]>();
	readonly #questions = new Set<Question>();
	#next = 0;
	sent = 0;

	/** `gate` null: nothing but its own pace holds it back. */
	constructor(
		sockets: TraceSockets,
		limits: HopLimits,
		mayProbe: (address: string) => boolean,
		now: () => number,
		gate: Gate | null = null,
	) {
		this.#gate = gate;
		this.#sockets = sockets;
		this.#limits = limits;
		this.#mayProbe = mayProbe;
		this.#now = now;
		this.#pace = new TokenBucket(limits.ratePerSecond, now());
	}

	ask(address: string, hops: number): Promise<HopAnswer> {
		const { promise, resolve } = Promise.withResolvers<HopAnswer>();
		const unsent = { socket: undefined, deadline: undefined, pass: undefined };
		this.#questions.add({ address, hops, resolve, tries: 0, number: 0, ...unsent });
		return promise;
	}

	/** No more of this address will be asked. */
	release(address: string): void {
		for (const socket of this.#open.get(address) ?? []) this.#sockets.close(socket);
		this.#open.delete(address);
	}

	/** Sends what may be sent, waits so long for answers, and gives up what has waited long enough. */
	turn(waitMs: number): void {
		for (const question of this.#questions) {
			if (question.deadline === undefined) this.#send(question);
		}
		const open = [...this.#open.values()].flat();
		for (const index of this.#sockets.wait(open, waitMs)) {
			const socket = open[index];
			if (socket !== undefined) for (const heard of this.#sockets.read(socket)) this.#hear(socket, heard);
		}
		const now = this.#now();
		for (const question of this.#questions) {
			if (question.deadline === undefined || question.deadline > now) continue;
			question.deadline = undefined;
			this.#giveBack(question);
			if (question.tries >= this.#limits.tries) this.#settle(question, silence);
		}
	}

	/** Everything unanswered is silence; nothing leaves any more. */
	close(): void {
		for (const question of this.#questions) this.#settle(question, silence);
		for (const address of [...this.#open.keys()]) this.release(address);
	}

	#send(question: Question): void {
		const sockets = this.#mayProbe(question.address) ? this.#socketsOf(question.address) : [];
		const socket = sockets[question.tries % Math.max(1, sockets.length)];
		if (socket === undefined) {
			this.#settle(question, silence);
			return;
		}
		const now = this.#now();
		if (this.#pace.waitMs(now) > 0) return;
		const pass = this.#gate?.passFor(question.address);
		if (pass !== undefined && (this.#gate?.ask(pass, now) ?? 0) > 0) return;
		question.pass = pass;
		this.#pace.take();
		this.#next = (this.#next + 1) & 0xffff;
		const outcome = this.#sockets.send(socket, question.hops, this.#next);
		if (outcome === "shortage") {
			if (pass !== undefined) this.#gate?.unasked(pass, now);
			this.#giveBack(question);
			return;
		}
		question.tries++;
		if (outcome === "sent") this.sent++;
		Object.assign(question, { socket, number: this.#next });
		question.deadline = outcome === "sent" ? this.#now() + this.#limits.timeoutMs : this.#now();
	}

	#socketsOf(address: string): readonly TraceSocket[] {
		const known = this.#open.get(address);
		if (known !== undefined) return known;
		const open = (kind: ProbeKind) => this.#sockets.open(kind, address);
		const found = [open("echo") ?? open("raw-echo"), open("udp")].filter((socket) => socket !== null);
		this.#open.set(address, found);
		return found;
	}

	#hear(socket: TraceSocket, { number, meaning, from }: Heard): void {
		for (const question of this.#questions) {
			if (question.socket !== socket || question.deadline === undefined) continue;
			// An answer that quotes too little to say which probe it is of belongs to the one that is out.
			if (number !== null && number !== question.number) continue;
			if (meaning === "host") this.#settle(question, { kind: "host" });
			else this.#settle(question, from === null ? silence : { kind: meaning, address: from });
		}
	}

	#settle(question: Question, answer: HopAnswer): void {
		this.#questions.delete(question);
		this.#giveBack(question);
		question.resolve(answer);
	}

	#giveBack(question: Question): void {
		if (question.pass !== undefined) this.#gate?.done(question.pass);
		question.pass = undefined;
	}
}
