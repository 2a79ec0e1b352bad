/** `vedette access listen`: whether and where the daemon listens on the network. */
import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import * as access from "../../protocol/methods/access.ts";
import type { NetworkDoor } from "../../protocol/model/operator.ts";
import { harmless } from "../text/harmless.ts";
import type { RunAction } from "./command.ts";
import { type ListenOptions, listenerOf } from "./listen-options.ts";
import { jsonText } from "./print.ts";

export function registerAccessListen(command: Command, run: RunAction): void {
	command
		.command("listen [address:port]")
		.description("listen on the network too, for those with a token; `off` ends it; without an address: where it does")
		.option("--tls", "TLS on loopback too; beyond this machine there is TLS in any case")
		.option("--cert <file>", "PEM file of the certificate, on the daemon's machine (default: one it makes itself)")
		.option("--key <file>", "PEM file of its key")
		.option("--json", "one JSON document")
		.addHelpText("after", examples)
		.action((address: string | undefined, options: Partial<ListenOptions> & { json?: boolean }) =>
			run(async (ctx) => {
				if ((options.tls || options.cert || options.key) && (address === undefined || address === "off")) {
					throw new AppError("invalid", "--tls, --cert and --key say how to listen, and nothing says where.", {
						hint: "For example: vedette access listen 0.0.0.0:7443 --cert c.pem --key k.pem",
					});
				}
				const client = await ctx.connect({ start: true });
				const { network } =
					address === undefined
						? await client.call(access.list, {})
						: await client.call(access.setListener, {
								listener: address === "off" ? null : listenerOf(address, options),
							});
				if (options.json === true) return ctx.print(jsonText(network));
				const lines = networkLines(network);
				for (const line of lines.length > 0 ? lines : ["It does not listen on the network."]) ctx.print(line);
			}),
		);
}

const examples = `
Examples:
  vedette access listen 127.0.0.1:7443           this machine alone, without TLS
  vedette access listen 0.0.0.0:7443             every address, with TLS and a certificate of its own
  vedette access token create ana --access operate --expires 90d
  vedette attach wss://scanner.example:7443 --token-file ~/.vedette-token
  vedette access listen off`;

/** Nothing for a door that is closed and nobody asked to open. */
export function networkLines({ listensOn, tls, fingerprint, validUntil, problem }: NetworkDoor): string[] {
	const lines = problem === null ? [] : [harmless(`The network: ${problem}`)];
	if (listensOn === null) return lines;
	const until = validUntil === null ? "" : `, valid until ${validUntil.slice(0, 10)}`;
	return [
		...lines,
		`Listens on ${listensOn} for those with a token: vedette attach ${tls ? "wss" : "ws"}://${attachable(listensOn)}`,
		...(fingerprint === null ? [] : [`Its certificate is ${fingerprint}${until}`]),
	];
}

/** `0.0.0.0` is every address of the machine, and no one's to attach to. */
function attachable(listensOn: string): string {
	return listensOn.replace(/^(0\.0\.0\.0|\[::\])(?=:)/, "HOST");
}
