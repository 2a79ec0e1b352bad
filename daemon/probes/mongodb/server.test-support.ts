/** For tests only: a MongoDB server that answers commands, written from the wire protocol's and BSON's specifications. */
import { type FakeServer, serve } from "../loopback.test-support.ts";
import { type BsonDocument, decodeBson } from "./bson.ts";

export type Plain = null | boolean | number | string | bigint | readonly Plain[] | { readonly [name: string]: Plain };

/** Writes any plain value; whole numbers become int32, others doubles. */
export function bson(document: { readonly [name: string]: Plain }): Buffer {
	const body = Buffer.concat(Object.entries(document).map(([name, value]) => element(name, value)));
	return Buffer.concat([int32(body.length + 5), body, Buffer.of(0)]);
}

function element(name: string, value: Plain): Buffer {
	const key = Buffer.from(`${name}\0`);
	const write = (type: number, ...parts: Buffer[]) => Buffer.concat([Buffer.of(type), key, ...parts]);
	if (value === null) return write(10);
	if (typeof value === "boolean") return write(8, Buffer.of(Number(value)));
	if (typeof value === "string") {
		const text = Buffer.from(`${value}\0`);
		return write(2, int32(text.length), text);
	}
	if (typeof value === "bigint") {
		const bytes = Buffer.alloc(8);
		bytes.writeBigInt64LE(value);
		return write(18, bytes);
	}
	if (typeof value === "number" && Number.isInteger(value)) return write(16, int32(value));
	if (typeof value === "number") {
		const bytes = Buffer.alloc(8);
		bytes.writeDoubleLE(value);
		return write(1, bytes);
	}
	if (Array.isArray(value)) return write(4, bson(Object.fromEntries(value.entries())));
	return write(3, bson(value as { readonly [name: string]: Plain }));
}

function int32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeInt32LE(value);
	return bytes;
}

/** OP_REPLY for what came as OP_QUERY, OP_MSG for what came as OP_MSG. */
export function answerTo(request: Buffer, document: Buffer): Buffer {
	const isQuery = request.readInt32LE(12) === 2004;
	const body = isQuery
		? Buffer.concat([Buffer.alloc(16), int32(1), document])
		: Buffer.concat([Buffer.alloc(4), Buffer.of(0), document]);
	const head = Buffer.concat([int32(16 + body.length), int32(7), request.subarray(4, 8), int32(isQuery ? 1 : 2013)]);
	return Buffer.concat([head, body]);
}

export function commandOf(request: Buffer): BsonDocument {
	const at = request.readInt32LE(12) === 2004 ? 16 + 4 + "admin.$cmd\0".length + 8 : 16 + 5;
	return decodeBson(request.subarray(at)) ?? {};
}

/** Answers each command by its name; null hangs up. One request comes in one piece: they are small. */
export function serveMongo(
	answers: Readonly<Record<string, { readonly [name: string]: Plain } | null>>,
): Promise<FakeServer> {
	return serve({
		onData: (socket, request) => {
			const [name = ""] = Object.keys(commandOf(request));
			const answer = answers[name];
			if (answer === null) socket.end();
			else socket.write(answerTo(request, bson(answer ?? { ok: 0, errmsg: `no such command: '${name}'`, code: 59 })));
		},
	});
}
