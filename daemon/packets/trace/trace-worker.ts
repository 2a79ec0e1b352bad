/** Entry of the thread that traces routes: one job, told when it starts; any message ends it. */
import { randomInt } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { Scope } from "../../scope/scope.ts";
import { Gate } from "../gate.ts";
import { loadLibc } from "../libc.ts";
import { SharedLimits } from "../shared-limits.ts";
import { RouteFinder } from "./find-route.ts";
import { HopAsker } from "./hop-asker.ts";
import type { FromTracer, TracerOptions } from "./messages.ts";
import { TraceSockets } from "./trace-sockets.ts";

/** Addresses whose routes are looked for at once. Routers hold their ICMP errors to a few a second. */
const atOnce = 8;
const turnMs = 10;
/** Where route tracers have always sent their datagrams: nothing listens there. */
const firstPort = 33_434;
const lastPort = 33_523;

const port = parentPort;
if (port !== null) void serve(port, workerData as TracerOptions);

async function serve(port: NonNullable<typeof parentPort>, { job, pace }: TracerOptions): Promise<void> {
	const report = (message: FromTracer) => port.postMessage(message);
	const { libc, reason } = loadLibc();
	let stopped = false;
	port.on("message", () => {
		stopped = true;
	});
	if (libc === null) {
		report({ kind: "done", sent: 0, problem: reason });
		port.close();
		return;
	}
	const fragile = new Set(job.fragilePorts);
	const ports = Array.from({ length: lastPort - firstPort + 1 }, (_, index) => firstPort + index);
	const udpPort = ports.find((one) => !fragile.has(one)) ?? null;
	const sockets = new TraceSockets(libc, { id: randomInt(1, 0x10000), udpPort });
	const scope = Scope.fromGuard(job.guard);
	const asker = new HopAsker(
		sockets,
		job.limits,
		(address) => scope.mayProbe(address),
		() => performance.now(),
		pace === null ? null : new Gate(new SharedLimits(pace.limits.buffer, pace.limits.member), pace.claim),
	);
	const finder = new RouteFinder((address, hops) => asker.ask(address, hops));

	const waiting = job.groups.map((addresses, index) => ({ addresses, network: String(index) }));
	const trace = async ({ addresses, network }: (typeof waiting)[number]) => {
		for (const address of addresses) {
			if (stopped || !scope.mayProbe(address)) continue;
			const route = await finder.find(address, network);
			asker.release(address);
			if (stopped) return;
			report({ kind: "route", route: { address, ...route }, sent: asker.sent });
			if (route.reached && !job.all) return;
		}
	};
	const lane = async () => {
		for (let group = waiting.shift(); group !== undefined && !stopped; group = waiting.shift()) await trace(group);
	};
	const work = async () => {
		// The first route teaches the rest how far it is and who stands on the way.
		const first = waiting.shift();
		if (first !== undefined) await trace(first);
		await Promise.all(Array.from({ length: atOnce }, lane));
	};
	let done = false;
	void work().then(() => {
		done = true;
	});
	const turn = () => {
		if (stopped) asker.close();
		if (done) {
			asker.close();
			report({ kind: "done", sent: asker.sent, problem: null });
			port.close();
			return;
		}
		asker.turn(stopped ? 0 : turnMs);
		setImmediate(turn);
	};
	turn();
}
