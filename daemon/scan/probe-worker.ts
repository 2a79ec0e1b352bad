/** The worker thread that talks to services. It gets ports to survey and answers with what was learned; nothing else. */
import { parentPort } from "node:worker_threads";
import { probes } from "../probes/index.ts";
import { type PortSurvey, surveyPort, surveyUdp } from "../probes/recognise.ts";
import type { PoolAnswer, PoolMessage, SurveyRequest } from "./probe-pool.ts";

const port = parentPort;
if (port === null) throw new Error("probe-worker runs as a worker thread only");

const running = new Map<number, AbortController>();

port.on("message", (message: PoolMessage) => {
	if (message.kind === "cancel") {
		running.get(message.id)?.abort();
		return;
	}
	const controller = new AbortController();
	running.set(message.id, controller);
	void survey(message.request, controller.signal).then((surveys) => {
		running.delete(message.id);
		port.postMessage({ id: message.id, surveys } satisfies PoolAnswer);
	});
});

async function survey(request: SurveyRequest, signal: AbortSignal): Promise<PortSurvey[]> {
	const { address, hostname } = request;
	if (request.protocol === "tcp") return [await surveyPort({ address, port: request.port, hostname, signal, probes })];
	const found = await surveyUdp({ address, port: request.port, hostname, signal, probes });
	return found === null ? [] : [found];
}
