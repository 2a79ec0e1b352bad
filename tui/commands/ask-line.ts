/** Asks a question at the terminal and reads one line. */
import { createInterface } from "node:readline/promises";
import type { CommandContext } from "./command.ts";

/** What was typed; nothing when the input ended or Ctrl-C was pressed, for which readline alone would wait for ever. */
export async function askLine(ctx: Pick<CommandContext, "stdin" | "stderr">, question: string): Promise<string> {
	const prompt = createInterface({ input: ctx.stdin, output: ctx.stderr });
	const { promise, resolve } = Promise.withResolvers<string>();
	prompt.once("SIGINT", () => prompt.close());
	prompt.once("close", () => {
		ctx.stderr.write("\n");
		resolve("");
	});
	prompt.question(question).then(resolve, () => resolve(""));
	const answer = await promise;
	prompt.removeAllListeners("close");
	prompt.close();
	return answer;
}
