/** For tests only: a UDP server on loopback that answers datagrams with datagrams. */
import { createSocket } from "node:dgram";

export interface DatagramServer {
	readonly port: number;
	/** Every datagram heard. */
	readonly heard: Buffer[];
	close(): Promise<void>;
}

/** `answer` gives what is sent back; null is silence. */
export async function serveDatagrams(answer: (request: Buffer) => Buffer | null): Promise<DatagramServer> {
	const socket = createSocket("udp4");
	const heard: Buffer[] = [];
	socket.on("message", (request, peer) => {
		heard.push(request);
		const reply = answer(request);
		if (reply) socket.send(reply, peer.port, peer.address);
	});
	await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
	return { port: socket.address().port, heard, close: () => new Promise((resolve) => socket.close(() => resolve())) };
}
