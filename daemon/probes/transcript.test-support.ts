/**
 * For tests only: recorded conversations with real servers, and a server that plays them back. A transcript has one event
 * a line: `#` a new connection, `S` what the server sent, `C` what the probe sent (JSON strings, one Latin-1 character a
 * byte), `E` the server hung up.
 */
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { type FakeServer, serve } from "./loopback.test-support.ts";

type Event = { readonly by: "S" | "C"; readonly bytes: Buffer } | { readonly by: "E" };

/** The events of each connection, in the order the probe opened them. */
export type Transcript = readonly (readonly Event[])[];

export function readTranscript(url: URL): Transcript {
	const connections: Event[][] = [];
	for (const line of readFileSync(url, "utf8").split("\n")) {
		if (line.startsWith("#")) connections.push([]);
		else if (line.startsWith("E")) connections.at(-1)?.push({ by: "E" });
		else if (line.startsWith("S ") || line.startsWith("C ")) {
			const bytes = Buffer.from(JSON.parse(line.slice(2)) as string, "latin1");
			connections.at(-1)?.push({ by: line.startsWith("S") ? "S" : "C", bytes });
		}
	}
	return connections;
}

/** What the server sent on each connection, in one piece. */
export function serverBytes(transcript: Transcript): Buffer[] {
	return transcript.map((events) =>
		Buffer.concat(events.map((event) => (event.by === "S" ? event.bytes : Buffer.alloc(0)))),
	);
}

/** Plays a transcript's connections one after another; a client that says something else is hung up on. */
export function serveTranscript(transcript: Transcript): Promise<FakeServer> {
	const positions = new Map<Socket, { events: Event[]; heard: Buffer }>();
	let next = 0;
	const play = (socket: Socket) => {
		const position = positions.get(socket);
		for (;;) {
			const event = position?.events[0];
			if (position === undefined || event === undefined) return;
			if (event.by === "C") {
				const said = position.heard.subarray(0, event.bytes.length);
				if (!event.bytes.subarray(0, said.length).equals(said)) return socket.destroy();
				if (said.length < event.bytes.length) return;
				position.heard = position.heard.subarray(event.bytes.length);
			}
			position.events.shift();
			if (event.by === "S") socket.write(event.bytes);
			if (event.by === "E") socket.end();
		}
	};
	return serve({
		greet: (socket) => {
			positions.set(socket, { events: [...(transcript[next++] ?? [])], heard: Buffer.alloc(0) });
			play(socket);
		},
		onData: (socket, chunk) => {
			const position = positions.get(socket);
			if (position) position.heard = Buffer.concat([position.heard, chunk]);
			play(socket);
		},
	});
}
