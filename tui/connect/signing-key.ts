/** Finds the SSH key by which this operator may sign decisions: one that the daemon knows as theirs, in their own folder. */
import { open, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Client } from "../../protocol/client.ts";
import * as access from "../../protocol/methods/access.ts";
import { parsePublicKeyLine } from "../../protocol/ssh/public-key.ts";
import { personName } from "../text/people.ts";

/** Files that are looked at, and how much of each: no public key is longer. */
const mostFiles = 50;
const mostBytes = 16_384;

export interface OwnSigningKey {
	/** The daemon takes signatures of this operator. */
	readonly isKnown: boolean;
	/** The private key, or the public one where only that is here; empty: none of them is. */
	readonly path: string;
}

export async function findSigningKey(client: Client, folder = join(homedir(), ".ssh")): Promise<OwnSigningKey> {
	const { keys } = await client.call(access.list, {});
	const isMine = (operator: string) => personName(operator) === personName(client.hello.user);
	const mine = new Set(keys.flatMap((key) => (isMine(key.operator) ? [key.fingerprint] : [])));
	if (mine.size === 0) return { isKnown: false, path: "" };
	const names = await readdir(folder).catch((): string[] => []);
	const files = names.filter((name) => name.endsWith(".pub")).slice(0, mostFiles);
	for (const name of files) {
		const key = parsePublicKeyLine(await beginningOf(join(folder, name)));
		if (key === null || !mine.has(key.fingerprint)) continue;
		const privateName = name.slice(0, -".pub".length);
		return { isKnown: true, path: join(folder, names.includes(privateName) ? privateName : name) };
	}
	return { isKnown: true, path: "" };
}

/** Empty when it cannot be read. */
async function beginningOf(path: string): Promise<string> {
	const file = await open(path).catch(() => null);
	if (file === null) return "";
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
		return buffer.toString("utf8", 0, bytesRead).trim();
	} catch {
		return "";
	} finally {
		await file.close();
	}
}
