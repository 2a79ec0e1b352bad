/** Asks a question at the terminal and reads one line. */
import { createInterface } from "node:readline/promises";
import type { CommandContext } from "./command.ts";

/** What was typed; nothing when the input ended or Ctrl-C was pressed, for which readline alone would wait for ever. */
export async function askLine(ctx: Pick<CommandContext, "stdin" | "stderr">, question: string): Promise<string> {
	const prompt = createInterface({ input: ctx.stdin, output: ctx.stderr });
	const { promise, resolve } = Promise.withResolvers<string>();
	prompt.once("SIGINT", () => prompt.close());
	const gone = () => {
		ctx.stderr.write("\n");
		resolve("");
	};
	prompt.once("close", gone);
	prompt.question(question).then(resolve, () => resolve(""));
	const answer = await promise;
	// Not all of its listeners: with its own it lets go of the keys, and would go on writing them across the screen.
	prompt.off("close", gone);
	prompt.close();
	return answer;
}
