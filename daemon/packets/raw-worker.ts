/** Entry of the raw engine's worker thread: proves on loopback that packets come back, then turns the loop until told to close. */
import { parentPort, workerData } from "node:worker_threads";
import type { Scope } from "../scope/scope.ts";
import type { PortJob } from "./engine.ts";
import { HeldGuards } from "./held-guards.ts";
import { loadLibc } from "./libc.ts";
import { type LimitClaim, noLimits } from "./limit-table.ts";
import { columnBuffers, type FromWorker, type SenderOptions, type ToWorker } from "./messages.ts";
import { RawLoop } from "./raw/raw-loop.ts";
import { checkRawAccess, choosePortBlock } from "./raw-access.ts";
import { SharedLimits } from "./shared-limits.ts";

/** One port of this machine itself: open or closed, something must come back. */
const trial = {
	run: -1,
	job: {
		addresses: ["127.0.0.1"],
		ports: [1],
		limits: { ratePerSecond: 1_000, inFlight: 1, inFlightPerHost: 1, timeoutMs: 150, retries: 1 },
	},
};

/** How long the loop turns before messages are heard: a turn of the event loop costs as much as several of these. */
const turnsMs = 2;

const port = parentPort;
if (port !== null) serve(port, workerData as SenderOptions);

function serve(port: NonNullable<typeof parentPort>, { limits }: SenderOptions): void {
	const opened = openLoop(report, new SharedLimits(limits.buffer, limits.member));
	const guards = new HeldGuards();
	const waiting: { run: number; job: PortJob; scope: Scope | null; claim: LimitClaim }[] = [];
	let scheduled = false;
	let wait = 0;
	let closed = false;

	port.on("message", (message: ToWorker) => {
		if (message.kind === "guard" || message.kind === "forget") guards.take(message);
		else if (message.kind === "start") {
			const scope = guards.scopeOf(message.guard);
			const declined = whyNot(message.job, opened);
			if (declined !== null) report({ kind: "end", run: message.run, declined });
			else waiting.push({ run: message.run, job: message.job, scope, claim: message.claim });
		} else if (message.kind === "stop") {
			const place = waiting.findIndex(({ run }) => run === message.run);
			if (place >= 0) {
				waiting.splice(place, 1);
				report({ kind: "end", run: message.run });
			} else opened.loop?.stop(message.run);
		} else if (message.kind === "taken") opened.loop?.acknowledge(message.run, message.answers);
		else {
			closed = true;
			opened.loop?.close();
			port.close();
			return;
		}
		wake();
	});
	report({ kind: "ready", name: "raw", reason: opened.reason });

	function report(message: FromWorker): void {
		port.postMessage(message, message.kind === "batch" ? columnBuffers(message) : []);
	}

	function wake(): void {
		wait = 0;
		if (scheduled || closed) return;
		scheduled = true;
		setImmediate(turn);
	}

	/** After some turns the event loop runs once, so that messages are heard. */
	function turn(): void {
		scheduled = false;
		const { loop } = opened;
		if (closed || loop === null) return;
		while (loop.hasRoom) {
			const next = waiting.shift();
			if (next === undefined) break;
			loop.start(next.run, next.job, next.scope, next.claim);
		}
		const until = performance.now() + turnsMs;
		do wait = loop.turn(wait);
		while (!loop.idle && performance.now() < until);
		if (loop.idle && waiting.length === 0) return;
		scheduled = true;
		setImmediate(turn);
	}
}

/** Why the job is better left to connects (a clause); null when it is not. */
function whyNot(job: PortJob, { loop, reason, localWorks }: Opened): string | null {
	if (loop === null) return reason;
	if (new Set(job.ports).size < job.ports.length) return "a port is listed twice";
	if (!loop.hasIp6 && job.addresses.some((address) => address.includes(":"))) return "raw IPv6 sockets cannot be had";
	if (!localWorks && job.addresses.some((address) => address.startsWith("127.") || address === "::1")) {
		return "nothing comes back over the loopback interface";
	}
	return null;
}

interface Opened {
	/** Null with a reason, a clause, where raw sockets cannot be had. */
	readonly loop: RawLoop | null;
	readonly reason: string;
	/** What is sent to this machine itself is answered. */
	readonly localWorks: boolean;
}

function openLoop(report: (message: FromWorker) => void, limits: SharedLimits): Opened {
	const { libc } = loadLibc();
	const access = checkRawAccess();
	if (libc === null || !access.allowed) return { loop: null, reason: access.reason, localWorks: false };
	let heard = false;
	const listen = (message: FromWorker): void => {
		if (message.kind === "ready" || message.run !== trial.run) report(message);
		else if (message.kind === "batch") heard ||= [0, 1].includes(message.states[0] ?? -1);
	};
	try {
		const loop = new RawLoop(libc, choosePortBlock(), listen, () => performance.now(), limits);
		loop.start(trial.run, trial.job, null, noLimits);
		for (let wait = 0; !loop.idle; ) wait = loop.turn(wait);
		return { loop, reason: "", localWorks: heard };
	} catch (err) {
		return { loop: null, reason: err instanceof Error ? err.message : String(err), localWorks: false };
	}
}
