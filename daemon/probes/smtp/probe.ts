/** Talks SMTP: greeting, EHLO, VRFY postmaster. No mail is begun. */
import type { DataOf } from "../../evidence/record.ts";
import { attempt, WrongProtocol } from "../attempt.ts";
import { ask, type NumberedReply, readNumberedReply } from "../numbered-reply.ts";
import type { Connection, Learned, Probe } from "../probe.ts";
import {
	hostnameOf,
	offersStartTls,
	parseExtensions,
	parseMechanisms,
	recogniseSmtp,
	softwareOf,
	verifiesUsers,
} from "./parse.ts";

type Smtp = DataOf<"smtp">;

/** A name that never resolves (RFC 6761): what we call ourselves. */
const ownName = "vedette.invalid";

export const probe: Probe = {
	name: "smtp",
	transport: "tcp",
	ports: [25, 465, 587, 2525],
	speaksFirst: "server",
	recognise: recogniseSmtp,

	async talk(context): Promise<Learned> {
		const connection = await context.dial.connect();
		try {
			const greeting = await readNumberedReply(connection);
			const data = firstLook(greeting, context.tls);
			const complete = greeting.code === 220 && (await attempt(() => converse(connection, data)));
			return [{ kind: "smtp", data, complete }];
		} finally {
			connection.close();
		}
	},

	async startTls(connection): Promise<boolean> {
		const greeting = await readNumberedReply(connection);
		if (greeting.code !== 220) return false;
		await ask(connection, `EHLO ${ownName}`);
		return (await ask(connection, "STARTTLS")).code === 220;
	},

	offersStartTls: (learned) => learned.some((lesson) => lesson.kind === "smtp" && lesson.data.starttls),
};

function firstLook(greeting: NumberedReply, tls: boolean): Smtp {
	return {
		...softwareOf(greeting.raw),
		tls,
		banner: greeting.raw.slice(0, 2_048),
		hostname: hostnameOf(greeting),
		extensions: [],
		starttls: false,
		authMechanisms: [],
		vrfy: false,
	};
}

async function converse(connection: Connection, data: Smtp): Promise<void> {
	const hello = await ask(connection, `EHLO ${ownName}`);
	if (hello.code >= 500) {
		const old = await ask(connection, `HELO ${ownName}`);
		if (old.code >= 500) throw new WrongProtocol("neither EHLO nor HELO");
	}
	data.extensions = parseExtensions(hello);
	data.starttls = offersStartTls(data.extensions);
	if (!data.tls) data.authMechanisms = parseMechanisms(data.extensions);
	data.vrfy = verifiesUsers(await ask(connection, "VRFY postmaster"));
	await connection.write("QUIT\r\n");
}
