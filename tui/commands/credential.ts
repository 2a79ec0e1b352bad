/** `vedette credential`: with what Vedette logs in where, and which host keys it trusts. Secrets are never arguments. */
import type { Command } from "commander";
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as credentials from "../../protocol/methods/credentials.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext, CommandFile, RunAction } from "./command.ts";
import {
	addCredentialOptions,
	type CredentialOptions,
	readProofs,
	readWords,
	withPassphrase,
} from "./credential-options.ts";
import { credentialColumns, describeCredential, describeMatches, describeSecrets } from "./credential-text.ts";
import { askHidden, askHiddenTwice, StandardInput } from "./hidden-prompt.ts";
import { registerHostKeys } from "./host-keys.ts";
import { exitCodes } from "./outcome.ts";
import { jsonText, printList } from "./print.ts";

export const credentialCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("credential")
			.description("with what Vedette logs in where, and the host keys it trusts; secrets go in and never come out");
		registerReports(command, run);
		registerChanges(command, run);
		registerProtection(command, run);
		registerHostKeys(command, run);
	},
};

function registerReports(command: Command, run: RunAction): void {
	command
		.command("list", { isDefault: true })
		.description("list the credentials in their order")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const page = await client.call(credentials.list, {});
				if (options.json === true) {
					ctx.print(jsonText(page));
					return;
				}
				printList(ctx, page, {
					columns: credentialColumns(Date.now()),
					empty: "There are no credentials. Store one with: vedette credential add NAME --user USER --key FILE",
				});
				if (page.secrets.locked)
					ctx.print("\nThe secrets are locked: nothing is logged in to before vedette credential unlock.");
			}),
		);
	command
		.command("show <credential>")
		.description("one credential: everything but its secrets")
		.option("--json", "one JSON document")
		.action((credential: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const found = await client.call(credentials.get, { credential });
				if (options.json === true) ctx.print(jsonText(found));
				else for (const line of describeCredential(found, Date.now())) ctx.print(line);
			}),
		);
	command
		.command("match <address>")
		.description("which credentials would be used for an address or host name, in which order, and why")
		.option("--json", "one JSON document")
		.action((target: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const found = await client.call(credentials.match, { target });
				if (options.json === true) ctx.print(jsonText(found));
				else for (const one of found.items) for (const line of describeMatches(one)) ctx.print(line);
			}),
		);
}

function registerChanges(command: Command, run: RunAction): void {
	addCredentialOptions(
		command
			.command("add <name>")
			.allowExcessArguments()
			.description("store a credential: a key, a password, an agent, or several of them")
			.requiredOption("--user <user>", "who to log in as"),
	).action((name: string, options: CredentialOptions & { user: string }, { args }: Command) =>
		run(async (ctx) => {
			refuseFurther(args, 1);
			if (!hasProof(options)) {
				throw new AppError("invalid", "There is nothing to log in with.", {
					hint: "Give one or more of: --key FILE, --key-path PATH, --password, --password-stdin, --agent",
				});
			}
			const words = { ...readWords(options), user: options.user, name };
			const { proofs, ...own } = await readProofs(ctx, options);
			const client = await ctx.connect({ start: true });
			const made = await askingPassphrase(ctx, options, proofs, (all) =>
				client.call(credentials.create, { ...words, ...own, proofs: all }),
			);
			if (options.json === true) ctx.print(jsonText(made));
			else {
				ctx.print(`Stored ${harmless(made.name)} for ${harmless(made.targets.join(", "))}.`);
				await sayLocked(ctx, client);
			}
		}),
	);
	addCredentialOptions(
		command
			.command("edit <credential>")
			.allowExcessArguments()
			.description("change a credential; what is not named stays, keys and passwords are replaced all together")
			.option("--name <name>", "another name")
			.option("--user <user>", "who to log in as"),
	).action((credential: string, options: CredentialOptions, { args }: Command) =>
		run(async (ctx) => {
			refuseFurther(args, 1);
			const { name } = options;
			const words = { ...readWords(options), ...(name === undefined ? {} : { name }) };
			const { proofs, ...own } = await readProofs(ctx, options);
			if (proofs.length === 0 && Object.keys({ ...words, ...own }).length === 0) {
				throw new AppError("invalid", "Nothing to change was named.", { hint: "See: vedette credential edit --help" });
			}
			const client = await ctx.connect({ start: true });
			const made = await askingPassphrase(ctx, options, proofs, (all) =>
				client.call(credentials.edit, { credential, ...words, ...own, ...(all.length === 0 ? {} : { proofs: all }) }),
			);
			if (options.json === true) ctx.print(jsonText(made));
			else ctx.print(`Changed ${harmless(made.name)}.`);
		}),
	);
	command
		.command("remove <credential>")
		.description("delete a credential with its secrets")
		.option("--json", "one JSON document")
		.action((credential: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const outcome = await client.call(credentials.remove, { credential });
				if (options.json === true) ctx.print(jsonText(outcome));
				else ctx.print(`Removed ${harmless(outcome.deleted.name)} and its secrets.`);
			}),
		);
	command
		.command("untrack <host...>")
		.description("log in and remove the host id that tracking wrote there; another product's stays")
		.option("--credential <name>", "with this one, instead of the first that is for the host")
		.option("--json", "one JSON document")
		.addHelpText("after", "\nExample: vedette credential untrack 192.0.2.7 web.example.org")
		.action((hosts: string[], options: UntrackOptions) => run((ctx) => untrack(ctx, hosts, options)));
}

