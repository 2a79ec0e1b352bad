/** MongoDB's wire messages and what the answers to hello, buildInfo and listDatabases say. Pure and total over any bytes. */
import type { Software } from "../software.ts";
import { type BsonDocument, decodeBson, encodeBson } from "./bson.ts";

const opcode = { reply: 1, query: 2004, message: 2013 } as const;
const headerBytes = 16;
/** Longest message believed in. */
export const maxMessageBytes = 1024 * 1024;

type Command = Readonly<Record<string, string | boolean | number>>;

/** OP_MSG with one body section; `$db` is admin. */
export function message(requestId: number, command: Command): Buffer {
	return frame(requestId, opcode.message, Buffer.concat([Buffer.alloc(5), encodeBson({ ...command, $db: "admin" })]));
}

/** OP_QUERY on admin.$cmd: since 5.1 only for isMaster and hello, but what every release from 2.0 on answers. */
export function query(requestId: number, command: Command): Buffer {
	const head = Buffer.concat([
		Buffer.alloc(4),
		Buffer.from("admin.$cmd\0"),
		Buffer.alloc(4),
		Buffer.from([1, 0, 0, 0]),
	]);
	return frame(requestId, opcode.query, Buffer.concat([head, encodeBson(command)]));
}

function frame(requestId: number, code: number, body: Buffer): Buffer {
	const head = Buffer.alloc(headerBytes);
	head.writeInt32LE(headerBytes + body.length, 0);
	head.writeInt32LE(requestId, 4);
	head.writeInt32LE(code, 12);
	return Buffer.concat([head, body]);
}

/** Whole length of the message these first bytes begin; null when no MongoDB server answers like that. */
export function messageLength(head: Buffer): number | null {
	if (head.length < headerBytes) return null;
	const length = head.readInt32LE(0);
	const code = head.readInt32LE(12);
	if (code !== opcode.reply && code !== opcode.message) return null;
	return length > headerBytes && length <= maxMessageBytes ? length : null;
}

/** The document an OP_REPLY or an OP_MSG with a body section carries; null when it carries none. */
export function parseAnswer(bytes: Buffer): BsonDocument | null {
	const length = messageLength(bytes);
	if (length === null || bytes.length < length) return null;
	if (bytes.readInt32LE(12) === opcode.reply) return decodeBson(bytes.subarray(headerBytes + 20, length));
	if (length < headerBytes + 5 || bytes[headerBytes + 4] !== 0) return null;
	return decodeBson(bytes.subarray(headerBytes + 5, length));
}

/** Did the command succeed? */
export function isOk(answer: BsonDocument): boolean {
	return Number(answer.ok) === 1;
}

/** Was it refused for want of a login? Unauthorized is 13, AuthenticationFailed 18. */
export function isUnauthorised(answer: BsonDocument): boolean {
	if (isOk(answer)) return false;
	const text = typeof answer.errmsg === "string" ? answer.errmsg : "";
	return [13, 18, 8000].includes(Number(answer.code)) || /auth|unauthorized|not allowed/i.test(text);
}

export function wireVersionOf(hello: BsonDocument): number | null {
	const version = Number(hello.maxWireVersion ?? Number.NaN);
	return Number.isSafeInteger(version) ? version : null;
}

export function replicaSetOf(hello: BsonDocument): string | null {
	return typeof hello.setName === "string" ? hello.setName.slice(0, 200) : null;
}

/** Product and version of a buildInfo answer. FerretDB speaks the same protocol and says so. */
export function softwareOf(buildInfo: BsonDocument): Software {
	const version = typeof buildInfo.version === "string" ? buildInfo.version.slice(0, 100) : null;
	if (version === null) return { product: null, version: null, info: null };
	const ferret = nested(buildInfo.ferretdb);
	if (ferret !== null) {
		const own = typeof ferret.version === "string" ? ferret.version.replace(/^v/, "").slice(0, 100) : null;
		return { product: "FerretDB", version: own, info: `MongoDB ${version}` };
	}
	const modules = Array.isArray(buildInfo.modules) ? buildInfo.modules.filter((name) => typeof name === "string") : [];
	return { product: "MongoDB", version, info: modules.join(" ").slice(0, 100) || null };
}

/** Names of a listDatabases answer, 20 at most. */
export function parseDatabases(answer: BsonDocument): string[] {
	const list = Array.isArray(answer.databases) ? answer.databases : [];
	const names = list.map((entry) => nested(entry)?.name).filter((name) => typeof name === "string");
	return names.slice(0, 20).map((name) => name.slice(0, 200));
}

function nested(value: unknown): BsonDocument | null {
	const isDocument = typeof value === "object" && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
	return isDocument ? (value as BsonDocument) : null;
}

/** How sure an answer to isMaster is MongoDB's; to an HTTP request it answers with a sentence of its own. */
export function recogniseMongodb(bytes: Buffer): number {
	if (bytes.toString("latin1", 0, 500).includes("trying to access MongoDB over HTTP on the native driver port"))
		return 1;
	const length = messageLength(bytes);
	if (length === null) return 0;
	if (bytes.length < length) return 0.7;
	const answer = parseAnswer(bytes);
	return answer !== null && "ok" in answer ? 1 : 0.4;
}
