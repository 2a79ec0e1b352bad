/** Talks LDAP: anonymous bind, the root DSE, and one search for one entry. Nothing else is bound and nothing written. */
import type { DataOf } from "../../evidence/record.ts";
import { attempt } from "../attempt.ts";
import type { Connection, Learned, Probe, ProbeContext } from "../probe.ts";
import { ProbeFailure } from "../probe.ts";
import { readHeader, tag } from "./ber.ts";
import {
	anonymousBind,
	type Message,
	maxMessageBytes,
	oneEntrySearch,
	operation,
	parseAttributes,
	parseMessage,
	recogniseLdap,
	resultCode,
	rootDseSearch,
	softwareOf,
	startTlsOid,
	startTlsRequest,
} from "./parse.ts";

type Ldap = DataOf<"ldap">;

const maxMessages = 32;

export const probe: Probe = {
	name: "ldap",
	transport: "tcp",
	ports: [389, 636, 3268, 3269],
	speaksFirst: "client",
	hello: () => anonymousBind(1),
	recognise: recogniseLdap,

	async talk(context): Promise<Learned> {
		const connection = await context.dial.connect();
		try {
			await connection.write(anonymousBind(1));
			const bind = await readMessage(connection);
			if (bind.operation !== operation.bind) throw new ProbeFailure("protocol", "no answer to a bind");
			const data: Ldap = {
				product: null,
				version: null,
				info: null,
				tls: context.tls,
				anonymousBind: resultCode(bind) === 0,
				anonymousSearch: false,
				namingContexts: [],
				versions: [],
				mechanisms: [],
				starttls: false,
			};
			const complete = await attempt(() => look(connection, context, data));
			return [{ kind: "ldap", data, complete }];
		} finally {
			connection.close();
		}
	},

	startTls: (connection) => upgrade(connection),

	offersStartTls: (learned) => learned.some((lesson) => lesson.kind === "ldap" && lesson.data.starttls),
};

async function look(connection: Connection, context: ProbeContext, data: Ldap): Promise<void> {
	await connection.write(rootDseSearch(2));
	const [entry] = await readEntries(connection, 2);
	if (entry === undefined) {
		data.starttls = !context.tls && (await asksForTls(context));
		return;
	}
	const root = parseAttributes(entry);
	Object.assign(data, softwareOf(root));
	data.namingContexts = [...(root.get("namingcontexts") ?? [])];
	data.versions = [...(root.get("supportedldapversion") ?? [])];
	data.mechanisms = [...(root.get("supportedsaslmechanisms") ?? [])];
	data.starttls = root.get("supportedextension")?.includes(startTlsOid) ?? false;
	const base = root.get("defaultnamingcontext")?.[0] ?? data.namingContexts.find((name) => name !== "");
	if (base === undefined) return;
	await connection.write(oneEntrySearch(3, base));
	data.anonymousSearch = (await readEntries(connection, 3)).length > 0;
}

/** A server that shows its root DSE to nobody may still offer TLS; asked apart, for after a yes comes a ClientHello. */
async function asksForTls(context: ProbeContext): Promise<boolean> {
	const connection = await context.dial.connect();
	try {
		return await upgrade(connection);
	} finally {
		connection.close();
	}
}

async function upgrade(connection: Connection): Promise<boolean> {
	await connection.write(startTlsRequest(1));
	const answer = await readMessage(connection);
	return answer.operation === operation.extended && resultCode(answer) === 0;
}

/** The entries of a search's answer, up to its end; the size limit asked for is one. */
async function readEntries(connection: Connection, id: number): Promise<Message[]> {
	const entries: Message[] = [];
	for (let count = 0; count < maxMessages; count++) {
		const message = await readMessage(connection);
		if (message.id !== id) throw new ProbeFailure("protocol", "an answer to nothing asked");
		if (message.operation === operation.done) return entries;
		if (message.operation === operation.entry) entries.push(message);
	}
	throw new ProbeFailure("protocol", "a search without an end");
}

async function readMessage(connection: Connection): Promise<Message> {
	let head = await connection.readExactly(2);
	if (head[0] !== tag.sequence) throw new ProbeFailure("protocol", "no LDAP message");
	let header = readHeader(head);
	if (header === undefined) {
		head = Buffer.concat([head, await connection.readExactly((head[1] ?? 0) & 0x7f)]);
		header = readHeader(head);
	}
	if (!header || header.length > maxMessageBytes) throw new ProbeFailure("protocol", "no LDAP message");
	const message = parseMessage(Buffer.concat([head, await connection.readExactly(header.length)]));
	if (message === null) throw new ProbeFailure("protocol", "no LDAP message");
	return message;
}
