/** Reaching a daemon on the network by token: the certificate, or whose it is, is judged first, and only then is the token shown. */
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { dialStream } from "../../protocol/dial.ts";
import { AppError } from "../../protocol/errors.ts";
import { readFingerprint } from "../../protocol/tls-fingerprint.ts";
import { version } from "../version.ts";
import { checkedToken, findToken } from "./access-token.ts";
import type { Attached } from "./attach.ts";
import { connectIntroduced } from "./introduced.ts";
import {
	findKnown,
	findOwner,
	judgeCertificate,
	knownDaemonsPath,
	rememberCertificate,
	rememberOwner,
} from "./known-daemons.ts";
import { type Ends, judgeOwner, ownerOf } from "./listener-owner.ts";
import { type NetworkAddress, readNetworkAddress } from "./network-address.ts";
import { openNetworkLine } from "./network-line.ts";

/** Whoever sits at the terminal; not there for commands in scripts. */
export interface Questions {
	/** True for yes. */
	confirm(lines: readonly string[], question: string): Promise<boolean>;
	/** What is typed is not shown. */
	secret(question: string): Promise<string>;
}

export interface NetworkOptions {
	readonly env: NodeJS.ProcessEnv;
	readonly readOnly?: boolean | undefined;
	readonly tokenFile?: string | undefined;
	/** The certificate's, as the daemon tells it. */
	readonly fingerprint?: string | undefined;
	readonly questions?: Questions | undefined;
	/** Whose the other end is, on this machine; null: not to be told. Default: what the kernel says. */
	readonly ownerOf?: (ends: Ends) => number | null;
}

/**
 * Raises `invalid` for what is no address, no token or no fingerprint, `forbidden` for a certificate that is not the one it
 * should be and for a token that is refused, `unavailable` and `version-mismatch` as they come.
 */
export async function attachNetwork(address: string, options: NetworkOptions): Promise<Attached> {
	const there = readNetworkAddress(address);
	const named = fingerprintOfOptions(options);
	const knownPath = knownDaemonsPath(options.env);
	let token = findToken(options);
	/** Somebody sits at the terminal and no screen lies over it. */
	let mayAsk = true;
	let refused: AppError | undefined;

	/** Without TLS, on this machine: a line to a program of whom it should be. */
	const trustOwner = async (stream: Socket): Promise<Socket> => {
		const owner = (options.ownerOf ?? ownerOf)(stream);
		const known = findOwner(knownPath, there.url);
		if (judgeOwner(there.url, owner, { known, ownUid: process.getuid?.() ?? -1 }) || owner === null) return stream;
		stream.destroy();
		await confirmOwner(there, owner, mayAsk ? options.questions : undefined);
		await rememberOwner(knownPath, there.url, owner);
		return openTrusted();
	};
	/** A line to whoever has the certificate that it should be; nothing has been sent to others. */
	const openTrusted = async (): Promise<Socket> => {
		const { stream, seen } = await openNetworkLine(there);
		try {
			if (seen === null) return await trustOwner(stream);
			const verdict = judgeCertificate(there.url, seen, { known: findKnown(knownPath, there.url), named });
			if (verdict === "as-before") return stream;
			if (verdict === "ask") {
				// Nobody waits at the other end while somebody thinks.
				stream.destroy();
				await confirmFirstUse(there, seen.fingerprint, mayAsk ? options.questions : undefined);
			}
			await rememberCertificate(knownPath, there.url, seen);
			return verdict === "ask" ? await openTrusted() : stream;
		} catch (err) {
			stream.destroy();
			throw err;
		}
	};
	const dial = async (): Promise<WebSocket> => {
		// Asking again and again for what was refused helps nobody: only the user tries once more.
		if (refused !== undefined) throw new AppError("unavailable", refused.message, { hint: refused.hint });
		try {
			let stream = await openTrusted();
			if (token === null) {
				stream.destroy();
				token = await askToken(there, mayAsk ? options.questions : undefined);
				stream = await openTrusted();
			}
			return await dialStream(stream, there.url, token);
		} catch (cause) {
			const err = inTheClear(there, cause);
			if (mayAsk || !(err instanceof AppError) || err.code !== "forbidden") throw err;
			refused = err;
			throw new AppError("unavailable", err.message, { hint: err.hint });
		}
	};
	const client = await connectIntroduced({
		...{ dial, client: `vedette ${version}`, retryMs: 0, readOnly: options.readOnly ?? false },
	});
	mayAsk = false;
	return {
		client,
		label: `${there.isEncrypted ? "wss" : "ws"} ${there.host}`,
		link: {
			needsLogin: () => refused?.message,
			async logIn() {
				const again = findToken(options);
				if (again === null && options.questions !== undefined) token = await askToken(there, options.questions);
				else token = again;
				refused = undefined;
			},
		},
	};
}

