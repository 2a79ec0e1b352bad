/** The worker thread that logs in: what hosts send meets a bounded heap here, and secrets come by message and go nowhere. */
import { parentPort } from "node:worker_threads";
import { Scope } from "../scope/scope.ts";
import { logIn } from "./log-in.ts";
import type { ToLoginWorker } from "./login-pool.ts";

const port = parentPort;
if (port === null) throw new Error("login-worker runs as a worker thread only");

const running = new Map<number, AbortController>();

port.on("message", (message: ToLoginWorker) => {
	if (message.kind === "cancel") {
		running.get(message.id)?.abort();
		return;
	}
	const { id, request, guard } = message;
	const controller = new AbortController();
	running.set(id, controller);
	// The last place before packets: also behind a jump host nothing is sent to what is not in scope.
	const allowed = Scope.fromGuard(guard).mayProbe(request.address);
	void (allowed ? logIn(request, controller.signal) : Promise.resolve(null)).then((report) => {
		running.delete(id);
		port.postMessage({ id, report });
	});
});
