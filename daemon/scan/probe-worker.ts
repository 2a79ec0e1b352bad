/** The worker thread that talks to services. It gets ports to survey and answers with what was learned; nothing else. */
import { parentPort, workerData } from "node:worker_threads";
import { Gate } from "../packets/gate.ts";
import type { SenderOptions } from "../packets/messages.ts";
import { SharedLimits } from "../packets/shared-limits.ts";
import { probes } from "../probes/index.ts";
import { type PortSurvey, surveyPort, surveyUdp } from "../probes/recognise.ts";
import { Scope } from "../scope/scope.ts";
import type { PoolAnswer, PoolMessage } from "./probe-worker-link.ts";
import { SurveyTurns } from "./survey-turns.ts";

type SurveyMessage = Extract<PoolMessage, { kind: "survey" }>;

/** Surveys that wait for their turn are told of so often: they are neither lost nor hanging. Milliseconds. */
const tellEveryMs = 1_000;

const port = parentPort;
if (port === null) throw new Error("probe-worker runs as a worker thread only");

const { buffer, member } = (workerData as SenderOptions).limits;
const limits = new SharedLimits(buffer, member);
const running = new Map<number, { controller: AbortController; turns: SurveyTurns; waitedMs: number; told: number }>();
const scopes = new Map<number, Scope>();
setInterval(() => {
	tellWaiting();
	tellSent();
}, tellEveryMs).unref();

port.on("message", (message: PoolMessage) => {
	switch (message.kind) {
		case "guard":
			scopes.set(message.guard, Scope.fromGuard(message.ranges));
			return;
		case "forget":
			scopes.delete(message.guard);
			return;
		case "cancel":
			running.get(message.id)?.controller.abort();
			return;
		case "survey":
			begin(message);
	}
});

function begin(message: SurveyMessage): void {
	const { id, claim, request } = message;
	const controller = new AbortController();
	const turns = new SurveyTurns(new Gate(limits, claim), request.address);
	const one = { controller, turns, waitedMs: 0, told: 0 };
	running.set(id, one);
	void survey(message, controller.signal, turns).then((surveys) => {
		running.delete(id);
		port?.postMessage({ kind: "surveys", id, surveys, sent: turns.taken - one.told } satisfies PoolAnswer);
	});
}

function tellWaiting(): void {
	const waiting: number[] = [];
	for (const [id, one] of running) {
		const waitedMs = one.turns.waitedMs();
		if (waitedMs > one.waitedMs) waiting.push(id);
		one.waitedMs = waitedMs;
	}
	if (waiting.length > 0) port?.postMessage({ kind: "waiting", ids: waiting } satisfies PoolAnswer);
}

/** A survey may last: what it has sent is told meanwhile. */
function tellSent(): void {
	const sent: [number, number][] = [];
	for (const [id, one] of running) {
		if (one.turns.taken > one.told) sent.push([id, one.turns.taken - one.told]);
		one.told = one.turns.taken;
	}
	if (sent.length > 0) port?.postMessage({ kind: "sent", sent } satisfies PoolAnswer);
}

/** The last place before packets: a guard that is not there, or does not let the address through, ends it here. */
async function survey(
	{ request, guard }: SurveyMessage,
	signal: AbortSignal,
	turns: SurveyTurns,
): Promise<PortSurvey[]> {
	const { address, hostname, port } = request;
	if (scopes.get(guard)?.mayProbe(address) !== true) return [];
	const about = { address, port, hostname, signal, probes, turns };
	if (request.protocol === "tcp") return [await surveyPort(about)];
	const answered = request.answer === undefined ? {} : { answer: request.answer };
	const found = await surveyUdp({ ...about, ...answered });
	return found === null ? [] : [found];
}
