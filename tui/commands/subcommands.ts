/**
 * Words that name no subcommand. Most groups of commands list what there is when none is named, so a slip of the pen would be
 * taken for a query or a target, or complained of as one word too many: here it is called what it is.
 */
import type { Command } from "commander";
import { closeNames } from "../../protocol/close-names.ts";
import { AppError } from "../../protocol/errors.ts";

/** What stands for a group when no subcommand is named. */
const defaults = ["list", "status"];
/** Longer words are queries, targets, texts. */
const longest = 24;

/** Throws `invalid` for a word that can only have been meant as a subcommand and is none. */
export function refuseUnknownSubcommand(program: Command, args: readonly string[]): void {
	let command = program;
	const path: string[] = [program.name()];
	for (const [at, word] of args.entries()) {
		const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
		if (next === undefined) {
			if (at > 0 && command.commands.length > 0) refuseWord(command, path.join(" "), args.slice(at));
			return;
		}
		command = next;
		path.push(word);
	}
}

function refuseWord(command: Command, words: string, rest: readonly string[]): void {
	const end = rest.findIndex((one) => one.startsWith("-"));
	const leading = end === -1 ? rest : rest.slice(0, end);
	const [word] = leading;
	if (word === undefined || word === "help") return;
	const names = command.commands.map((one) => one.name()).filter((name) => name !== "help");
	const standIn = command.registeredArguments.length > 0 ? command : defaultOf(command);
	const takes = standIn?.registeredArguments ?? [];
	const tooMany = !takes.some(({ variadic }) => variadic) && leading.length > takes.length;
	const near =
		/^[a-z-]+$/i.test(word) && word.length <= longest
			? closeNames(word, names).filter((name) => isSlip(word, name))
			: [];
	if (!tooMany && near.length === 0) return;
	const [first] = near.length > 0 ? near : closeNames(word, names);
	const meant = first === undefined ? "" : ` Did you mean: ${words} ${first}?`;
	const literally =
		tooMany || standIn === null
			? ""
			: ` To mean the word itself: ${words}${standIn === command ? " --" : ` ${standIn.name()}`} ${word}`;
	throw new AppError("invalid", `There is no ${words} ${word}.${meant}`, {
		hint: `There are: ${names.join(", ")}.${literally}`,
	});
}

function defaultOf(command: Command): Command | null {
	return command.commands.find((one) => defaults.includes(one.name())) ?? null;
}

/** A letter or two astray, not another word. */
function isSlip(word: string, name: string): boolean {
	return (
		Math.abs(word.length - name.length) <= 2 && word.length >= 3 && word.slice(0, 1).toLowerCase() === name.slice(0, 1)
	);
}
