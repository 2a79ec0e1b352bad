/**
 * Talks FTP: greeting, features, system, and the one login ever tried, anonymous. Lists the names in the anonymous root;
 * nothing is fetched or stored.
 */
import type { DataOf } from "../../evidence/record.ts";
import { attempt, WrongProtocol } from "../attempt.ts";
import { ask, type NumberedReply, readNumberedReply } from "../numbered-reply.ts";
import type { Connection, Learned, Probe, ProbeContext } from "../probe.ts";
import { ProbeFailure } from "../probe.ts";
import {
	isDataPort,
	offersAuthTls,
	parseFeatures,
	parseNames,
	parsePassivePort,
	recogniseFtp,
	refusesCleartext,
	softwareOf,
} from "./parse.ts";

type Ftp = DataOf<"ftp">;

/** A name no account has; sent without a password, only to see whether USER needs TLS first. */
const stranger = "vedette";
const maxListingBytes = 65_536;

export const probe: Probe = {
	name: "ftp",
	transport: "tcp",
	ports: [21, 990, 2121],
	speaksFirst: "server",
	recognise: recogniseFtp,

	async talk(context): Promise<Learned> {
		const connection = await context.dial.connect();
		try {
			const greeting = await readNumberedReply(connection);
			const data = firstLook(greeting, context.tls);
			const complete = greeting.code === 220 && (await attempt(() => converse(connection, context, data)));
			return [{ kind: "ftp", data, complete }];
		} finally {
			connection.close();
		}
	},

	async startTls(connection): Promise<boolean> {
		const greeting = await readNumberedReply(connection);
		return greeting.code === 220 && (await ask(connection, "AUTH TLS")).code === 234;
	},

	offersStartTls: (learned) => learned.some((lesson) => lesson.kind === "ftp" && lesson.data.authTls),
};

function firstLook(greeting: NumberedReply, tls: boolean): Ftp {
	return {
		...softwareOf(greeting.raw),
		tls,
		banner: greeting.raw.slice(0, 2_048),
		anonymous: null,
		entries: [],
		authTls: false,
		cleartextLogin: false,
		features: [],
		system: null,
	};
}

async function converse(connection: Connection, context: ProbeContext, data: Ftp): Promise<void> {
	const features = await ask(connection, "FEAT");
	data.features = parseFeatures(features);
	const system = await ask(connection, "SYST");
	if (system.code === 215) data.system = system.lines.join(" ").slice(0, 200);
	data.authTls = offersAuthTls(data.features);
	if (!data.authTls && features.code !== 211 && !context.tls) data.authTls = await tryAuthTls(context);

	const anonymous = await ask(connection, "USER anonymous");
	if ([features, system, anonymous].every(isUnknownCommand)) throw new WrongProtocol("no FTP command is known here");
	const login = anonymous.code === 331 ? await ask(connection, "PASS anonymous@vedette.invalid") : anonymous;
	// 421 is "come back later"; 500 after PASS is a server that broke down half-way (vsftpd's OOPS).
	if (login.code === 421 || login.code === 500) throw new ProbeFailure("closed", "the login was not answered");
	data.anonymous = login.code === 230;
	if (data.anonymous) await lookAround(connection, context, data);
	await connection.write("QUIT\r\n");
	if (!context.tls) data.cleartextLogin = await takesUser(context, isAccepted(anonymous));
}

/** What only a login shows: the system, when it was kept back, and the first names. */
async function lookAround(connection: Connection, context: ProbeContext, data: Ftp): Promise<void> {
	if (data.system === null) {
		const system = await ask(connection, "SYST");
		if (system.code === 215) data.system = system.lines.join(" ").slice(0, 200);
	}
	// The listing is a bonus: behind a firewall the data channel often stays shut, and that is no gap in the evidence.
	await attempt(async () => {
		data.entries = parseNames(await listNames(connection, context));
	});
}

async function listNames(connection: Connection, context: ProbeContext): Promise<Buffer> {
	if (context.tls && !(await asksForClearData(connection))) return Buffer.alloc(0);
	let port = parsePassivePort(await ask(connection, "EPSV"));
	port ??= parsePassivePort(await ask(connection, "PASV"));
	if (port === null || !isDataPort(port) || context.dial.connectPort === undefined) return Buffer.alloc(0);
	const channel = await context.dial.connectPort(port);
	try {
		const started = await ask(connection, "NLST");
		if (started.code >= 400) return Buffer.alloc(0);
		return await readToEnd(channel);
	} finally {
		channel.close();
	}
}

async function asksForClearData(connection: Connection): Promise<boolean> {
	await ask(connection, "PBSZ 0");
	return (await ask(connection, "PROT C")).code === 200;
}

async function readToEnd(channel: Connection): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	while (size < maxListingBytes) {
		const chunk = await channel.read();
		if (chunk === null) break;
		chunks.push(chunk);
		size += chunk.length;
	}
	return Buffer.concat(chunks, Math.min(size, maxListingBytes));
}

/** Asked on a connection of its own: after a yes the server waits for a ClientHello. */
function tryAuthTls(context: ProbeContext): Promise<boolean> {
	return askApart(context, async (connection) => (await ask(connection, "AUTH TLS")).code === 234);
}

/**
 * Does USER go through without TLS? Asked on a connection of its own: vsftpd hangs up after a no. Where only anonymous
 * may log in, it is the anonymous answer that counts.
 */
function takesUser(context: ProbeContext, anonymousAccepted: boolean): Promise<boolean> {
	return askApart(context, async (connection) => {
		const reply = await ask(connection, `USER ${stranger}`);
		return isAccepted(reply) || (anonymousAccepted && !refusesCleartext(reply));
	});
}

async function askApart(
	context: ProbeContext,
	question: (connection: Connection) => Promise<boolean>,
): Promise<boolean> {
	const connection = await context.dial.connect();
	try {
		await readNumberedReply(connection);
		return await question(connection);
	} finally {
		connection.close();
	}
}

function isAccepted(reply: NumberedReply): boolean {
	return [230, 331, 332].includes(reply.code);
}

function isUnknownCommand(reply: NumberedReply): boolean {
	return [500, 501, 502, 503].includes(reply.code);
}
