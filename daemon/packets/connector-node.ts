/** The connect engine's back end over node:net, for where libc cannot be called: the same outcomes, about half the speed. */

import { connect, type Socket } from "node:net";
import { constants } from "node:os";
import { type Connector, type Destination, type Outcome, outcome, outcomeOf } from "./connector.ts";

export class NodeConnector implements Connector {
	readonly name = "connect-node";
	readonly blocks = false;
	readonly capacity: number;
	private readonly sockets = new Map<number, Socket>();
	private readonly finished: [slot: number, result: Outcome][] = [];
	private readonly wake: () => void;

	/** `wake` is called when `poll` has something to hand over. */
	constructor(capacity: number, wake: () => void) {
		this.capacity = Math.max(1, Math.min(capacity, Math.floor(descriptorLimit() * 0.75), descriptorLimit() - 64));
		this.wake = wake;
	}

	start(slot: number, destination: Destination, port: number): Outcome {
		const host = destination.address;
		const socket = connect({ host, port, autoSelectFamily: false });
		this.sockets.set(slot, socket);
		socket.once("connect", () => {
			// RFC 9293 3.5: a connect to an own address may meet itself.
			const self = socket.localPort === port && socket.localAddress === socket.remoteAddress;
			this.finish(slot, socket, self ? outcome.again : outcome.open);
		});
		socket.once("error", (err: NodeJS.ErrnoException) => {
			const number = (constants.errno as Record<string, number | undefined>)[err.code ?? ""];
			this.finish(slot, socket, number === undefined ? outcome.unreachable : outcomeOf(number));
		});
		return outcome.pending;
	}

	cancel(slot: number): void {
		const socket = this.sockets.get(slot);
		this.sockets.delete(slot);
		const i = this.finished.findIndex(([waiting]) => waiting === slot);
		if (i >= 0) this.finished.splice(i, 1);
		if (socket !== undefined) drop(socket);
	}

	poll(_waitMs: number, finished: (slot: number, result: Outcome) => void): number {
		const some = this.finished.splice(0);
		for (const [slot, result] of some) finished(slot, result);
		return some.length;
	}

	close(): void {
		for (const slot of [...this.sockets.keys()]) this.cancel(slot);
	}

	private finish(slot: number, socket: Socket, result: Outcome): void {
		if (this.sockets.get(slot) !== socket) return;
		this.sockets.delete(slot);
		drop(socket);
		this.finished.push([slot, result]);
		this.wake();
	}
}

function drop(socket: Socket): void {
	socket.removeAllListeners();
	// A late error of a socket no one waits for must not end the thread.
	socket.on("error", () => {});
	if (socket.connecting) socket.destroy();
	else socket.resetAndDestroy();
}

/** Node raises its soft limit to the hard one when it starts, so this is what counts. */
function descriptorLimit(): number {
	const report = process.report?.getReport() as
		| { userLimits?: { open_files?: { soft?: number | string } } }
		| undefined;
	const soft = Number(report?.userLimits?.open_files?.soft);
	return Number.isFinite(soft) && soft > 0 ? soft : 1_024;
}
