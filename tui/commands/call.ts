/** `vedette call`: any method of the daemon, for scripts and for curiosity. */
import { methods } from "../../protocol/catalogue.ts";
import { AppError } from "../../protocol/errors.ts";
import type { CommandFile } from "./command.ts";

export const callCommand: CommandFile = {
	register(program, run) {
		program
			.command("call")
			.description("call a method of the daemon and print its JSON result")
			.argument("<method>", "e.g. daemon.status; rpc.discover describes them all")
			.argument("[params]", "JSON object", "{}")
			.action((name: string, text: string) =>
				run(async (ctx) => {
					const params = parseParams(text);
					const client = await ctx.connect({ start: false });
					if (name === "rpc.discover") {
						ctx.print(JSON.stringify(await client.discover(), null, 2));
						return;
					}
					const method = methods.find((candidate) => candidate.name === name);
					if (method === undefined)
						throw new AppError("invalid", `There is no method ${name}.`, {
							hint: `Methods: ${methods.map((m) => m.name).join(", ")}`,
						});
					ctx.print(JSON.stringify(await client.call(method, params), null, 2));
				}),
			);
	},
};

function parseParams(text: string): Record<string, unknown> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new AppError("invalid", "The params are not JSON.", {
			hint: `For example: vedette call scans.get '{"scan": 1}'`,
		});
	}
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw new AppError("invalid", "The params must be one JSON object.");
	return value as Record<string, unknown>;
}
