/** Talks MongoDB: isMaster, buildInfo and listDatabases (names only). No login is tried, no document is read. */
import type { DataOf } from "../../evidence/record.ts";
import { attempt } from "../attempt.ts";
import type { Connection, Learned, Probe } from "../probe.ts";
import { ProbeFailure } from "../probe.ts";
import type { BsonDocument } from "./bson.ts";
import {
	isOk,
	isUnauthorised,
	message,
	messageLength,
	parseAnswer,
	parseDatabases,
	query,
	recogniseMongodb,
	replicaSetOf,
	softwareOf,
	wireVersionOf,
} from "./parse.ts";

type Mongodb = DataOf<"mongodb">;

/** The first wire version with OP_MSG (MongoDB 3.6). */
const messagesFrom = 6;

export const probe: Probe = {
	name: "mongodb",
	transport: "tcp",
	ports: [27017, 27018, 27019],
	speaksFirst: "client",
	hello: () => query(1, { isMaster: 1 }),
	recognise: recogniseMongodb,

	async talk(context): Promise<Learned> {
		const connection = await context.dial.connect();
		try {
			const hello = await ask(connection, query(1, { isMaster: 1 }));
			if (!("ok" in hello)) throw new ProbeFailure("protocol", "no MongoDB answer");
			const data: Mongodb = {
				product: null,
				version: null,
				info: null,
				authenticationRequired: true,
				databases: [],
				maxWireVersion: wireVersionOf(hello),
				replicaSet: replicaSetOf(hello),
			};
			const complete = await attempt(() => converse(connection, data));
			return [{ kind: "mongodb", data, complete }];
		} finally {
			connection.close();
		}
	},
};

async function converse(connection: Connection, data: Mongodb): Promise<void> {
	const command = (data.maxWireVersion ?? 0) >= messagesFrom ? message : query;
	Object.assign(data, softwareOf(await ask(connection, command(2, { buildInfo: 1 }))));
	const listing = await ask(connection, command(3, { listDatabases: 1, nameOnly: true }));
	// A secondary or an arbiter refuses for reasons of its own, which say nothing about logins.
	if (!isOk(listing) && !isUnauthorised(listing)) throw new ProbeFailure("protocol", "listDatabases was not answered");
	data.authenticationRequired = !isOk(listing);
	data.databases = parseDatabases(listing);
}

async function ask(connection: Connection, request: Buffer): Promise<BsonDocument> {
	await connection.write(request);
	const head = await connection.readExactly(16);
	const length = messageLength(head);
	if (length === null) throw new ProbeFailure("protocol", "no MongoDB message");
	const answer = parseAnswer(Buffer.concat([head, await connection.readExactly(length - head.length)]));
	if (answer === null) throw new ProbeFailure("protocol", "no document in the answer");
	return answer;
}
