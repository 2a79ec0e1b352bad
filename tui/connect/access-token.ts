/** The token that somebody comes with: from a file, the environment, or typed. Never from an argument, which others can read. */
import { lstatSync, readFileSync, statSync } from "node:fs";
import { AppError } from "../../protocol/errors.ts";

export interface TokenSources {
	readonly env: NodeJS.ProcessEnv;
	readonly tokenFile?: string | undefined;
}

const mostBytes = 4_096;

/** A file that was named comes first, then `VEDETTE_TOKEN`, then the file that `VEDETTE_TOKEN_FILE` names; null: none is given. */
export function findToken({ env, tokenFile }: TokenSources): string | null {
	if (tokenFile !== undefined) return readTokenFile(tokenFile);
	if (env.VEDETTE_TOKEN) return checkedToken(env.VEDETTE_TOKEN, "VEDETTE_TOKEN");
	return env.VEDETTE_TOKEN_FILE ? readTokenFile(env.VEDETTE_TOKEN_FILE) : null;
}

/** Throws `invalid` for what cannot be a token: it would break the header it goes in. Says nothing of what it is. */
export function checkedToken(text: string, where: string): string {
	const token = text.trim();
	if (/^[\w~+/.-]{1,200}$/.test(token)) return token;
	throw new AppError("invalid", `${where} holds no access token.`, {
		hint: "It is one line that begins with vdt_, as vedette access token create prints it.",
	});
}

function readTokenFile(path: string): string {
	let text: string;
	let mode: number;
	try {
		if (lstatSync(path).isDirectory()) throw new Error("it is a folder");
		mode = statSync(path).mode;
		text = readFileSync(path, "utf8").slice(0, mostBytes);
	} catch (cause) {
		throw new AppError("invalid", `The token file ${path} cannot be read: ${(cause as Error).message}.`, {
			hint: "Write the token into it, for yourself alone: (umask 077; cat > FILE)",
			cause,
		});
	}
	// Pipes of the shell, as in --token-file <(pass show vedette), are nobody else's.
	if ((mode & 0o077) !== 0 && (mode & 0o170_000) === 0o100_000) {
		throw new AppError("forbidden", `Others may read the token file ${path}.`, {
			hint: `Take that away: chmod 600 ${path}. If somebody may have read it: vedette access token revoke NAME`,
		});
	}
	return checkedToken(text, path);
}
