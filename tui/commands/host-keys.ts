/** `vedette credential trust`, `untrust` and `keys`: which host keys somebody has confirmed. */
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as hostkeys from "../../protocol/methods/hostkeys.ts";
import type { ShownHostKey } from "../../protocol/model/credential.ts";
import { readKeyText } from "../components/credential/key-text.ts";
import { plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext, RunAction } from "./command.ts";
import { hostKeyColumns } from "./credential-text.ts";
import { jsonText, printList } from "./print.ts";

interface TrustOptions {
	port: string;
	fingerprint?: string;
	publicKey?: string;
	json?: boolean;
}

export function registerHostKeys(command: Command, run: RunAction): void {
	command
		.command("trust <host>")
		.description("trust a host by its key: shows the fingerprint it has and asks whether that is right")
		.option("--port <n>", "where SSH listens", "22")
		.option("--fingerprint <sha256>", "the one it must be; then nothing is asked")
		.option("--public-key <file>", "its public key, brought over by hand; then nothing is sent to it")
		.option("--json", "one JSON document")
		.action((host: string, options: TrustOptions) =>
			run(async (ctx) => {
				const port = parsePort(options.port);
				const publicKey = options.publicKey === undefined ? undefined : readKeyText(options.publicKey);
				const client = await ctx.connect({ start: true });
				const fingerprint =
					options.fingerprint ??
					(publicKey === undefined ? await confirm(ctx, client, host, port) : fingerprintNeeded(options));
				const line = publicKey === undefined ? {} : { publicKey };
				const added = await client.call(hostkeys.trust, { host, port, fingerprint, ...line });
				if (options.json === true) ctx.print(jsonText(added));
				else ctx.print(`${harmless(added.host)} port ${added.port} is trusted by its ${added.type} key.`);
			}),
		);
	command
		.command("untrust <host>")
		.description("trust a host no longer; OpenSSH's known_hosts stays as it is")
		.option("--port <n>", "where SSH listens", "22")
		.option("--fingerprint <sha256>", "this key only")
		.option("--json", "one JSON document")
		.action((host: string, options: TrustOptions) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { fingerprint } = options;
				const only = fingerprint === undefined ? {} : { fingerprint };
				const outcome = await client.call(hostkeys.forget, { host, port: parsePort(options.port), ...only });
				if (options.json === true) ctx.print(jsonText(outcome));
				else ctx.print(`Forgot ${plural(outcome.forgotten.length, "key")} of ${harmless(host)}.`);
			}),
		);
	command
		.command("keys")
		.description("list the host keys somebody has confirmed")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				printList(ctx, await client.call(hostkeys.list, {}), {
					json: options.json,
					columns: hostKeyColumns(Date.now()),
					empty: "No host key was confirmed here; those of OpenSSH's known_hosts count all the same.",
				});
			}),
		);
}

/** The fingerprint that somebody has said is right. Throws `cancelled` for a no, `invalid` where nobody can be asked. */
async function confirm(ctx: CommandContext, client: Client, host: string, port: number): Promise<string> {
	const shown = await client.call(hostkeys.look, { host, port });
	for (const line of describe(shown)) ctx.stderr.write(`${harmless(line)}\n`);
	if (shown.trusted === "yes") return shown.fingerprint;
	if (shown.trusted === "changed") {
		throw new AppError("conflict", "The key has changed; nothing was trusted.", {
			hint: `Once you know why: vedette credential untrust ${host}${portOption(port)}, then trust it again.`,
		});
	}
	if (ctx.stdin.isTTY !== true) {
		throw new AppError("invalid", "Nobody is there to say whether that is the right key.", {
			hint: `Compare it, then: vedette credential trust ${host}${portOption(port)} --fingerprint ${shown.fingerprint}`,
		});
	}
	const ask = createInterface({ input: ctx.stdin, output: ctx.stderr });
	const answer = await ask.question("Is that the host's own? yes, no, or its fingerprint: ").finally(() => ask.close());
	if (answer.trim().toLowerCase() === "yes" || answer.trim() === shown.fingerprint) return shown.fingerprint;
	throw new AppError("cancelled", "Nothing was trusted.", {
		hint: "If the key is not the host's, find out whose it is.",
	});
}

function describe({ host, address, port, type, fingerprint, trusted }: ShownHostKey): string[] {
	const where = host === address ? host : `${host} (${address})`;
	const standing = {
		yes: ["It is trusted already."],
		no: ["On the host itself: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub (or the file of that type)."],
		changed: ["IT HAS CHANGED: the host was trusted by another key. Find out why before anything else."],
	};
	return [`${where} port ${port} shows ${type} ${fingerprint}.`, ...standing[trusted]];
}

function fingerprintNeeded({ publicKey }: TrustOptions): never {
	throw new AppError("invalid", "The fingerprint you have compared is needed too.", {
		hint: `See it with: ssh-keygen -lf ${publicKey ?? "FILE"}. Then add: --fingerprint SHA256:…`,
	});
}

function portOption(port: number): string {
	return port === 22 ? "" : ` --port ${port}`;
}

function parsePort(text: string): number {
	const port = Number(text);
	if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
	throw new AppError("invalid", `${JSON.stringify(text)} is no port.`, { hint: "A whole number from 1 to 65535." });
}
