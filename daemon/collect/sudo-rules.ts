/** sudoers(5) as rules: continued lines joined, aliases replaced, tags and run-as lists carried on as sudo does. Pure. */
import type { DataOf } from "../evidence/record.ts";

type Rule = DataOf<"sudoers">["rules"][number];

export interface SudoPolicy {
	rules: Rule[];
	defaults: string[];
	/** False when a file is included that is not here. */
	whole: boolean;
}

/** An alias may hold aliases; deeper than this it goes in circles. */
const deepest = 8;
const mostWords = 2_000;
/** With its continued lines. */
const longestRule = 65_536;
const mostRules = 10_000;

/** `files`: lines by path. Files in an included directory whose names have a dot or end in ~ do not count. */
export function readSudo(files: ReadonlyMap<string, readonly string[]>): SudoPolicy {
	const counted = [...files].filter(([path]) => !/\/sudoers\.d\/(.*\.|.*~$)/.test(path));
	const lines = counted.flatMap(([file, own]) => joined(own).map((line) => ({ file, line })));
	const aliases = new Map<string, string[]>();
	for (const { line } of lines) readAliases(line, aliases);
	const policy: SudoPolicy = { rules: [], defaults: [], whole: true };
	for (const { file, line } of lines) {
		if (/^(User|Runas|Host|Cmnd|Cmd)_Alias\s/.test(line)) continue;
		const [, include] = /^[#@]include\s+(\S+)/.exec(line) ?? [];
		const [, folder] = /^[#@]includedir\s+(\S+)/.exec(line) ?? [];
		if (include !== undefined) policy.whole &&= files.has(unquoted(include));
		else if (folder !== undefined) policy.whole &&= /^(\/usr)?\/etc\/sudoers\.d\/?$/.test(unquoted(folder));
		else if (/^Defaults/.test(line)) policy.defaults.push(...settingsOf(line));
		else if (policy.rules.length < mostRules) policy.rules.push(...rulesOf(line, file, aliases));
	}
	return policy;
}

/** A backslash at the end continues a line; a comment ends it, but #123 is a user id and #include a command. */
function joined(lines: readonly string[]): string[] {
	const whole: string[] = [];
	let open = "";
	for (const line of lines) {
		if (line.endsWith("\\")) {
			open += `${line.slice(0, -1)} `;
			continue;
		}
		const text = (open + line)
			.slice(0, longestRule)
			.replace(/(^|\s)#(?!include|[0-9]).*$/, "")
			.trim();
		open = "";
		if (text !== "") whole.push(text);
	}
	return whole;
}

function readAliases(line: string, aliases: Map<string, string[]>): void {
	const [, list = ""] = /^(?:User|Runas|Host|Cmnd|Cmd)_Alias\s+(.*)$/.exec(line) ?? [];
	for (const one of list.split(/:(?=\s*[A-Z][A-Z0-9_]*\s*=)/)) {
		const [, name = "", members = ""] = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(.*)$/.exec(one) ?? [];
		if (name !== "") aliases.set(name, wordsOf(members));
	}
}

function settingsOf(line: string): string[] {
	const text = line.replace(/^Defaults(?:[@:!>]\s*\S+)?\s*/, "");
	return wordsOf(text).map((word) => {
		const at = word.indexOf("=");
		if (at < 0) return word;
		const name = word
			.slice(0, at)
			.trim()
			.replace(/\s([+-])$/, "$1")
			.trim();
		return `${name}=${word
			.slice(at + 1)
			.trim()
			.replaceAll('"', "")}`;
	});
}

/** `who hosts = (runas) TAG: command, command : hosts = …`. */
function rulesOf(line: string, file: string, aliases: ReadonlyMap<string, string[]>): Rule[] {
	const [, left = "", right = ""] = /^([^=]*?)=(.*)$/.exec(line) ?? [];
	const sides = sidesOf(left);
	if (sides === null || right.trim() === "") return [];
	const common = { tool: "sudo" as const, file, who: expand(sides.who, aliases), hosts: expand(sides.hosts, aliases) };
	const groups = new Map<string, Rule>();
	let [runas, noPassword] = [["root"], false];
	for (const word of wordsOf(right)) {
		const [, list, rest = ""] = /^(?:\(([^)]*)\))?\s*(.*)$/.exec(word) ?? [];
		if (list !== undefined) runas = expand(wordsOf(list.split(":")[0] ?? ""), aliases);
		if (runas.length === 0) runas = ["root"];
		let command = rest;
		for (;;) {
			const [tagged, tag] = /^([A-Z_]+)\s*:\s*/.exec(command) ?? [];
			if (tagged === undefined) break;
			if (tag === "NOPASSWD" || tag === "PASSWD") noPassword = tag === "NOPASSWD";
			command = command.slice(tagged.length);
		}
		command = command.replace(/^((ROLE|TYPE|CWD|CHROOT|TIMEOUT|NOTBEFORE|NOTAFTER)=\S+\s+)+/, "").trim();
		if (command === "") continue;
		const key = `${runas.join(",")} ${noPassword}`;
		const rule = groups.get(key) ?? { ...common, runas, noPassword, commands: [] };
		groups.set(key, rule);
		if (rule.commands.length < mostWords) rule.commands.push(...expand([command], aliases));
	}
	return [...groups.values()];
}

/** Lists on the left have commas, blanks around them or not; users end where the next word begins without a comma. */
function sidesOf(left: string): { who: string[]; hosts: string[] } | null {
	const words = left
		.split(",")
		.map((one) => one.trim())
		.join(",")
		.split(/(?<!\\)\s+/);
	const hosts = words.pop();
	if (hosts === undefined || words.length === 0) return null;
	return { who: wordsOf(words.join(" ")), hosts: wordsOf(hosts) };
}

/** Parts between commas, but for those that are escaped or quoted. */
function wordsOf(list: string): string[] {
	const words = list.match(/(?:\\.|"[^"]*"|\([^)]*\)|[^,])+/g) ?? [];
	return words
		.slice(0, mostWords)
		.map((word) => word.trim())
		.filter((word) => word !== "");
}

function expand(words: readonly string[], aliases: ReadonlyMap<string, string[]>, depth = 0): string[] {
	const all: string[] = [];
	for (const word of words) {
		const [, not = "", name = ""] = /^(!*)\s*(.*)$/.exec(word) ?? [];
		const members = depth < deepest ? aliases.get(name) : undefined;
		const found = members === undefined ? [name] : expand(members, aliases, depth + 1);
		for (const one of found) if (all.length < mostWords) all.push(not.length % 2 === 1 ? negated(one) : one);
	}
	return all;
}

function negated(word: string): string {
	return word.startsWith("!") ? word.slice(1) : `!${word}`;
}

function unquoted(path: string): string {
	return path.replaceAll('"', "").replace(/\/$/, "");
}
