/** Small servers on loopback that speak enough of a real protocol to be found, recognised and judged. */
import { createServer, type Server, type Socket } from "node:net";

export interface FakeService {
	readonly address: string;
	readonly port: number;
	close(): Promise<void>;
}

/** Listens on `address` (any of 127.0.0.0/8); `port` 0 takes a free one. */
export function serve(address: string, port: number, talk: (socket: Socket) => void): Promise<FakeService> {
	const sockets = new Set<Socket>();
	const server: Server = createServer((socket) => {
		sockets.add(socket);
		socket.on("error", () => socket.destroy());
		socket.on("close", () => sockets.delete(socket));
		talk(socket);
	});
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, address, () => {
			const bound = server.address();
			if (bound === null || typeof bound === "string") return reject(new Error("no address"));
			resolve({
				address,
				port: bound.port,
				close: () =>
					new Promise((done) => {
						for (const socket of sockets) socket.destroy();
						server.close(() => done());
					}),
			});
		});
	});
}

/** Redis 7.0.15; asks for a password when told to. */
export function fakeRedis(options: { password: () => boolean }): (socket: Socket) => void {
	const info =
		"# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nos:Linux 6.1.0-18-amd64 x86_64\r\n# Replication\r\nrole:master\r\n";
	return (socket) => {
		let pending = "";
		socket.on("data", (chunk) => {
			pending += chunk.toString("latin1");
			for (;;) {
				const command = takeCommand(pending);
				if (command === null) return;
				pending = command.rest;
				if (command.name === "QUIT") return socket.end("+OK\r\n");
				if (options.password()) socket.write("-NOAUTH Authentication required.\r\n");
				else if (command.name === "PING") socket.write("+PONG\r\n");
				else if (command.name === "INFO") socket.write(`$${info.length}\r\n${info}\r\n`);
				else socket.write(`-ERR unknown command '${command.name}'\r\n`);
			}
		});
	};
}

/** One inline or array command off the front of the text. */
function takeCommand(text: string): { name: string; rest: string } | null {
	const end = text.indexOf("\r\n");
	if (end < 0) return null;
	if (!text.startsWith("*"))
		return { name: (text.slice(0, end).split(" ")[0] ?? "").toUpperCase(), rest: text.slice(end + 2) };
	const count = Number(text.slice(1, end));
	const lines = text.slice(end + 2).split("\r\n");
	if (lines.length < count * 2 + 1) return null;
	return { name: (lines[1] ?? "").toUpperCase(), rest: lines.slice(count * 2).join("\r\n") };
}

/** A listener that counts, and says nothing but a greeting when given one. `accepts`: connections; `bytes`: what they sent. */
export interface Ear extends FakeService {
	readonly heard: { accepts: number; bytes: number };
}

export async function listenIn(address: string, port: number, greeting = ""): Promise<Ear> {
	const heard = { accepts: 0, bytes: 0 };
	const service = await serve(address, port, (socket) => {
		heard.accepts++;
		socket.write(greeting);
		socket.on("data", (chunk) => {
			heard.bytes += chunk.length;
		});
	});
	return { ...service, heard };
}
