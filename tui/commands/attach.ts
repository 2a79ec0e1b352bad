/** `vedette attach`: the console on the daemon of another machine, over ssh or by token over TLS. */
import { AppError } from "../../protocol/errors.ts";
import { type Attached, type AttachOptions, attachSsh } from "../connect/attach.ts";
import type { NetworkOptions, Questions } from "../connect/attach-network.ts";
import { consoleOptions } from "../connect/console-files.ts";
import { withCrashNote } from "../connect/crash-note.ts";
import { isNetworkAddress } from "../connect/network-address.ts";
import { askLine } from "./ask-line.ts";
import type { CommandContext, CommandFile } from "./command.ts";
import { askHidden } from "./hidden-prompt.ts";
import { isPlainAsked, openPlainHere } from "./plain-console.ts";

type OverSsh = Pick<AttachOptions, "ssh" | "remote" | "home" | "socket">;
type OverNetwork = Pick<NetworkOptions, "tokenFile" | "fingerprint">;
type Options = Pick<AttachOptions, "readOnly"> & OverSsh & OverNetwork & { plain?: boolean };

const sshOptions = ["ssh", "remote", "home", "socket"] as const satisfies readonly (keyof OverSsh)[];
const networkOptions = ["tokenFile", "fingerprint"] as const satisfies readonly (keyof OverNetwork)[];

export const attachCommand: CommandFile = {
	register(program, run) {
		program
			.command("attach <address>")
			.description(
				"open the console on the daemon of another machine: ssh://user@host, wss://host:port, or a host of your ssh config",
			)
			.option("--read-only", "without the right to change anything")
			.option("--plain", "line by line, for screen readers, simple terminals and scripts that type")
			.option("--ssh <command>", "the program that goes there, with its options (default: ssh)")
			.option("--remote <command>", "how vedette is called in the shell there (default: vedette)")
			.option("--home <folder>", "the VEDETTE_HOME there, where it is not the default one")
			.option("--socket <path>", "the socket there, for those whom somebody's daemon lets in (vedette access)")
			.option(
				"--token-file <file>",
				"for wss://: the file with your access token (default: VEDETTE_TOKEN, else it is asked for)",
			)
			.option("--fingerprint <sha256:…>", "for wss://: the certificate it must show, and from now on")
			.addHelpText(
				"after",
				`
Passwords and second factors are asked for before the screen opens. Scans go on when the line drops; the console
connects again by itself. Other commands use the far daemon too: VEDETTE_DAEMON=ssh://ana@web-01 vedette findings

wss:// is for a daemon that listens on the network (vedette access listen) and lets you in by a token. The
certificate is shown at first use and remembered; another one later is not spoken to.

Examples:
  vedette attach ssh://ana@web-01
  vedette attach --ssh 'ssh -J bastion' ana@10.0.0.5 --read-only
  vedette attach wss://scanner.example:7443 --token-file ~/.vedette-token`,
			)
			.action((address: string, options: Options) => run((ctx) => openAttached(ctx, address, options)));
	},
};

/** The console on a far daemon, line by line where that is asked for. Raises `invalid` without a terminal for the one with a picture. */
export async function openAttached(ctx: CommandContext, address: string, options: Options): Promise<void> {
	const isPlain = isPlainAsked(ctx, options.plain);
	if (!isPlain && (ctx.stdin.isTTY !== true || ctx.stdout.isTTY !== true)) {
		throw new AppError("invalid", "The console needs a terminal, and here is none.", {
			hint: `Line by line it works without: vedette attach --plain ${address}. Or by commands: VEDETTE_DAEMON=${address} vedette findings`,
		});
	}
	const attaching = attach(ctx, address, options);
	// Read while the line is waited for; what is asked before is asked by the other.
	const loading = isPlain ? import("../plain/open-plain.ts") : import("../console.tsx");
	const { client, link, label } = await attaching;
	try {
		const opened = await loading;
		const parts = {
			...{ ...(await consoleOptions(ctx.env)), client, link },
			...{ readOnly: options.readOnly === true, daemonLabel: label },
		};
		const { stdin, stdout } = ctx;
		await withCrashNote(ctx.env, () =>
			"openPlain" in opened ? openPlainHere(ctx, opened, parts) : opened.openConsole({ ...parts, stdin, stdout }),
		);
	} finally {
		await client.close();
	}
}

async function attach(ctx: CommandContext, address: string, options: Options): Promise<Attached> {
	const overNetwork = isNetworkAddress(address);
	const stray = (overNetwork ? sshOptions : networkOptions).find((name) => options[name] !== undefined);
	if (stray !== undefined) {
		const flag = stray === "tokenFile" ? "--token-file" : `--${stray}`;
		throw new AppError(
			"invalid",
			`${flag} is for ${overNetwork ? "ssh" : "wss://"} addresses, and ${address} is none.`,
		);
	}
	if (!overNetwork) return attachSsh(address, { env: ctx.env, ...options });
	const { attachNetwork } = await import("../connect/attach-network.ts");
	return attachNetwork(address, { env: ctx.env, ...options, questions: questionsAt(ctx) });
}

function questionsAt(ctx: CommandContext): Questions {
	return {
		async confirm(lines, question) {
			ctx.stderr.write(`${lines.join("\n")}\n`);
			return /^y(es)?$/i.test((await askLine(ctx, question)).trim());
		},
		secret: (question) => askHidden(ctx, question),
	};
}
