/** `vedette attach`: the console on the daemon of another machine, over ssh. */
import { AppError } from "../../protocol/errors.ts";
import { type AttachOptions, attachSsh } from "../connect/attach.ts";
import type { CommandContext, CommandFile } from "./command.ts";

type Options = Pick<AttachOptions, "readOnly" | "ssh" | "remote" | "home" | "socket">;

export const attachCommand: CommandFile = {
	register(program, run) {
		program
			.command("attach <address>")
			.description("open the console on the daemon of another machine: ssh://user@host, or a host of your ssh config")
			.option("--read-only", "without the right to change anything")
			.option("--ssh <command>", "the program that goes there, with its options (default: ssh)")
			.option("--remote <command>", "how vedette is called in the shell there (default: vedette)")
			.option("--home <folder>", "the VEDETTE_HOME there, where it is not the default one")
			.option("--socket <path>", "the socket there, for those whom somebody's daemon lets in (vedette access)")
			.addHelpText(
				"after",
				`
Passwords and second factors are asked for before the screen opens. Scans go on when the line drops; the console
connects again by itself. Other commands use the far daemon too: VEDETTE_DAEMON=ssh://ana@web-01 vedette findings

Examples:
  vedette attach ssh://ana@web-01
  vedette attach --ssh 'ssh -J bastion' ana@10.0.0.5 --read-only`,
			)
			.action((address: string, options: Options) => run((ctx) => openAttached(ctx, address, options)));
	},
};

/** The console on a far daemon. Raises `invalid` without a terminal. */
export async function openAttached(ctx: CommandContext, address: string, options: Options): Promise<void> {
	if (ctx.stdin.isTTY !== true || ctx.stdout.isTTY !== true) {
		throw new AppError("invalid", "The console needs a terminal, and here is none.", {
			hint: `Without one, ask the far daemon by commands: VEDETTE_DAEMON=${address} vedette findings`,
		});
	}
	const { client, link, label } = await attachSsh(address, { env: ctx.env, ...options });
	try {
		const { openConsole } = await import("../console.tsx");
		await openConsole({
			...{ client, link, stdin: ctx.stdin, stdout: ctx.stdout },
			...{ readOnly: options.readOnly === true, daemonLabel: label },
		});
	} finally {
		await client.close();
	}
}
