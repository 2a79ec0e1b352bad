/** Talks IMAP: greeting, CAPABILITY, ID where it is offered. Nothing is logged in. */
import type { DataOf } from "../../evidence/record.ts";
import { attempt } from "../attempt.ts";
import type { Connection, Learned, Probe } from "../probe.ts";
import { ProbeFailure } from "../probe.ts";
import { offers, parseCapabilities, parseId, parseMechanisms, recogniseImap, softwareOf } from "./parse.ts";

type Imap = DataOf<"imap">;

const maxLineBytes = 8_192;
const maxLines = 64;

export const probe: Probe = {
	name: "imap",
	transport: "tcp",
	ports: [143, 993],
	speaksFirst: "server",
	recognise: recogniseImap,

	async talk(context): Promise<Learned> {
		const connection = await context.dial.connect();
		try {
			const greeting = await readGreeting(connection);
			const data: Imap = {
				...softwareOf(greeting),
				tls: context.tls,
				banner: greeting.slice(0, 2_048),
				capabilities: parseCapabilities(greeting) ?? [],
				starttls: false,
				mechanisms: [],
				cleartextLogin: false,
			};
			const complete = !greeting.startsWith("* BYE") && (await attempt(() => converse(connection, data)));
			return [{ kind: "imap", data, complete }];
		} finally {
			connection.close();
		}
	},

	async startTls(connection): Promise<boolean> {
		await readGreeting(connection);
		return (await ask(connection, "v1", "STARTTLS")).status === "OK";
	},

	offersStartTls: (learned) => learned.some((lesson) => lesson.kind === "imap" && lesson.data.starttls),
};

async function converse(connection: Connection, data: Imap): Promise<void> {
	const answer = await ask(connection, "v1", "CAPABILITY");
	const told = answer.untagged.map(parseCapabilities).find((words) => words !== null);
	if (told) data.capabilities = told;
	data.starttls = offers(data.capabilities, "STARTTLS");
	data.mechanisms = parseMechanisms(data.capabilities);
	data.cleartextLogin = !data.tls && !offers(data.capabilities, "LOGINDISABLED");
	if (offers(data.capabilities, "ID")) {
		const id = (await ask(connection, "v2", "ID NIL")).untagged.map(parseId).find((found) => found.product !== null);
		if (id && (data.product === null || id.version !== null)) Object.assign(data, id);
	}
	await connection.write("v3 LOGOUT\r\n");
}

/** Sends a tagged command; its status and the untagged lines before it. */
async function ask(
	connection: Connection,
	tag: string,
	command: string,
): Promise<{ status: string; untagged: readonly string[] }> {
	await connection.write(`${tag} ${command}\r\n`);
	const untagged: string[] = [];
	while (untagged.length < maxLines) {
		const line = await connection.readLine(maxLineBytes);
		if (line.startsWith(`${tag} `)) return { status: line.split(" ")[1]?.toUpperCase() ?? "", untagged };
		untagged.push(line);
	}
	throw new ProbeFailure("protocol", "an answer without an end");
}

async function readGreeting(connection: Connection): Promise<string> {
	const line = await connection.readLine(maxLineBytes);
	if (!/^\* (?:OK|PREAUTH|BYE)\b/.test(line)) throw new ProbeFailure("protocol", "no IMAP greeting");
	return line;
}
