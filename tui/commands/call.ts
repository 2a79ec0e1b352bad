/** `vedette call`: any method of the daemon, for scripts and for curiosity. */
import { type Method, methods, streams } from "../../protocol/catalogue.ts";
import { AppError } from "../../protocol/errors.ts";
import { describeParams } from "../../protocol/openrpc.ts";
import type { CommandFile } from "./command.ts";
import { StandardInput } from "./hidden-prompt.ts";
import { jsonText } from "./print.ts";

export const callCommand: CommandFile = {
	register(program, run) {
		program
			.command("call")
			.description("call a method of the daemon and print its JSON result")
			.argument("<method>", "e.g. daemon.status; rpc.discover describes them all")
			.argument("[params]", "JSON object; - for standard input, as secrets must come", "{}")
			.option("--json", "what it prints anyway")
			.action((name: string, text: string) =>
				run(async (ctx) => {
					const method = name === "rpc.discover" ? null : findMethod(name);
					if (text !== "-" && method !== null && takesSecrets(method)) throw secretsAsArguments(name);
					const params = parseParams(text === "-" ? await new StandardInput(ctx).all(longest) : text, method);
					const client = await ctx.connect({ start: false });
					ctx.print(jsonText(method === null ? await client.discover() : await client.call(method, params)));
				}),
			);
	},
};

function findMethod(name: string): Method {
	const method = methods.find((candidate) => candidate.name === name);
	if (method !== undefined) return method;
	if (streams.some((stream) => stream.name === name))
		throw new AppError("invalid", `${name} is a stream; only methods can be called.`, {
			hint: "What it shows first can be had from a method of the same area: vedette call rpc.discover",
		});
	const area = methods.filter((candidate) => candidate.name.startsWith(`${name.split(".")[0]}.`));
	const near = area.length > 0 ? area : methods;
	throw new AppError("invalid", `There is no method ${name}.`, {
		hint: `There is: ${near.map((candidate) => candidate.name).join(", ")}.`,
	});
}

/** Throws `invalid` for what is not a JSON object or names a parameter the method does not take. */
function parseParams(text: string, method: Method | null): Record<string, unknown> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new AppError("invalid", "The params are not JSON.", { hint: example });
	}
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw new AppError("invalid", "The params must be one JSON object.", { hint: example });
	const known = Object.keys(method?.params.shape ?? {});
	const stray = Object.keys(value).find((key) => !known.includes(key));
	if (stray !== undefined)
		throw new AppError("invalid", `${method?.name ?? "rpc.discover"} has no parameter "${stray}".`, {
			hint: known.length > 0 ? `It takes: ${known.join(", ")}.` : "It takes none.",
		});
	return value as Record<string, unknown>;
}

/** Arguments are seen by everybody who can list processes, and kept by the shell. */
function takesSecrets(method: Method): boolean {
	return JSON.stringify(describeParams(method.params)).includes('"writeOnly":true');
}

function secretsAsArguments(name: string): AppError {
	return new AppError("invalid", `${name} takes secrets, and those are never arguments.`, {
		hint: `Write the JSON object to standard input: vedette call ${name} - < FILE`,
	});
}

/** As much as one frame of the protocol takes. Characters. */
const longest = 1 << 20;

const example = `For example: vedette call scans.get '{"scan": 1}'`;
