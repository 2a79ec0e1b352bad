/** When the console is read out line by line, and opening it so from a command. */
import type { PlainOptions } from "../plain/open-plain.ts";
import type { CommandContext } from "./command.ts";

/** Asked for by its flag or, in a terminal, by Ink's own variable for screen readers or one that knows no cursor. */
export function isPlainAsked({ stdin, stdout, env }: CommandContext, plain: boolean | undefined): boolean {
	const isTerminal = stdin.isTTY === true && stdout.isTTY === true;
	return plain === true || (isTerminal && (env.INK_SCREEN_READER === "true" || env.TERM === "dumb"));
}

/** Resolves when the user has left, or nothing more is typed. */
export async function openPlainHere(
	ctx: CommandContext,
	{ openPlain }: typeof import("../plain/open-plain.ts"),
	parts: Omit<PlainOptions, "input" | "say" | "env">,
): Promise<void> {
	await openPlain({ ...parts, input: ctx.stdin, say: ctx.print, env: ctx.env });
}