interface UntrackOptions {
	credential?: string;
	json?: boolean;
}

/** Each by itself: one that cannot be reached does not keep the others. */
async function untrack(ctx: CommandContext, hosts: readonly string[], { credential, json }: UntrackOptions) {
	const client = await ctx.connect({ start: true });
	const items: { host: string; removed: boolean; id: string | null; problem: string | null }[] = [];
	for (const target of hosts) {
		try {
			const asked = { target, ...(credential === undefined ? {} : { credential }) };
			const { removed, id } = await client.call(credentials.untrack, asked);
			items.push({ host: target, removed, id, problem: null });
			if (json !== true) ctx.print(`${harmless(target)}: ${removed ? `removed ${id ?? "it"}` : "there was none"}.`);
		} catch (err) {
			if (!(err instanceof AppError)) throw err;
			items.push({ host: target, removed: false, id: null, problem: err.message });
			if (json !== true) ctx.print(`${harmless(target)}: ${harmless(err.message)} ${harmless(err.hint ?? "")}`);
		}
	}
	if (json === true) ctx.print(jsonText({ items, total: items.length }));
	const bad = items.filter(({ problem }) => problem !== null).length;
	if (bad > 0) ctx.exit(bad === items.length ? exitCodes.failed : exitCodes.partial);
}

function registerProtection(command: Command, run: RunAction): void {
	command
		.command("unlock")
		.allowExcessArguments()
		.description("open the secrets with their passphrase, until the daemon ends")
		.option("--passphrase-stdin", "read the passphrase from standard input")
		.option("--json", "one JSON document")
		.action((options: { passphraseStdin?: boolean; json?: boolean }, { args }: Command) =>
			run(async (ctx) => {
				refuseFurther(args, 0);
				const client = await ctx.connect({ start: true });
				const { secrets } = await client.call(credentials.list, {});
				if (!secrets.locked) {
					ctx.print(options.json === true ? jsonText(secrets) : "The secrets are not locked.");
					return;
				}
				const passphrase =
					options.passphraseStdin === true
						? await new StandardInput(ctx).line("passphrase")
						: await askHidden(ctx, "Passphrase of the secrets");
				const state = await client.call(credentials.unlock, { passphrase });
				ctx.print(options.json === true ? jsonText(state) : "The secrets are unlocked until the daemon ends.");
			}),
		);
	command
		.command("protect")
		.allowExcessArguments()
		.description("keep the secrets by a passphrase, asked for after each start of the daemon")
		.option("--off", "no longer: by a systemd credential or a key file again")
		.option("--passphrase-stdin", "read the new passphrase from standard input")
		.option("--json", "one JSON document")
		.action((options: { off?: boolean; passphraseStdin?: boolean; json?: boolean }, { args }: Command) =>
			run(async (ctx) => {
				refuseFurther(args, 0);
				const client = await ctx.connect({ start: true });
				const passphrase = options.off === true ? null : await newPassphrase(ctx, options.passphraseStdin === true);
				const state = await client.call(credentials.protect, { passphrase });
				if (options.json === true) ctx.print(jsonText(state));
				else {
					ctx.print(describeSecrets(state));
					if (passphrase !== null)
						ctx.print(
							"After each start of the daemon: vedette credential unlock. A lost passphrase cannot be replaced.",
						);
				}
			}),
		);
}

async function newPassphrase(ctx: CommandContext, fromStdin: boolean): Promise<string> {
	const passphrase = fromStdin
		? await new StandardInput(ctx).line("passphrase")
		: await askHiddenTwice(ctx, "New passphrase of the secrets");
	if (passphrase.length >= 8) return passphrase;
	throw new AppError("invalid", "The passphrase is too short.", { hint: "Take 8 characters or more." });
}

/** A secret typed as an argument is refused without being repeated; its place in the shell's history is for its owner to mend. */
function refuseFurther(args: readonly string[], most: number): void {
	if (args.length <= most) return;
	throw new AppError("invalid", "Too many arguments.", {
		hint: "Secrets are never arguments: they are asked for, or read from standard input. If that was one, take it out of your shell's history and change it.",
	});
}

function hasProof(options: CredentialOptions): boolean {
	const { key, keyPath, agent, password, passwordStdin } = options;
	return [key, keyPath, agent].some((one) => one !== undefined) || password === true || passwordStdin === true;
}

/** Once more with a passphrase, where a key turns out to need one and somebody sits at a terminal. */
async function askingPassphrase<T>(
	ctx: CommandContext,
	{ key, passphrase, passphraseStdin }: CredentialOptions,
	proofs: Awaited<ReturnType<typeof readProofs>>["proofs"],
	store: (proofs: Awaited<ReturnType<typeof readProofs>>["proofs"]) => Promise<T>,
): Promise<T> {
	try {
		return await store(proofs);
	} catch (err) {
		const needed = err instanceof AppError && err.details?.problem === "encrypted";
		const asked = passphrase === true || passphraseStdin === true;
		if (!needed || asked || key === "-" || ctx.stdin.isTTY !== true) throw err;
		return store(withPassphrase(proofs, await askHidden(ctx, "Passphrase of the key")));
	}
}

async function sayLocked(ctx: CommandContext, client: Client): Promise<void> {
	const { secrets } = await client.call(credentials.list, {});
	ctx.print(describeSecrets(secrets));
}
