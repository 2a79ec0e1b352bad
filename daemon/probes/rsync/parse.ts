/** An rsync daemon's lines before a transfer: greeting, message of the day, module list, answer to a module. Pure and total. */

export interface Module {
	readonly name: string;
	readonly comment: string;
}

/** `@RSYNCD: 31.0 sha512 …` into 31.0; null for any other line. */
export function parseGreeting(line: string): string | null {
	return /^@RSYNCD: (\d{1,3}(?:\.\d{1,3})?)(?: |$)/.exec(line)?.[1] ?? null;
}

/**
 * Splits what comes before `@RSYNCD: EXIT`. Modules are the last lines, each a padded name, a tab and a comment; what is
 * above them is the message of the day.
 */
export function parseListing(lines: readonly string[]): { motd: string; modules: Module[] } {
	let first = lines.length;
	while (first > 0 && parseModule(lines[first - 1] ?? "") !== null) first -= 1;
	const modules = lines
		.slice(first)
		.map(parseModule)
		.filter((found) => found !== null);
	return { motd: lines.slice(0, first).join("\n").trim().slice(0, 2_048), modules: modules.slice(0, 200) };
}

function parseModule(line: string): Module | null {
	const at = line.indexOf("\t");
	// The name is padded to 15 columns; a shorter field before a tab is the administrator's own text.
	if (at < 15 || line.startsWith(" ")) return null;
	const name = line.slice(0, at).trimEnd();
	return name === "" ? null : { name: name.slice(0, 200), comment: line.slice(at + 1, at + 301) };
}

/**
 * What a daemon answers a module's name with: true when it wants a password, false when it would start, null when it
 * refuses (hosts deny, unknown module) or the line is still the message of the day.
 */
export function parseModuleAnswer(line: string): { authenticationRequired: boolean | null } | null {
	if (line.startsWith("@RSYNCD: AUTHREQD")) return { authenticationRequired: true };
	if (line === "@RSYNCD: OK") return { authenticationRequired: false };
	if (line.startsWith("@ERROR") || line === "@RSYNCD: EXIT") return { authenticationRequired: null };
	return null;
}

export function recogniseRsync(bytes: Buffer): number {
	const text = bytes.toString("latin1", 0, 100);
	if (/^@RSYNCD: \d/.test(text)) return 1;
	return text.startsWith("@ERROR") ? 0.6 : 0;
}
