/**
 * A login by SSH, through any number of jump hosts. Every host proves its key before anything secret is sent to it, also
 * behind a jump; every command ends at its time and its size.
 */
import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import type { AnyAuthMethod, Client, ConnectConfig, utils } from "ssh2";
import { readCertificate } from "../credentials/certificate.ts";
import type { Proof } from "../credentials/proof.ts";
import { certifiedKey } from "./certified-key.ts";
import { type CommandOptions, type CommandOutcome, run } from "./command.ts";
import { LoginFailure } from "./failure.ts";
import type { HostKeyJudgement } from "./known-hosts.ts";
import { closedEarly, failureOf, refused, untrusted } from "./refusals.ts";

export interface HostKey {
	/** `ssh-ed25519`, … */
	readonly type: string;
	readonly blob: Uint8Array;
	/** As ssh-keygen prints it: `SHA256:…`. */
	readonly fingerprint: string;
}

export interface Hop {
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly proofs: readonly Proof[];
	/** Types of key the host is known by: asked for first, so that what it shows can be compared. */
	readonly knownTypes: readonly string[];
	/** What is to be thought of the key it shows. Only `known` lets the login go on. */
	judge(key: HostKey): HostKeyJudgement;
}

export interface SessionOptions {
	readonly signal: AbortSignal;
	/** For each host on the way, from the first packet to being logged in. Milliseconds. */
	readonly timeoutMs: number;
	/** Told as each host is passed. */
	readonly onPassed?: (hop: number, how: { key: HostKey; proof: Proof["kind"] }) => void;
}

export interface Session {
	/** The hosts' keys, in the order of the hops. */
	readonly keys: readonly HostKey[];
	/** Rejects only when the channel cannot be opened. */
	run(command: string, options: CommandOptions): Promise<CommandOutcome>;
	close(): void;
}

/** What this program calls itself to the server (RFC 4253 4.2). */
const ident = "Vedette";

/** Rejects with `LoginFailure`; then nothing of it is open any more. */
export async function openSession(hops: readonly Hop[], options: SessionOptions): Promise<Session> {
	const clients: Client[] = [];
	const keys: HostKey[] = [];
	const close = () => {
		for (const client of clients.toReversed()) client.end();
	};
	try {
		for (const [at, hop] of hops.entries()) {
			const through = clients.at(-1);
			const sock = through === undefined ? undefined : await forward(through, hop, at);
			const { client, key } = await logIn(hop, at, sock, options);
			clients.push(client);
			keys.push(key);
		}
	} catch (err) {
		close();
		throw err;
	}
	const last = clients.at(-1);
	if (last === undefined) throw new LoginFailure("settings", 0, "There is no host to log in to.", "Name one.");
	return { keys, run: (command, limits) => run(last, hops.length - 1, command, limits), close };
}

async function logIn(
	hop: Hop,
	at: number,
	sock: Duplex | undefined,
	{ signal, timeoutMs, onPassed }: SessionOptions,
): Promise<{ client: Client; key: HostKey }> {
	// Loaded when somebody logs in: the daemon mostly does not.
	const { default: ssh2 } = await import("ssh2");
	const client = new ssh2.Client();
	const progress: Progress = { key: null, failure: null, proof: null };
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	const stop = () => client.destroy();
	signal.addEventListener("abort", stop, { once: true });
	client.once("ready", resolve);
	client.on("error", (err) => reject(progress.failure ?? failureOf(err, hop, at)));
	client.once("close", () => reject(progress.failure ?? closedEarly(signal, hop, at)));
	// A password that has run out is not changed here: that is its owner's to do.
	client.on("change password", () => {
		const message = `${hop.host} wants the password of ${hop.user} changed first.`;
		progress.failure = new LoginFailure(
			"locked",
			at,
			message,
			`Log in once by hand and change it: ssh ${hop.user}@${hop.host}`,
		);
		client.end();
	});
	try {
		if (signal.aborted) throw closedEarly(signal, hop, at);
		client.connect(configOf(hop, at, sock, timeoutMs, progress, methodsOf(hop, client, ssh2.utils.parseKey)));
		await promise;
		const { key, proof } = progress;
		if (key === null || proof === null)
			throw new LoginFailure("host-key", at, `${hop.host} has shown no key.`, "Report this.");
		onPassed?.(at, { key, proof });
		return { client, key };
	} catch (err) {
		client.destroy();
		throw err;
	} finally {
		signal.removeEventListener("abort", stop);
		// Later errors reach whoever runs a command; without a listener they would end the process.
		client.removeAllListeners("error");
		client.on("error", () => {});
	}
}

