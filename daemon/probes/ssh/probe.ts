/**
 * Talks to an SSH server up to its host keys: one connection for the identification, the KEXINIT and a first key, one
 * more for each further key type, one after another (sshd counts unauthenticated connections). Never logs in.
 */
import type { DataOf } from "../../evidence/record.ts";
import { type Connection, type Learned, type Probe, type ProbeContext, ProbeFailure } from "../probe.ts";
import {
	chooseHostKeys,
	chooseMethod,
	disconnectPayload,
	exchangeInitPayload,
	gexInitPayload,
	gexRequestPayload,
	type KexMethod,
	kexInitPayload,
	packetOf,
} from "./exchange.ts";
import {
	type HostKey,
	type Identification,
	type KexInit,
	looksLikeSsh,
	maxLineBytes,
	maxPreambleLines,
	messages,
	parseGexGroup,
	parseHostKey,
	parseIdentification,
	parseKexInit,
	parseKexReply,
	parsePacket,
} from "./parse.ts";
import { splitSoftware } from "./software.ts";

const clientIdentification = "SSH-2.0-vedette_0.1\r\n";
/** Packets that say nothing (IGNORE, DEBUG, UNIMPLEMENTED) read past before an answer. */
const maxIdlePackets = 8;

/** No further key after this long: what is known by then must be told before the caller's own deadline. */
const askingMs = 8_000;

type SshData = DataOf<"ssh">;
interface Greeting {
	connection: Connection;
	identification: Identification;
	init: KexInit | null;
}
interface KeyAnswer {
	key: HostKey | null;
	groupBits: number | null;
}

export const probe: Probe = {
	name: "ssh",
	transport: "tcp",
	ports: [22, 2022, 2222, 22022, 22222, 830, 8022],
	speaksFirst: "server",
	recognise: looksLikeSsh,
	talk,
};

async function talk(context: ProbeContext): Promise<Learned> {
	const greeting = await greetAgain(context);
	try {
		const { identification, init } = greeting;
		if (!init) return [{ kind: "ssh", data: dataOf(identification, null, []), complete: isVersionOne(identification) }];
		const { answers, complete } = await gatherKeys(context, greeting.connection, init);
		return [{ kind: "ssh", data: dataOf(identification, init, answers), complete }];
	} finally {
		greeting.connection.close();
	}
}

function isVersionOne(identification: Identification): boolean {
	return identification.protocol.startsWith("1.") && identification.protocol !== "1.99";
}

/** sshd hangs up on some when many are waiting to log in (MaxStartups): worth a second try. */
async function greetAgain(context: ProbeContext): Promise<Greeting> {
	try {
		return await greet(context);
	} catch (err) {
		if (err instanceof ProbeFailure && (err.reason === "closed" || err.reason === "reset")) return greet(context);
		throw err;
	}
}

/** A new connection up to the server's KEXINIT; `init` is null when there is none (SSH-1 only, or cut off). */
async function greet(context: ProbeContext): Promise<Greeting> {
	const connection = await context.dial.connect();
	try {
		const identification = await readIdentification(connection);
		if (isVersionOne(identification)) return { connection, identification, init: null };
		const init = await readKexInit(connection).catch(() => null);
		return { connection, identification, init };
	} catch (err) {
		connection.close();
		throw err;
	}
}

/** A server may send other lines first (RFC 4253 section 4.2). */
async function readIdentification(connection: Connection): Promise<Identification> {
	for (let i = 0; i < maxPreambleLines; i += 1) {
		const found = parseIdentification(await connection.readLine(maxLineBytes));
		if (found) return found;
	}
	throw new ProbeFailure("protocol", "no SSH identification string in the first lines");
}

async function readKexInit(connection: Connection): Promise<KexInit> {
	await connection.write(clientIdentification);
	const init = parseKexInit(await readMessage(connection));
	if (!init) throw new ProbeFailure("protocol", "the first SSH packet is not a readable KEXINIT");
	return init;
}

/**
 * Every host key in turn; one that was not given is asked for once more at the end, then the record is incomplete. A
 * server with no method of ours is not asked: that is no silence of its.
 */
