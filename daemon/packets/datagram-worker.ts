/** Entry of the datagram engine's worker thread: turns the loop until told to close. */
import { parentPort, workerData } from "node:worker_threads";
import type { DatagramJob, SkippedProbe } from "./datagrams/job.ts";
import { DatagramLoop } from "./datagrams/loop.ts";
import type { FromDatagramWorker, ToDatagramWorker } from "./datagrams/messages.ts";
import { HeldGuards } from "./held-guards.ts";
import { loadLibc } from "./libc.ts";
import type { DatagramWorkerOptions, SenderOptions } from "./messages.ts";
import { checkRawAccess } from "./raw-access.ts";
import { SharedLimits } from "./shared-limits.ts";

/** Machines whose `struct msghdr` has the layout that is written here: 64 bits, little-endian. */
const known64Bit = new Set(["x64", "arm64", "riscv64", "loong64"]);

const port = parentPort;
if (port !== null) serve(port, workerData as SenderOptions & DatagramWorkerOptions);

function serve(port: NonNullable<typeof parentPort>, options: SenderOptions & DatagramWorkerOptions): void {
	const { libc, reason } = loadLibc();
	const { buffer, member } = options.limits;
	const notRaw = options.notRaw ?? checkRawAccess().reason;
	const loop =
		libc === null || !known64Bit.has(process.arch)
			? null
			: new DatagramLoop(libc, new SharedLimits(buffer, member), notRaw, report, () => performance.now());
	const why = reason === "" ? `datagrams are not known to work on ${process.arch}` : reason;
	const guards = new HeldGuards();
	let scheduled = false;
	let wait = 0;
	let closed = false;

	port.on("message", (message: ToDatagramWorker) => {
		if (message.kind === "guard" || message.kind === "forget") guards.take(message);
		else if (message.kind === "start") {
			const scope = guards.scopeOf(message.guard);
			if (loop !== null) loop.start(message.run, message.job, scope, message.claim);
			else report({ kind: "end", run: message.run, note: { skipped: allOf(message.job, why), sparing: [] } });
		} else if (message.kind === "stop") loop?.stop(message.run);
		else if (message.kind === "taken") loop?.acknowledge(message.run, message.answers);
		else {
			closed = true;
			loop?.close();
			port.close();
			return;
		}
		wake();
	});

	function report(message: FromDatagramWorker): void {
		if (message.kind === "end") {
			port.postMessage(message);
			return;
		}
		const { hosts, kinds, ports, states, rtts } = message;
		port.postMessage(message, [hosts.buffer, kinds.buffer, ports.buffer, states.buffer, rtts.buffer] as ArrayBuffer[]);
	}

	function wake(): void {
		wait = 0;
		if (scheduled || closed || loop === null) return;
		scheduled = true;
		setImmediate(turn);
	}

	/** Between turns the event loop runs once, so that messages are heard. */
	function turn(): void {
		scheduled = false;
		if (closed || loop === null || loop.isIdle) return;
		wait = loop.turn(wait);
		scheduled = true;
		setImmediate(turn);
	}
}

function allOf({ probes }: DatagramJob, reason: string): SkippedProbe[] {
	const skipped: SkippedProbe[] = [];
	if (probes.link === true) skipped.push({ kind: "link", reason });
	if (probes.echo === true) skipped.push({ kind: "echo", reason });
	if ((probes.ackPorts ?? []).length > 0) skipped.push({ kind: "ack", reason });
	if ((probes.udpPorts ?? []).length > 0) skipped.push({ kind: "udp", reason });
	return skipped;
}
