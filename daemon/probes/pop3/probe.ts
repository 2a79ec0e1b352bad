/** Talks POP3: greeting, CAPA and, where CAPA leaves it open, whether USER is taken without TLS. No password is sent. */
import type { DataOf } from "../../evidence/record.ts";
import { attempt } from "../attempt.ts";
import type { Connection, Learned, Probe } from "../probe.ts";
import { ProbeFailure } from "../probe.ts";
import { offers, parseCapabilities, parseMechanisms, recognisePop3, softwareOf } from "./parse.ts";

type Pop3 = DataOf<"pop3">;

const maxLineBytes = 4_096;
const maxLines = 128;

export const probe: Probe = {
	name: "pop3",
	transport: "tcp",
	ports: [110, 995],
	speaksFirst: "server",
	recognise: recognisePop3,

	async talk(context): Promise<Learned> {
		const connection = await context.dial.connect();
		try {
			const greeting = await readStatus(connection);
			const data: Pop3 = {
				...softwareOf(greeting),
				tls: context.tls,
				banner: greeting.slice(0, 2_048),
				capabilities: [],
				starttls: false,
				mechanisms: [],
				cleartextLogin: false,
			};
			const complete = greeting.startsWith("+OK") && (await attempt(() => converse(connection, data)));
			return [{ kind: "pop3", data, complete }];
		} finally {
			connection.close();
		}
	},

	async startTls(connection): Promise<boolean> {
		await readStatus(connection);
		await connection.write("STLS\r\n");
		return (await readStatus(connection)).startsWith("+OK");
	},

	offersStartTls: (learned) => learned.some((lesson) => lesson.kind === "pop3" && lesson.data.starttls),
};

async function converse(connection: Connection, data: Pop3): Promise<void> {
	data.capabilities = await askCapabilities(connection);
	data.starttls = offers(data.capabilities, "STLS");
	data.mechanisms = parseMechanisms(data.capabilities);
	const implementation = softwareOf(data.capabilities.find((line) => /^IMPLEMENTATION /i.test(line)) ?? "");
	if (implementation.version !== null || data.product === null) Object.assign(data, implementation);
	if (!data.tls) data.cleartextLogin = offers(data.capabilities, "USER") || (await takesUser(connection));
	await connection.write("QUIT\r\n");
}

/** A name no account has, and no password after it: only whether the server would go on. */
async function takesUser(connection: Connection): Promise<boolean> {
	await connection.write("USER vedette\r\n");
	return (await readStatus(connection)).startsWith("+OK");
}

async function askCapabilities(connection: Connection): Promise<string[]> {
	await connection.write("CAPA\r\n");
	if (!(await readStatus(connection)).startsWith("+OK")) return [];
	const lines: string[] = [];
	for (;;) {
		const line = await connection.readLine(maxLineBytes);
		if (line === ".") return parseCapabilities(lines);
		if (lines.push(line) > maxLines) throw new ProbeFailure("protocol", "a list without an end");
	}
}

async function readStatus(connection: Connection): Promise<string> {
	const line = await connection.readLine(maxLineBytes);
	if (!/^(?:\+OK|-ERR)(?:\s|$)/.test(line)) throw new ProbeFailure("protocol", "no POP3 status line");
	return line;
}