/** What is known when something fails. */
interface Progress {
	key: HostKey | null;
	failure: LoginFailure | null;
	proof: Proof["kind"] | null;
}

function configOf(
	hop: Hop,
	at: number,
	sock: Duplex | undefined,
	timeoutMs: number,
	progress: Progress,
	methods: readonly Method[],
): ConnectConfig {
	let next = 0;
	return {
		...(sock === undefined ? { host: hop.host, port: hop.port } : { sock }),
		...{ username: hop.user, readyTimeout: timeoutMs, keepaliveInterval: 15_000, keepaliveCountMax: 3, ident },
		...(hop.knownTypes.length === 0
			? {}
			: { algorithms: { serverHostKey: { prepend: algorithmsOf(hop.knownTypes), append: [], remove: [] } } }),
		hostVerifier: (blob: Buffer, verify: (valid: boolean) => void) => {
			const key = hostKeyOf(blob);
			progress.key = key;
			const judgement = hop.judge(key);
			if (judgement !== "known") progress.failure = untrusted(judgement, key, hop, at);
			verify(judgement === "known");
		},
		authHandler: ((_left: unknown, partial: boolean, go: (method: AnyAuthMethod | false) => void) => {
			const method = methods[next++];
			if (method === undefined) {
				progress.failure = refused(hop, at, partial);
				go(false);
				return;
			}
			progress.proof = method.proof;
			go(method.method);
		}) as unknown as NonNullable<ConnectConfig["authHandler"]>,
	};
}

interface Method {
	readonly proof: Proof["kind"];
	readonly method: AnyAuthMethod;
}

/** A password goes the plain way, and as the answer to the one hidden question that PAM asks for it. */
function methodsOf({ user: username, proofs }: Hop, client: Client, parseKey: typeof utils.parseKey): Method[] {
	const ordered = [
		...proofs.filter(({ kind }) => kind !== "password"),
		...proofs.filter(({ kind }) => kind === "password"),
	];
	return ordered.flatMap((proof): Method[] => {
		if (proof.kind === "agent") return [{ proof: "agent", method: { type: "agent", username, agent: proof.socket } }];
		if (proof.kind === "key") {
			const passphrase = proof.passphrase === null ? {} : { passphrase: proof.passphrase };
			const certified = certifiedOf(proof, client, parseKey);
			return [
				...(certified === null
					? []
					: [{ proof: "key" as const, method: { type: "publickey", username, key: certified } as const }]),
				{ proof: "key", method: { type: "publickey", username, key: proof.privateKey, ...passphrase } },
			];
		}
		const { password } = proof;
		return [
			{ proof: "password", method: { type: "password", username, password } },
			{
				proof: "password",
				method: {
					type: "keyboard-interactive",
					username,
					prompt: (_name, _instructions, _lang, prompts, finish) => {
						const [only, ...more] = prompts;
						// Anything else (a one-time code, a new password) is not ours to answer.
						finish(only !== undefined && more.length === 0 && only.echo !== true ? [password] : prompts.map(() => ""));
					},
				},
			},
		];
	});
}

function certifiedOf(proof: Extract<Proof, { kind: "key" }>, client: Client, parseKey: typeof utils.parseKey) {
	const certificate = proof.certificate === null ? null : readCertificate(proof.certificate);
	const key = certificate === null ? null : parseKey(proof.privateKey, proof.passphrase ?? undefined);
	return certificate === null || key === null || key instanceof Error ? null : certifiedKey(client, key, certificate);
}

/** Signature algorithms for a type of key: RSA keys sign with SHA-2 today (RFC 8332). */
function algorithmsOf(types: readonly string[]): never[] {
	return types.flatMap((type) =>
		type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] : [type],
	) as never[];
}

export function hostKeyOf(blob: Buffer): HostKey {
	const length = blob.length >= 4 ? blob.readUInt32BE() : 0;
	const type = blob.toString("latin1", 4, 4 + Math.min(length, 64));
	const digest = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
	return { type, blob: Uint8Array.from(blob), fingerprint: `SHA256:${digest}` };
}

/** A connection that the host before makes. */
function forward(through: Client, { host, port }: Hop, at: number): Promise<Duplex> {
	return new Promise((resolve, reject) => {
		through.forwardOut("127.0.0.1", 0, host, port, (err, channel) => {
			if (err === undefined) resolve(channel);
			else {
				const message = `The host before it does not get to ${host} port ${port}: ${err.message}`;
				reject(
					new LoginFailure(
						"connect",
						at,
						message,
						"Check AllowTcpForwarding on the jump host, and the address from there.",
						err,
					),
				);
			}
		});
	});
}
