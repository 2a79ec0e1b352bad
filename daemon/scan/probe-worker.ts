/** The worker thread that talks to services. It gets ports to survey and answers with what was learned; nothing else. */
import { parentPort } from "node:worker_threads";
import { probes } from "../probes/index.ts";
import { type PortSurvey, surveyPort, surveyUdp } from "../probes/recognise.ts";
import { Scope } from "../scope/scope.ts";
import type { PoolAnswer, PoolMessage } from "./probe-worker-link.ts";

type SurveyMessage = Extract<PoolMessage, { kind: "survey" }>;

const port = parentPort;
if (port === null) throw new Error("probe-worker runs as a worker thread only");

const running = new Map<number, AbortController>();
const scopes = new Map<number, Scope>();

port.on("message", (message: PoolMessage) => {
	switch (message.kind) {
		case "guard":
			scopes.set(message.guard, Scope.fromGuard(message.ranges));
			return;
		case "forget":
			scopes.delete(message.guard);
			return;
		case "cancel":
			running.get(message.id)?.abort();
			return;
		case "survey":
			begin(message);
	}
});

function begin(message: SurveyMessage): void {
	const { id } = message;
	const controller = new AbortController();
	running.set(id, controller);
	void survey(message, controller.signal).then((surveys) => {
		running.delete(id);
		port?.postMessage({ id, surveys } satisfies PoolAnswer);
	});
}

/** The last place before packets: a guard that is not there, or does not let the address through, ends it here. */
async function survey({ request, guard }: SurveyMessage, signal: AbortSignal): Promise<PortSurvey[]> {
	const { address, hostname } = request;
	if (scopes.get(guard)?.mayProbe(address) !== true) return [];
	if (request.protocol === "tcp") return [await surveyPort({ address, port: request.port, hostname, signal, probes })];
	const answered = request.answer === undefined ? {} : { answer: request.answer };
	const found = await surveyUdp({ address, port: request.port, hostname, signal, probes, ...answered });
	return found === null ? [] : [found];
}
