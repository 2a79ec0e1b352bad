/** `vedette consoles`: who is attached, and what they look at. */
import { list } from "../../protocol/methods/consoles.ts";
import type { AttachedConsole } from "../../protocol/model/console.ts";
import { placeWords } from "../state/place.ts";
import { age } from "../text/format.ts";
import type { CommandFile } from "./command.ts";
import { type Column, printList } from "./print.ts";

export const consolesCommand: CommandFile = {
	register(program, run) {
		program
			.command("consoles")
			.description("list who is attached with a console, from where, and what they look at")
			.option("--json", "one JSON document")
			.addHelpText(
				"after",
				`
Others see the same of you: who, from where, which screen and what it is about, and whether you type; and of a list its filter and row
while somebody follows you, which your console says. Not what you type or mark. Nothing of it is kept once a console has gone.

Example:
  vedette consoles`,
			)
			.action((options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const listed = await client.call(list, {});
					printList(ctx, listed, {
						json: options.json,
						columns,
						empty: "No console is attached. To open one: vedette",
					});
				}),
			);
	},
};

const columns: Column<AttachedConsole>[] = [
	{ title: "WHO", value: ({ name }) => name, max: 40 },
	{ title: "ACCESS", value: ({ access }) => access },
	{ title: "FROM", value: ({ from }) => from, max: 60 },
	{ title: "LOOKS AT", value: ({ place }) => placeWords(place), max: 40 },
	{ title: "SINCE", value: ({ since }) => since.slice(0, 16).replace("T", " ") },
	{ title: "KEYS", value: ({ idleSince }) => (idleSince === null ? "typing" : `idle ${age(idleSince, Date.now())}`) },
];
