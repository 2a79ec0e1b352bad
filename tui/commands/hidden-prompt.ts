/** Reads what nobody may see: typed at a terminal without being shown, or a line of standard input. Never an argument. */
import { AppError } from "../../protocol/errors.ts";
import type { CommandContext } from "./command.ts";

type Terminal = Pick<CommandContext, "stdin" | "stderr">;

/** No secret that is typed is longer. Characters. */
const longest = 1_024;

/**
 * Asks on standard error and reads what is typed up to Enter. Resolves to the text as it is typed; rejects with `cancelled`
 * on Ctrl-C, Ctrl-D and a terminal that goes away, with `invalid` where there is no terminal or nothing is typed.
 */
export function askHidden({ stdin, stderr }: Terminal, question: string): Promise<string> {
	if (stdin.isTTY !== true) {
		throw new AppError("invalid", `There is no terminal to ask for it: ${question}.`, {
			hint: "Write it to standard input instead, with the option that ends in -stdin.",
		});
	}
	// The echo goes before the question comes: what is typed ahead is not shown either.
	stdin.setRawMode(true);
	stderr.write(`${question}: `);
	return new Promise((resolve, reject) => {
		const line = new HiddenLine();
		const end = (act: () => void) => {
			stdin.off("data", onData);
			stdin.off("end", onEnd);
			stdin.setRawMode(false);
			stdin.pause();
			stderr.write("\n");
			act();
		};
		const give = () => end(() => reject(new AppError("cancelled", "Nothing was changed.")));
		const onData = (chunk: Buffer | string) => {
			const outcome = line.type(chunk.toString());
			if (outcome === "cancelled") give();
			else if (outcome === "entered" && line.text !== "") end(() => resolve(line.text));
			else if (outcome === "entered") end(() => reject(new AppError("invalid", "Nothing was typed.")));
		};
		const onEnd = () => give();
		stdin.setEncoding("utf8");
		stdin.on("data", onData);
		stdin.once("end", onEnd);
		stdin.resume();
	});
}

/** Twice, for what cannot be looked up again. Throws `invalid` when the two are not the same. */
export async function askHiddenTwice(terminal: Terminal, question: string): Promise<string> {
	const first = await askHidden(terminal, question);
	if ((await askHidden(terminal, "Once more")) === first) return first;
	throw new AppError("invalid", "The two are not the same.", { hint: "Nothing was changed. Try again." });
}

/** The keys of a line that is not shown. */
export class HiddenLine {
	#typed: string[] = [];

	get text(): string {
		return this.#typed.join("");
	}

	/** What is typed after Enter is dropped: it would answer a question that is not there yet. */
	type(keys: string): "more" | "entered" | "cancelled" {
		// A paste comes in brackets where the shell left that mode on; arrows and the like are no text.
		for (const key of keys.replace(/\u001b(?:\[[0-9;?]*[A-Za-z~]|O.)/g, "")) {
			if (key === "\r" || key === "\n") return "entered";
			if (key === "\u0003" || key === "\u0004") return "cancelled";
			if (key === "\u0015") this.#typed = [];
			else if (key === "\u007f" || key === "\b") this.#typed.pop();
			else if (key >= " " && this.#typed.length < longest) this.#typed.push(key);
		}
		return "more";
	}
}

/** Lines of standard input, each a secret, in the order they are asked for. */
export class StandardInput {
	readonly #stdin: CommandContext["stdin"];
	#lines: string[] | null = null;

	constructor({ stdin }: Pick<CommandContext, "stdin">) {
		this.#stdin = stdin;
	}

	/** Throws `invalid` when there is no further line. */
	async line(what: string): Promise<string> {
		const lines = this.#lines ?? (await this.all(70_000)).split(/\r?\n/);
		this.#lines = lines;
		const line = lines.shift() ?? "";
		if (line !== "") return line;
		throw new AppError("invalid", `Standard input has no ${what}.`, {
			hint: "Write each secret on a line of its own.",
		});
	}

	/** Everything, up to `most` characters. */
	async all(most: number): Promise<string> {
		let text = "";
		this.#stdin.setEncoding("utf8");
		for await (const chunk of this.#stdin) {
			text += String(chunk);
			if (text.length > most) throw new AppError("too-large", "Standard input is too long to be that.");
		}
		return text;
	}
}
