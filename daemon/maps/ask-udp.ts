/**
 * Asks UDP ports of many addresses whether somebody is there: a reply says so, and so does the closed port's ICMP
 * message, which a connected socket is told of. Needs no privileges. The scope is asked again right before each datagram.
 */
import { randomInt } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { TokenBucket } from "../packets/token-bucket.ts";
import { datagramFor, netbiosNameOf } from "./datagrams.ts";

export interface UdpJob {
	readonly addresses: readonly string[];
	readonly ports: readonly number[];
	/** Asked before each datagram. */
	readonly mayProbe: (address: string) => boolean;
	/** A datagram is a payload: these ports get none. */
	readonly fragilePorts: ReadonlySet<number>;
	readonly pace: TokenBucket;
	readonly inFlight: number;
	readonly timeoutMs: number;
	/** Further tries for a silent port. */
	readonly retries: number;
	readonly signal: AbortSignal;
	readonly onSent: () => void;
}

export interface UdpAnswer {
	readonly address: string;
	readonly port: number;
	/** `refused`: the port is closed, which somebody said. */
	readonly answer: "reply" | "refused";
	readonly rttMs: number;
	readonly netbios: string | null;
}

/** More sockets at once would crowd out the rest of the daemon. */
const mostInFlight = 512;
/** Who answers UDP at all answers soon; a scan asks again with more patience. Milliseconds. */
const longestWaitMs = 1_000;
/** The machine has no descriptor or buffer to spare: the others in flight give some back. */
const shortages = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EAGAIN"]);
const shortageWaitMs = 50;
const mostShortages = 100;

/** Every answer there was; silent pairs are left out. Resolves soon after the signal with what there was. Never rejects. */
export async function askUdp(job: UdpJob): Promise<UdpAnswer[]> {
	const answers: UdpAnswer[] = [];
	// A port of every address before the next port, so that no host gets a burst.
	const ports = job.ports.filter((port) => !job.fragilePorts.has(port));
	const pairs = ports.flatMap((port) => job.addresses.map((address) => ({ address, port })));
	let next = 0;
	const lane = async () => {
		for (let pair = pairs[next++]; pair !== undefined && !job.signal.aborted; pair = pairs[next++]) {
			const answer = await askPair(job, pair.address, pair.port);
			if (answer !== null) answers.push(answer);
		}
	};
	await Promise.all(Array.from({ length: Math.min(job.inFlight, mostInFlight, pairs.length) }, lane));
	return answers;
}

async function askPair(job: UdpJob, address: string, port: number): Promise<UdpAnswer | null> {
	let shortage = 0;
	for (let attempt = 0; attempt <= job.retries; attempt++) {
		if (!(await turn(job))) return null;
		if (!job.mayProbe(address)) {
			job.pace.giveBack();
			return null;
		}
		job.onSent();
		const answer = await exchange(job, address, port);
		if (answer === "shortage") {
			if (++shortage > mostShortages) return null;
			attempt--;
			await new Promise((resolve) => setTimeout(resolve, shortageWaitMs));
		} else if (answer !== "silence") return answer;
	}
	return null;
}

/** Takes the turn in the same step in which it is free: many wait for it. False when there will be none any more. */
async function turn({ pace, signal }: UdpJob): Promise<boolean> {
	for (;;) {
		if (signal.aborted) return false;
		const wait = pace.waitMs(performance.now());
		if (wait <= 0) {
			pace.take();
			return true;
		}
		await new Promise((resolve) => setTimeout(resolve, Math.min(100, Math.ceil(wait))));
	}
}

type Outcome = UdpAnswer | "silence" | "shortage" | null;

/** Null: it cannot be sent there (no route, say), so asking again is no use. */
function exchange(job: UdpJob, address: string, port: number): Promise<Outcome> {
	const id = randomInt(0x10000);
	const { promise, resolve } = Promise.withResolvers<Outcome>();
	const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
	const end = () => resolve("silence");
	const timer = setTimeout(end, Math.min(longestWaitMs, job.timeoutMs));
	job.signal.addEventListener("abort", end, { once: true });
	const sentAt = performance.now();
	const told = (answer: UdpAnswer["answer"], netbios: string | null) =>
		resolve({ address, port, answer, rttMs: Math.round((performance.now() - sentAt) * 1_000) / 1_000, netbios });
	const failed = ({ code = "" }: NodeJS.ErrnoException) => {
		if (code === "ECONNREFUSED") told("refused", null);
		else resolve(shortages.has(code) ? "shortage" : null);
	};
	socket.on("error", failed);
	socket.once("message", (reply) => told("reply", port === 137 ? netbiosNameOf(reply, id) : null));
	// Node hands a failure to the callback, which its types do not say.
	socket.connect(port, address, (err?: NodeJS.ErrnoException) => {
		if (err) return failed(err);
		socket.send(datagramFor(port, id), (err) => {
			if (err !== null) failed(err);
		});
	});
	return promise.finally(() => {
		clearTimeout(timer);
		job.signal.removeEventListener("abort", end);
		close(socket);
	});
}

function close(socket: Socket): void {
	socket.removeAllListeners("message");
	try {
		socket.close();
	} catch {
		// It never came to be.
	}
}
