/**
 * Talks PostgreSQL: SSLRequest, then a start-up message for user postgres in the clear. No password is ever sent; a
 * server that asks for none is left at once.
 */
import type { DataOf } from "../../evidence/record.ts";
import { attempt } from "../attempt.ts";
import type { Connection, Learned, Probe, ProbeContext } from "../probe.ts";
import { ProbeFailure } from "../probe.ts";
import {
	bodyLength,
	type Message,
	parseAuthentication,
	parseErrorFields,
	parseParameter,
	productOfError,
	recognisePostgresql,
	refusesCleartext,
	splitServerVersion,
	sslRequest,
	startupMessage,
	terminate,
} from "./parse.ts";

type Postgresql = DataOf<"postgresql">;

const maxMessages = 64;

export const probe: Probe = {
	name: "postgresql",
	transport: "tcp",
	ports: [5432, 5433, 6432],
	speaksFirst: "client",
	hello: sslRequest,
	recognise: recognisePostgresql,

	async talk(context): Promise<Learned> {
		const data: Postgresql = {
			product: null,
			version: null,
			info: null,
			// From PostgreSQL 17 a port may speak TLS from the first byte; then nothing is asked in the clear.
			tlsOffered: context.tls || (await asksForTls(context)),
			cleartextAccepted: false,
			authentication: null,
			error: null,
		};
		const complete = await attempt(() => startUp(context, data));
		return [{ kind: "postgresql", data, complete }];
	},

	startTls: (connection) => upgrade(connection),
	offersStartTls: (learned) => learned.some((lesson) => lesson.kind === "postgresql" && lesson.data.tlsOffered),
};

async function asksForTls(context: ProbeContext): Promise<boolean> {
	const connection = await context.dial.connect();
	try {
		return await upgrade(connection);
	} finally {
		connection.close();
	}
}

/** Servers before 7.0 and some pools answer an SSLRequest with an error message; that is a no. */
async function upgrade(connection: Connection): Promise<boolean> {
	await connection.write(sslRequest());
	const answer = (await connection.readExactly(1)).toString("latin1");
	if (!/^[SNE]$/.test(answer)) throw new ProbeFailure("protocol", "no answer to SSLRequest");
	return answer === "S";
}

async function startUp(context: ProbeContext, data: Postgresql): Promise<void> {
	const connection = await context.dial.connect();
	try {
		await connection.write(startupMessage("postgres", "postgres"));
		for (let count = 0; count < maxMessages; count++) {
			const message = await readMessage(connection);
			if (message.type === "E") return takeError(data, message.body, context.tls);
			if (message.type === "Z") break;
			if (message.type === "S") takeParameter(data, message.body);
			if (message.type !== "R") continue;
			data.authentication = parseAuthentication(message.body);
			data.cleartextAccepted = !context.tls;
			data.product ??= "PostgreSQL";
			if (data.authentication !== "trust") return;
		}
		await connection.write(terminate());
	} finally {
		connection.close();
	}
}

function takeError(data: Postgresql, body: Buffer, tls: boolean): void {
	const error = parseErrorFields(body);
	data.error = error.get("M") ?? null;
	data.product = productOfError(error) ?? data.product;
	// An error after "trust" (no such database) does not undo that nothing was asked for.
	data.authentication ??= "rejected";
	data.cleartextAccepted = !tls && !refusesCleartext(error);
}

function takeParameter(data: Postgresql, body: Buffer): void {
	const parameter = parseParameter(body);
	if (parameter?.[0] === "server_version") Object.assign(data, splitServerVersion(parameter[1]));
}

async function readMessage(connection: Connection): Promise<Message> {
	const header = await connection.readExactly(5);
	const length = bodyLength(header);
	if (length === null) throw new ProbeFailure("protocol", "no PostgreSQL message");
	return { type: header.toString("latin1", 0, 1), body: await connection.readExactly(length) };
}
