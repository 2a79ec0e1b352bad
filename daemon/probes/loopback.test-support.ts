/** For tests only: servers on loopback that answer bytes with bytes, and what a probe is handed to talk to them. */
import { createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { kinds } from "../evidence/kinds/index.ts";
import { openDialer } from "./dialer.ts";
import type { Learned, Probe, ProbeContext } from "./probe.ts";

export interface FakeServer {
	readonly port: number;
	/** Everything clients sent, one entry a connection. */
	readonly heard: Buffer[];
	/** Before the test ends; then it happens anyway. */
	close(): Promise<void>;
}

/** A server on a free port of `host` for the length of a test; `connection` counts from 0. */
export async function serve(
	handlers: {
		greet?: (socket: Socket) => void;
		onData?: (socket: Socket, chunk: Buffer, connection: number) => void;
	},
	host = "127.0.0.1",
): Promise<FakeServer> {
	const heard: Buffer[] = [];
	const sockets = new Set<Socket>();
	const server: Server = createServer((socket) => {
		const index = heard.push(Buffer.alloc(0)) - 1;
		sockets.add(socket);
		socket.on("error", () => socket.destroy());
		socket.on("close", () => sockets.delete(socket));
		socket.on("data", (chunk) => {
			heard[index] = Buffer.concat([heard[index] ?? Buffer.alloc(0), chunk]);
			handlers.onData?.(socket, chunk, index);
		});
		handlers.greet?.(socket);
	});
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	const close = async () => {
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => server.close(resolve));
	};
	onTestFinished(close);
	const address = server.address();
	return { port: typeof address === "object" && address !== null ? address.port : 0, heard, close };
}

/** A server of a line protocol: `answer` maps each line (without CR LF) to what is sent back; null hangs up. */
export async function serveLines(
	greeting: string,
	answer: (line: string, session: number) => string | null | Promise<string | null>,
	host = "127.0.0.1",
): Promise<FakeServer> {
	const pending = new Map<number, string>();
	return serve(
		{
			greet: (socket) => {
				if (greeting !== "") socket.write(greeting, "latin1");
			},
			onData: async (socket, chunk, index) => {
				const lines = ((pending.get(index) ?? "") + chunk.toString("latin1")).split(/\r?\n/);
				pending.set(index, lines.pop() ?? "");
				for (const line of lines) {
					const reply = await answer(line, index);
					if (reply === null) socket.end();
					else if (reply !== "") socket.write(reply, "latin1");
				}
			},
		},
		host,
	);
}

/** What a probe is handed, for a port on loopback. */
export function contextFor(port: number, options: { address?: string; tls?: boolean } = {}): ProbeContext {
	const address = options.address ?? "127.0.0.1";
	const tls = options.tls ?? false;
	const signal = AbortSignal.timeout(10_000);
	const dial = openDialer({ address, port, hostname: null, tls, signal, limits: { waitMs: 4_000 } });
	return { address, port, hostname: null, tls, signal, now: () => Date.now(), dial };
}

/** What a probe learns of its own kind from a server; fails when that is not what the kind promises. */
export async function talkTo(
	probe: Probe,
	server: FakeServer,
	about: Partial<ProbeContext> = {},
): Promise<Learned[number]> {
	const [lesson] = await probe.talk({ ...contextFor(server.port), ...about });
	if (lesson?.kind !== probe.name) throw new Error(`no ${probe.name} lesson`);
	kinds[lesson.kind].parse(lesson.data);
	return lesson;
}

/** Whether a probe gets a server to wait for a ClientHello. */
export async function startsTls(probe: Probe, server: FakeServer): Promise<boolean | undefined> {
	const context = contextFor(server.port);
	const connection = await context.dial.connect();
	try {
		return await probe.startTls?.(connection, context);
	} finally {
		connection.close();
	}
}