async function gatherKeys(
	context: ProbeContext,
	first: Connection,
	init: KexInit,
): Promise<{ answers: KeyAnswer[]; complete: boolean }> {
	const wanted = chooseMethod(init.kex, false) ? chooseHostKeys(init.hostKeyAlgorithms) : [];
	const queue = wanted.map((algorithm, i) => ({ algorithm, again: false, group: i === wanted.length - 1 }));
	const answers: KeyAnswer[] = [];
	const until = context.now() + askingMs;
	let open: Connection | null = first;
	let missing = 0;
	for (const { algorithm, again, group } of queue) {
		const method = context.now() <= until ? chooseMethod(init.kex, group) : null;
		const answer: KeyAnswer | null = method && (await askKey(context, open, init, method, algorithm));
		open = null;
		if (answer) answers.push(answer);
		if (answer?.key) continue;
		if (again) missing += 1;
		else queue.push({ algorithm, again: true, group: false });
	}
	return { answers, complete: missing === 0 };
}

/** One key over the connection given, or a new one; null when the server did not go along. Always closes it. */
async function askKey(
	context: ProbeContext,
	given: Connection | null,
	init: KexInit,
	method: KexMethod,
	algorithm: string,
): Promise<KeyAnswer | null> {
	let connection = given;
	try {
		if (!connection) {
			const greeting = await greet(context);
			connection = greeting.connection;
			if (!greeting.init) return null;
		}
		return await exchange(connection, init, method, algorithm);
	} catch (err) {
		if (context.signal.aborted) throw err;
		return null;
	} finally {
		connection?.close();
	}
}

async function exchange(
	connection: Connection,
	init: KexInit,
	method: KexMethod,
	algorithm: string,
): Promise<KeyAnswer | null> {
	await connection.write(packetOf(kexInitPayload(init, method.name, algorithm)));
	let groupBits: number | null = null;
	if (method.kind === "gex") {
		await connection.write(packetOf(gexRequestPayload()));
		groupBits = parseGexGroup(await readMessage(connection))?.bits ?? null;
		if (groupBits === null) return null;
		await connection.write(packetOf(gexInitPayload(groupBits)));
	} else {
		await connection.write(packetOf(exchangeInitPayload(method.publicValue())));
	}
	const reply = method.kind === "gex" ? messages.gexReply : messages.kexdhReply;
	const blob = parseKexReply(await readMessage(connection), reply);
	await connection.write(packetOf(disconnectPayload())).catch(() => undefined);
	const key = blob && parseHostKey(blob);
	return key || groupBits !== null ? { key, groupBits } : null;
}

/** The payload of the next packet that says something. */
async function readMessage(connection: Connection): Promise<Buffer> {
	for (let i = 0; i < maxIdlePackets; i += 1) {
		const payload = await readPacket(connection);
		const type = payload[0];
		if (type === messages.disconnect) throw new ProbeFailure("closed", "the SSH server disconnected");
		if (type !== messages.ignore && type !== messages.debug && type !== messages.unimplemented) return payload;
	}
	throw new ProbeFailure("protocol", "the SSH server sends packets but no answer");
}

async function readPacket(connection: Connection): Promise<Buffer> {
	const head = await connection.readExactly(5);
	const expected = parsePacket(head);
	if (expected.kind === "packet") return expected.payload;
	if (expected.kind === "bad") throw new ProbeFailure("protocol", "not an SSH packet");
	const whole = parsePacket(Buffer.concat([head, await connection.readExactly(expected.size - head.length)]));
	if (whole.kind !== "packet") throw new ProbeFailure("protocol", "not an SSH packet");
	return whole.payload;
}

function dataOf(identification: Identification, init: KexInit | null, answers: readonly KeyAnswer[]): SshData {
	const hostKeys = answers.flatMap(({ key }) => (key ? [key] : []));
	return {
		...splitSoftware(identification.software),
		banner: identification.banner,
		protocol: identification.protocol,
		kex: init?.kex ?? [],
		hostKeyAlgorithms: init?.hostKeyAlgorithms ?? [],
		ciphers: init?.ciphers ?? [],
		macs: init?.macs ?? [],
		compression: init?.compression ?? [],
		strictKex: init?.strictKex ?? false,
		hostKeys: hostKeys.filter((key, i) => hostKeys.findIndex((k) => k.fingerprint === key.fingerprint) === i),
		dhGroupBits: answers.find(({ groupBits }) => groupBits !== null)?.groupBits ?? null,
	};
}
