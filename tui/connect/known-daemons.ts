/**
 * Which certificate each daemon on the network showed before, as ssh keeps host keys: remembered at first use, and one that
 * is another later is not spoken to. A line each: address, fingerprint, and `vouched` where an authority stood for it; for one
 * without TLS on this machine `uid:` and whose it was.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "../../protocol/errors.ts";
import { resolveHome } from "../../protocol/home.ts";
import { readFingerprint } from "../../protocol/tls-fingerprint.ts";
import { PrivateFile } from "./private-file.ts";

export interface KnownCertificate {
	readonly fingerprint: string;
	/** An authority that this machine trusts stands for it and for the name it was reached by. */
	readonly isVouched: boolean;
}

/** What is to be done about a certificate before anything is sent to whoever showed it. */
export type Verdict = "as-before" | "remember" | "ask";

/**
 * `named`: the fingerprint that the user says it has, which settles it. Throws `forbidden` for one that is not the one it
 * should be. A certificate that an authority stands for may be followed by another such: that is how they are renewed.
 */
export function judgeCertificate(
	url: string,
	seen: KnownCertificate,
	{ known, named }: { readonly known: KnownCertificate | undefined; readonly named: string | undefined },
): Verdict {
	if (named !== undefined) {
		if (named !== seen.fingerprint) throw notTheOne(url, seen.fingerprint, `not ${named}, which you named`);
		return known?.fingerprint === named ? "as-before" : "remember";
	}
	if (known === undefined) return seen.isVouched ? "remember" : "ask";
	if (known.fingerprint === seen.fingerprint) return "as-before";
	if (known.isVouched && seen.isVouched) return "remember";
	throw notTheOne(url, seen.fingerprint, `and was ${known.fingerprint} before`);
}

function notTheOne(url: string, seen: string, butWas: string): AppError {
	return new AppError("forbidden", `The certificate of ${url} is ${seen}, ${butWas}: nothing was sent to it.`, {
		hint: `Somebody may be in between. Ask whoever runs it (vedette access there tells it); if it is right: vedette attach ${url} --fingerprint ${seen}`,
	});
}

const ownerWord = /^uid:\d{1,10}$/;

/** Whose the daemon was that answered there without TLS. */
export function findOwner(path: string, url: string): number | undefined {
	const word = findKnown(path, url)?.fingerprint ?? "";
	return ownerWord.test(word) ? Number(word.slice(4)) : undefined;
}

/** Rejects like `rememberCertificate`. */
export async function rememberOwner(path: string, url: string, uid: number): Promise<void> {
	await rememberCertificate(path, url, { fingerprint: `uid:${uid}`, isVouched: false });
}

/** Beyond any number of daemons that somebody attaches to. Bytes. */
const mostBytes = 1_048_576;

export function knownDaemonsPath(env: NodeJS.ProcessEnv): string {
	return join(resolveHome(env).configDir, "known-daemons");
}

export function findKnown(path: string, url: string): KnownCertificate | undefined {
	return readLines(path).get(url);
}

/** From now on this is the one. Rejects with `invalid` where it cannot be written. */
export async function rememberCertificate(path: string, url: string, seen: KnownCertificate): Promise<void> {
	const all = readLines(path).set(url, seen);
	mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
	const file = await PrivateFile.create(path);
	const lines = [...all].map(
		([name, { fingerprint, isVouched }]) => `${name} ${fingerprint}${isVouched ? " vouched" : ""}\n`,
	);
	await file.write(lines.join(""));
	await file.keep({ replace: true });
}

function readLines(path: string): Map<string, KnownCertificate> {
	let text = "";
	try {
		text = readFileSync(path, "utf8").slice(0, mostBytes);
	} catch (err) {
		// Unreadable must not pass for unknown: that would ask, and forget what was known.
		if ((err as NodeJS.ErrnoException).code !== "ENOENT") {
			throw new AppError("invalid", `${path} cannot be read: ${(err as Error).message}.`, {
				hint: "It says which certificates of daemons are known. Mend it, or move it away to begin anew.",
			});
		}
	}
	const entries = text.split("\n").flatMap((line): [string, KnownCertificate][] => {
		const [url = "", word = "", more] = line.trim().split(/\s+/);
		const fingerprint = ownerWord.test(word) ? word : readFingerprint(word);
		return fingerprint === null ? [] : [[url, { fingerprint, isVouched: more === "vouched" }]];
	});
	return new Map(entries);
}
