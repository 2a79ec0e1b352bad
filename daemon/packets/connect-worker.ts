/** Entry of the connect engine's worker thread: picks a back end and turns the loop until told to close. */
import { parentPort, workerData } from "node:worker_threads";
import { describeBackEnd } from "./back-end.ts";
import { ConnectLoop } from "./connect-loop.ts";
import type { Connector } from "./connector.ts";
import { EpollConnector } from "./connector-epoll.ts";
import { NodeConnector } from "./connector-node.ts";
import { HeldGuards } from "./held-guards.ts";
import { loadLibc } from "./libc.ts";
import { columnBuffers, type FromWorker, type SenderOptions, type ToWorker, type WorkerOptions } from "./messages.ts";
import { SharedLimits } from "./shared-limits.ts";

const port = parentPort;
if (port !== null) serve(port, workerData as WorkerOptions & SenderOptions);

function serve(port: NonNullable<typeof parentPort>, options: WorkerOptions & SenderOptions): void {
	const { connector, reason } = choose(options, wake);
	const { buffer, member } = options.limits;
	const loop = new ConnectLoop(connector, report, () => performance.now(), new SharedLimits(buffer, member));
	const guards = new HeldGuards();
	let scheduled = false;
	let timer: NodeJS.Timeout | undefined;
	let wait = 0;
	let closed = false;

	port.on("message", (message: ToWorker) => {
		if (message.kind === "guard" || message.kind === "forget") guards.take(message);
		else if (message.kind === "start") {
			const scope = guards.scopeOf(message.guard);
			loop.start(message.run, message.job, scope, message.claim);
		} else if (message.kind === "stop") loop.stop(message.run);
		else if (message.kind === "taken") loop.acknowledge(message.run, message.answers);
		else {
			closed = true;
			clearTimeout(timer);
			connector.close();
			port.close();
			return;
		}
		wake();
	});
	report({ kind: "ready", name: connector.name, reason });

	function report(message: FromWorker): void {
		port.postMessage(message, message.kind === "batch" ? columnBuffers(message) : []);
	}

	/** A turn soon: something has come in. */
	function wake(): void {
		wait = 0;
		if (scheduled || closed) return;
		scheduled = true;
		clearTimeout(timer);
		setImmediate(turn);
	}

	/** Between turns the event loop runs once, so that messages are heard. */
	function turn(): void {
		scheduled = false;
		if (closed) return;
		wait = loop.turn(connector.blocks ? Math.ceil(wait) : 0);
		if (loop.idle) return;
		if (connector.blocks || wait === 0) {
			scheduled = true;
			setImmediate(turn);
		} else timer = setTimeout(wake, Math.ceil(wait));
	}
}

function choose(options: WorkerOptions, wake: () => void): { connector: Connector; reason: string } {
	const loaded = loadLibc();
	const { name, reason } = describeBackEnd(options.backEnd, loaded);
	const connector =
		name === "connect-epoll" && loaded.libc !== null
			? new EpollConnector(loaded.libc, options.maxInFlight)
			: new NodeConnector(options.maxInFlight, wake);
	return { connector, reason };
}
