/** `vedette daemon`: run the daemon in the foreground, start it in the background, or stop the one that runs. */
import { AppError } from "../../protocol/errors.ts";
import * as daemon from "../../protocol/methods/daemon.ts";
import type { CommandFile } from "./command.ts";
import { type ListenOptions, listenerOf } from "./listen-options.ts";

export const daemonCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("daemon")
			.description("run the daemon in the foreground (for systemd, or to watch its log)")
			.option("--background", "log to the home's file instead of standard error")
			.option("--listen <address:port>", "listen on the network too, for those with a token; beyond loopback with TLS")
			.option("--tls", "TLS on loopback too")
			.option("--cert <file>", "PEM file of the certificate (default: one it makes itself)")
			.option("--key <file>", "PEM file of its key")
			.addHelpText("after", daemonExamples)
			.action((options: { background?: boolean } & Partial<ListenOptions>) =>
				run(async (ctx) => {
					const { listen } = options;
					if (listen === undefined && (options.tls || options.cert || options.key)) {
						throw new AppError("invalid", "--tls, --cert and --key say how to listen, and nothing says where.", {
							hint: "Add --listen, for example: vedette daemon --listen 0.0.0.0:7443",
						});
					}
					const { main } = await import("../daemon-process.ts");
					const listener = listen === undefined ? null : listenerOf(listen, options);
					ctx.exit(await main({ background: options.background === true, listener }));
				}),
			);
		command
			.command("start")
			.description("start it in the background; does nothing when it runs already")
			.action(() =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const status = await client.call(daemon.status, {});
					ctx.print(`The daemon runs (pid ${status.pid}). Stop it with: vedette daemon stop`);
				}),
			);
		command
			.command("stop")
			.description("stop it; running scans carry on at the next start")
			.action(() =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const { runningScans } = await client.call(daemon.status, {});
					await client.call(daemon.stop, {});
					ctx.print(`The daemon stops.${runningScans > 0 ? " Running scans carry on when it starts again." : ""}`);
				}),
			);
	},
};

const daemonExamples = `
It answers on a socket of its home. --listen is for the time it runs; to have it listen at every start, and to see its
certificate's fingerprint: vedette access listen. SIGHUP has it read the certificate again.

Examples:
  vedette daemon --listen 127.0.0.1:7443
  vedette daemon --listen 0.0.0.0:7443 --cert /etc/ssl/scanner.pem --key /etc/ssl/private/scanner.key`;
