/** Users and groups of this machine by name or number: from its own files, else from whatever directory it asks (getent). */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

export interface UnixName {
	readonly id: number;
	readonly name: string;
}

/** What a name may look like where it becomes an argument of another program. */
export const namePattern = /^[A-Za-z0-9_][\w.@$-]{0,99}$/;

const places = { unix: { file: "/etc/passwd", database: "passwd" }, group: { file: "/etc/group", database: "group" } };
/** A directory on the network may be slow, and may not answer at all. Milliseconds. */
const patienceMs = 5_000;

/** Null when there is none. `word` must look like a name: it becomes an argument of getent. */
export async function findUnixName(kind: "unix" | "group", word: string): Promise<UnixName | null> {
	const { file, database } = places[kind];
	const here = parseNames(await readFile(file, "utf8").catch(() => ""), word);
	return here ?? parseNames(await getent(database, word), word);
}

/** The line of `passwd(5)` or `group(5)` with this name or number; both begin name, password, number. */
export function parseNames(text: string, word: string): UnixName | null {
	for (const line of text.split("\n")) {
		const [name = "", , number = ""] = line.split(":");
		if (name === "" || !/^\d{1,10}$/.test(number)) continue;
		if (name === word || number === word) return { id: Number(number), name };
	}
	return null;
}

/** Empty when there is no such entry, no such program, or no answer in time. */
function getent(database: string, word: string): Promise<string> {
	return new Promise((resolve) => {
		execFile("getent", [database, word], { timeout: patienceMs, maxBuffer: 65_536 }, (_err, stdout) => resolve(stdout));
	});
}
