/** For tests only: a DNS server on loopback that answers from a table, over UDP, and remembers what it was asked. */
import { createSocket } from "node:dgram";
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode } from "dns-packet";

export interface FakeDns {
	/** `address:port`, as a map names its resolver. */
	readonly resolver: string;
	/** Every question, `TYPE name`, in order. */
	readonly asked: string[];
	close(): Promise<void>;
}

export interface FakeZone {
	/** Name to IPv4 addresses; a key `*.domain` answers for every other name below it. */
	readonly addresses?: Readonly<Record<string, readonly string[]>>;
	/** IPv4 address to names. */
	readonly names?: Readonly<Record<string, readonly string[]>>;
	readonly mail?: Readonly<Record<string, readonly string[]>>;
	readonly silent?: boolean;
	/** Every question is refused. */
	readonly refuses?: boolean;
	/** Sent instead of an answer, with the question's id written over its first two bytes. */
	readonly raw?: (type: string, name: string) => Buffer | null;
}

export async function serveDns(zone: FakeZone): Promise<FakeDns> {
	const socket = createSocket("udp4");
	const asked: string[] = [];
	socket.on("message", (request, peer) => {
		const { id = 0, questions = [] } = decode(request);
		const question = questions[0];
		if (question === undefined) return;
		const { type, name } = question;
		asked.push(`${type} ${name}`);
		if (zone.silent === true) return;
		const raw = zone.raw?.(type, name) ?? null;
		if (raw !== null) {
			raw.writeUInt16BE(id, 0);
			socket.send(raw, peer.port, peer.address);
			return;
		}
		const answers = zone.refuses === true ? [] : answersOf(zone, type, name);
		const flags = zone.refuses === true ? 5 : AUTHORITATIVE_ANSWER | (answers === null ? 3 : 0);
		const reply = encode({ type: "response", id, flags, questions, answers: answers ?? [] });
		socket.send(reply, peer.port, peer.address);
	});
	await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
	return {
		resolver: `127.0.0.1:${socket.address().port}`,
		asked,
		close: () => new Promise((resolve) => socket.close(() => resolve())),
	};
}

/** Null: there is no such name. */
function answersOf(zone: FakeZone, type: string, name: string): Answer[] | null {
	if (type === "PTR") {
		const address = name.replace(".in-addr.arpa", "").split(".").reverse().join(".");
		return zone.names?.[address]?.map((data) => ({ type: "PTR", name, ttl: 1, data })) ?? null;
	}
	const below = `*.${name.split(".").slice(1).join(".")}`;
	const addresses = zone.addresses?.[name] ?? zone.addresses?.[below];
	const mail = zone.mail?.[name];
	if (addresses === undefined && mail === undefined) return null;
	if (type === "A") return (addresses ?? []).map((data) => ({ type: "A", name, ttl: 1, data }));
	if (type === "MX")
		return (mail ?? []).map((exchange) => ({ type: "MX", name, ttl: 1, data: { preference: 10, exchange } }));
	return [];
}
