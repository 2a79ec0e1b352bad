import fc from "fast-check";
import { expect, it } from "vitest";
import { hostileBytes } from "../hostile.test-support.ts";
import { decodeBson, encodeBson } from "./bson.ts";
import {
	isOk,
	isUnauthorised,
	message,
	parseAnswer,
	parseDatabases,
	query,
	recogniseMongodb,
	replicaSetOf,
	softwareOf,
	wireVersionOf,
} from "./parse.ts";
import { answerTo, bson, commandOf } from "./server.test-support.ts";

const hello = answerTo(
	query(1, { isMaster: 1 }),
	bson({ ismaster: true, maxWireVersion: 21, setName: "rs0", ok: 1.5 - 0.5 }),
);
const listing = answerTo(
	message(3, { listDatabases: 1 }),
	bson({ databases: [{ name: "admin", sizeOnDisk: 40960n }], ok: 1 }),
);

it("writes commands a server can read", () => {
	expect({ ...commandOf(message(2, { listDatabases: 1, nameOnly: true })) }).toEqual({
		listDatabases: 1,
		nameOnly: true,
		$db: "admin",
	});
	expect({ ...commandOf(query(1, { isMaster: 1 })) }).toEqual({ isMaster: 1 });
});

it("reads both kinds of answer", () => {
	const first = parseAnswer(hello)!;
	expect([isOk(first), wireVersionOf(first), replicaSetOf(first)]).toEqual([true, 21, "rs0"]);
	expect(parseDatabases(parseAnswer(listing)!)).toEqual(["admin"]);
	expect(parseAnswer(listing.subarray(0, -1))).toBeNull();
});

it("names the software and its modules", () => {
	const read = (document: Parameters<typeof bson>[0]) => softwareOf(decodeBson(bson(document))!);
	expect(read({ version: "6.0.14", modules: ["enterprise"], ok: 1 })).toEqual({
		product: "MongoDB",
		version: "6.0.14",
		info: "enterprise",
	});
	expect(read({ version: "7.0.77", ferretdb: { version: "v1.24.0" }, ok: 1 })).toEqual({
		product: "FerretDB",
		version: "1.24.0",
		info: "MongoDB 7.0.77",
	});
	expect(read({ ok: 0 }).product).toBeNull();
});

it("tells a wanted login from any other refusal", () => {
	const read = (document: Parameters<typeof bson>[0]) => isUnauthorised(decodeBson(bson(document))!);
	expect(read({ ok: 0, code: 13, errmsg: "command listDatabases requires authentication" })).toBe(true);
	expect(read({ ok: 0, errmsg: "not authorized on admin to execute command" })).toBe(true);
	expect(read({ ok: 0, code: 13435, errmsg: "not primary and secondaryOk=false" })).toBe(false);
	expect(read({ ok: 1 })).toBe(false);
});

it("knows MongoDB by either answer and by its sentence to browsers", () => {
	expect(recogniseMongodb(hello)).toBe(1);
	expect(recogniseMongodb(listing.subarray(0, 40))).toBeLessThan(1);
	const sentence = "It looks like you are trying to access MongoDB over HTTP on the native driver port.";
	expect(recogniseMongodb(Buffer.from(`HTTP/1.0 200 OK\r\nContent-Length: 85\r\n\r\n${sentence}\r\n`))).toBe(1);
	expect(recogniseMongodb(Buffer.from("HTTP/1.0 200 OK\r\n\r\n"))).toBe(0);
});

it("keeps a field called __proto__ a field, and refuses what is too deep", () => {
	const tricky = Buffer.concat([Buffer.of(0x10), Buffer.from("__proto__\0"), Buffer.of(1, 0, 0, 0)]);
	const document = Buffer.concat([Buffer.of(tricky.length + 5, 0, 0, 0), tricky, Buffer.of(0)]);
	expect(Object.keys(decodeBson(document)!)).toEqual(["__proto__"]);
	let deep = encodeBson({ x: 1 });
	for (let level = 0; level < 40; level++) {
		const body = Buffer.concat([Buffer.of(3), Buffer.from("x\0"), deep]);
		const size = Buffer.alloc(4);
		size.writeInt32LE(body.length + 5);
		deep = Buffer.concat([size, body, Buffer.of(0)]);
	}
	expect(decodeBson(deep)).toBeNull();
});

it("reads back whatever is written", () => {
	const value = fc.oneof(
		fc.boolean(),
		fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
		fc.string({ unit: "grapheme" }),
	);
	const name = fc.stringMatching(/^[a-zA-Z$]{1,12}$/);
	fc.assert(
		fc.property(fc.dictionary(name, value), (document) => {
			expect({ ...decodeBson(encodeBson(document)) }).toEqual({ ...document });
		}),
		{ numRuns: 500 },
	);
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes([hello, listing]), (bytes) => {
			const confidence = recogniseMongodb(bytes);
			expect(confidence >= 0 && confidence <= 1).toBe(true);
			for (const document of [parseAnswer(bytes), decodeBson(bytes), decodeBson(bytes.subarray(16))]) {
				if (document === null) continue;
				softwareOf(document);
				isUnauthorised(document);
				wireVersionOf(document);
				expect(parseDatabases(document).length).toBeLessThanOrEqual(20);
			}
		}),
		{ numRuns: 6_000 },
	);
});