function fingerprintOfOptions({ fingerprint, env }: NetworkOptions): string | undefined {
	const text = fingerprint ?? (env.VEDETTE_FINGERPRINT || undefined);
	if (text === undefined) return undefined;
	const read = readFingerprint(text);
	if (read !== null) return read;
	throw new AppError("invalid", `${JSON.stringify(text.slice(0, 100))} is no fingerprint of a certificate.`, {
		hint: "It is sha256: and 64 digits; on the daemon's machine vedette access tells it.",
	});
}

/** A door with TLS does not answer at all who comes without. */
function inTheClear({ isEncrypted, url }: NetworkAddress, err: unknown): unknown {
	if (isEncrypted || !(err instanceof AppError) || err.code !== "unavailable") return err;
	return new AppError("unavailable", err.message, {
		hint: `If it listens with TLS: ${url.replace(/^ws/, "wss")}. On that machine, vedette access says.`,
		cause: err,
	});
}

async function confirmFirstUse({ url }: NetworkAddress, seen: string, questions: Questions | undefined): Promise<void> {
	if (questions === undefined) {
		throw new AppError("forbidden", `The certificate of ${url}, ${seen}, is not known here: nothing was sent to it.`, {
			hint: `Compare it with what vedette access says there, then: vedette attach ${url} --fingerprint ${seen}   (or VEDETTE_FINGERPRINT)`,
		});
	}
	const lines = [
		`${url} was not attached to from here before. No authority stands for its certificate:`,
		`  ${seen}`,
		"On the daemon's machine, vedette access tells the right one.",
	];
	if (await questions.confirm(lines, "Is it the same? [y/N] ")) return;
	throw new AppError("cancelled", "Nothing was sent to it.");
}

async function confirmOwner({ url }: NetworkAddress, owner: number, questions: Questions | undefined): Promise<void> {
	const who = `What answers on ${url} is a program of the user with uid ${owner}`;
	if (questions === undefined) {
		throw new AppError("forbidden", `${who}, who is not known here: no token was sent to it.`, {
			hint: `If the daemon runs as that user, attach once at a terminal: vedette attach ${url}. Or use TLS: vedette access listen ${url.slice(5)} --tls, then ${url.replace(/^ws/, "wss")}`,
		});
	}
	const lines = [
		`${who}, who would see your token.`,
		"On this machine, vedette access or ps tells whose the daemon is.",
	];
	if (await questions.confirm(lines, "Is it the daemon? [y/N] ")) return;
	throw new AppError("cancelled", "Nothing was sent to it.");
}

async function askToken({ url }: NetworkAddress, questions: Questions | undefined): Promise<string> {
	if (questions !== undefined) return checkedToken(await questions.secret(`Access token for ${url}`), "What was typed");
	throw new AppError("invalid", `${url} wants an access token, and none is given.`, {
		hint: "Made there by: vedette access token create NAME. Then --token-file FILE, or VEDETTE_TOKEN_FILE, or VEDETTE_TOKEN.",
	});
}
