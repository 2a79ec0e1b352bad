/**
 * What can be typed behind `:`: commands that take something, and every action of the place one is at by its name. Pure but for
 * what the commands themselves do.
 */
import { closeNames } from "../../protocol/close-names.ts";
import type { QueryList } from "../../protocol/model/query.ts";

export interface Command {
	readonly name: string;
	readonly aliases?: readonly string[];
	readonly about: string;
	/** What follows it, for whoever types: `QUERY`. Without it nothing may follow. */
	readonly takes?: string;
	/** All that may follow it, where that is a few words. */
	readonly values?: readonly string[];
	/** What follows is a query over this list. */
	readonly query?: QueryList;
	/** The first key of the same action. */
	readonly key?: string;
	/** Why it cannot be done now; undefined when it can. */
	reason?(): string | undefined;
	/** What is wrong with `rest`, as a sentence; undefined when it can be done with it. */
	fault?(rest: string): string | undefined;
	run(rest: string): void;
}

export interface Typed {
	readonly word: string;
	readonly rest: string;
	/** Where `rest` begins in the text; undefined while the first word is being typed. */
	readonly restAt: number | undefined;
}

export function splitTyped(text: string): Typed {
	const found = /^\s*(\S*)(\s+)?(.*)$/s.exec(text);
	const [, word = "", gap, rest = ""] = found ?? [];
	return { word, rest: rest.trimEnd(), restAt: gap === undefined ? undefined : text.length - rest.length };
}

/** The command that a word means: its name, an alias, or the start of only one. */
export function commandOf(commands: readonly Command[], word: string): Command | undefined {
	const typed = word.toLowerCase();
	const exact = commands.find(({ name, aliases = [] }) => name === typed || aliases.includes(typed));
	if (exact || typed === "") return exact;
	const starting = commands.filter(({ name }) => name.startsWith(typed));
	return starting.length === 1 ? starting[0] : undefined;
}

/** Fewer letters are the start of some word in nearly every description. */
const leastPart = 3;

/** Those a text may become: by the start of a name first, then by what is in name or description. */
export function suggestCommands(commands: readonly Command[], text: string): readonly Command[] {
	const { word, restAt } = splitTyped(text);
	const typed = word.toLowerCase();
	if (restAt !== undefined) {
		const meant = commandOf(commands, typed);
		return meant ? [meant] : [];
	}
	if (typed === "") return commands;
	const starts = ({ name, aliases = [] }: Command) => [name, ...aliases].some((one) => one.startsWith(typed));
	const holds = ({ name, about }: Command) =>
		typed.length >= leastPart &&
		`${name} ${about}`
			.toLowerCase()
			.split(/[^\p{L}\d]+/u)
			.some((word) => word.startsWith(typed));
	return [...commands.filter(starts), ...commands.filter((one) => !starts(one) && holds(one))];
}

/** What was typed, ready to be done; or a sentence for the user: no such command, not now, not so. */
export function readTyped(commands: readonly Command[], text: string): (() => void) | string {
	const { word, rest } = splitTyped(text);
	const command = commandOf(commands, word);
	if (!command) return unknownWords(commands, word);
	const reason = command.reason?.();
	if (reason !== undefined) return reason;
	if (rest !== "" && command.takes === undefined) return `Nothing follows ${command.name}: “${rest}”.`;
	if (rest !== "" && command.values && !command.values.includes(rest))
		return `${command.name} takes ${command.values.join(", ")}.`;
	return command.fault?.(rest) ?? (() => command.run(rest));
}

function unknownWords(commands: readonly Command[], word: string): string {
	const several = commands.filter(({ name }) => name.startsWith(word.toLowerCase())).map(({ name }) => name);
	if (several.length > 1) return `“${word}” could be ${several.slice(0, 4).join(", ")}.`;
	const [near] = closeNames(
		word,
		commands.map(({ name }) => name),
	);
	return `There is no command “${word}”${near === undefined ? "; Tab shows those there are" : `; did you mean ${near}?`}`;
}
