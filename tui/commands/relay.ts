/** `vedette relay`: the far end of `vedette attach`; standard input and output are a connection to the daemon here. */
import { connect } from "node:net";
import { pipeline } from "node:stream/promises";
import { resolveHome } from "../../protocol/home.ts";
import { connectHome } from "../connect/connect-home.ts";
import { otherSocket } from "../connect/other-socket.ts";
import { relayGreeting } from "../connect/relay-child.ts";
import { version } from "../version.ts";
import type { CommandFile } from "./command.ts";

export const relayCommand: CommandFile = {
	register(program, run) {
		program
			.command("relay")
			.description("what `vedette attach` runs on the far machine: a connection over standard input and output")
			.action(() =>
				run(async (ctx) => {
					// Starts a daemon where none runs, but for a console that comes back, and says what is wrong in words before
					// anything is carried.
					const env: NodeJS.ProcessEnv = { ...ctx.env, VEDETTE_DAEMON: undefined };
					await (await connectHome({ env, start: !env.VEDETTE_NO_START })).close();
					const socket = connect(otherSocket(env) ?? resolveHome(env).socketPath);
					ctx.stdout.write(`${relayGreeting} ${version}\n`);
					// The other end going away is how a connection ends, in whichever direction it shows first.
					await Promise.race([pipeline(ctx.stdin, socket), pipeline(socket, ctx.stdout)]).catch(() => undefined);
					socket.destroy();
				}),
			);
	},
};
