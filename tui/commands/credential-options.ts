/** The options of `vedette credential add` and `edit`, and how secrets are come by: from a file, a prompt or a pipe. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { AppError } from "../../protocol/errors.ts";
import type { NewProof } from "../../protocol/model/credential.ts";
import { privilegeMethods } from "../../protocol/model/credential.ts";
import { splitTargets } from "../../protocol/target/item.ts";
import { parseJump } from "../components/credential/jump-words.ts";
import { largestFile, readKeyText } from "../components/credential/key-text.ts";
import type { CommandContext } from "./command.ts";
import { askHidden, StandardInput } from "./hidden-prompt.ts";

export interface CredentialOptions {
	user?: string;
	key?: string;
	keyPath?: string;
	passphrase?: boolean;
	passphraseStdin?: boolean;
	certificate?: string;
	password?: boolean;
	passwordStdin?: boolean;
	agent?: string | true;
	ports?: string;
	sudo?: (typeof privilegeMethods)[number];
	sudoUser?: string;
	sudoPassword?: "none" | "login" | "own";
	sudoPasswordStdin?: boolean;
	jump?: string;
	target?: string[];
	exclude?: string[];
	order?: string;
	leastPrivilege?: "yes" | "no";
	tracking?: "yes" | "no";
	enabled?: "yes" | "no";
	name?: string;
	json?: boolean;
}

export function addCredentialOptions(command: Command): Command {
	const yesOrNo = (flag: string, what: string) => new Option(`${flag} <yes|no>`, what).choices(["yes", "no"]);
	return command
		.option("--key <file>", "private key, stored; - for standard input")
		.option("--key-path <path>", "private key that stays where it is on the daemon's machine, read at each login")
		.option("--passphrase", "ask for the passphrase of the key")
		.option("--passphrase-stdin", "read it from standard input")
		.option("--certificate <file>", "OpenSSH user certificate for the key")
		.option("--password", "ask for the password")
		.option("--password-stdin", "read it from standard input")
		.option("--agent [socket]", "keys of an agent on the daemon's machine; without a path the daemon's own")
		.option("--ports <list>", "where SSH may listen, tried in order: 22,2222")
		.addOption(
			new Option("--sudo <method>", "how to become another user where that is needed").choices([...privilegeMethods]),
		)
		.option("--sudo-user <user>", "who to become (root)")
		.addOption(
			new Option(
				"--sudo-password <which>",
				"what answers when it asks: nothing, the login's, or one of its own",
			).choices(["none", "login", "own"]),
		)
		.option("--sudo-password-stdin", "read its own password from standard input")
		.option("--jump <hosts>", "none, ssh-config (as it is set there), or [user@]host[:port],… to go through")
		.option("--target <target...>", 'where it is used: addresses, blocks, ranges, names, group:Web, tag:Web, or "all"')
		.option("--exclude <target...>", "where it is never used")
		.option("--order <n>", "place among credentials with equally specific targets, from 1")
		.addOption(yesOrNo("--least-privilege", "run only single, known commands as another user, never a shell"))
		.addOption(yesOrNo("--tracking", "whether a host id may be written to targets (no)"))
		.addOption(yesOrNo("--enabled", "whether it is used at all (yes)"))
		.option("--json", "one JSON document");
}

/** Everything that is no secret, as the methods take it; what is not said is not in it. */
export function readWords(options: CredentialOptions) {
	const { user, ports, sudo, sudoUser, sudoPassword, sudoPasswordStdin, jump, target, exclude, order } = options;
	const own = sudoPasswordStdin === true ? "own" : sudoPassword;
	const privileges = {
		...(sudo === undefined ? {} : { method: sudo }),
		...(sudoUser === undefined ? {} : { user: sudoUser }),
		...(own === undefined ? {} : { password: own }),
	};
	return {
		...(user === undefined ? {} : { user }),
		...(ports === undefined ? {} : { ports: ports.split(",").map((one) => parseNumber(one, 65_535, "port")) }),
		...(Object.keys(privileges).length === 0 ? {} : { sudo: privileges }),
		...(jump === undefined ? {} : { jump: parseJump(jump) }),
		...(target === undefined ? {} : { targets: target.flatMap(splitTargets) }),
		...(exclude === undefined ? {} : { excluded: exclude.flatMap(splitTargets).filter((one) => one !== "none") }),
		...(order === undefined ? {} : { order: parseNumber(order, 1_000, "order") }),
		...yes("leastPrivilege", options.leastPrivilege),
		...yes("tracking", options.tracking),
		...yes("enabled", options.enabled),
	};
}

/** Secrets as the options say they come: those of a pipe in the order password, passphrase, sudo's password, key. */
export async function readProofs(ctx: CommandContext, options: CredentialOptions) {
	const pipe = new StandardInput(ctx);
	const { key, keyPath, agent } = options;
	if (key === "-" && (options.passwordStdin || options.passphraseStdin || options.sudoPasswordStdin)) {
		throw new AppError("invalid", "Standard input can hold the key or other secrets, not both.", {
			hint: "Name the file of the key: --key FILE",
		});
	}
	const password = options.passwordStdin
		? await pipe.line("password")
		: options.password
			? await askHidden(ctx, `Password${options.user === undefined ? "" : ` of ${options.user}`}`)
			: undefined;
	const passphrase = options.passphraseStdin
		? await pipe.line("passphrase")
		: options.passphrase
			? await askHidden(ctx, "Passphrase of the key")
			: undefined;
	const ownPassword = options.sudoPasswordStdin
		? await pipe.line("password for sudo")
		: options.sudoPassword === "own"
			? await askHidden(ctx, `Password for ${options.sudo ?? "sudo"}`)
			: undefined;
	const withKey = {
		...(passphrase === undefined ? {} : { passphrase }),
		...(options.certificate === undefined ? {} : { certificate: readKeyText(options.certificate) }),
	};
	const proofs: NewProof[] = [];
	if (key !== undefined) {
		const privateKey = key === "-" ? await pipe.all(largestFile) : readKeyText(key);
		proofs.push({ kind: "key", privateKey, ...withKey });
	}
	if (keyPath !== undefined) proofs.push({ kind: "key-file", path: resolve(keyPath), ...withKey });
	if (agent !== undefined) proofs.push({ kind: "agent", socket: agent === true ? null : resolve(agent) });
	if (password !== undefined) proofs.push({ kind: "password", password });
	if (Object.keys(withKey).length > 0 && key === undefined && keyPath === undefined) {
		throw new AppError("invalid", "A passphrase or a certificate needs its key.", { hint: "Name it too: --key FILE" });
	}
	return { proofs, ...(ownPassword === undefined ? {} : { ownPassword }) };
}

/** The same proofs, with the passphrase for those keys that have none. */
export function withPassphrase(proofs: readonly NewProof[], passphrase: string): NewProof[] {
	return proofs.map((proof) => (proof.kind === "key" || proof.kind === "key-file" ? { passphrase, ...proof } : proof));
}

function parseNumber(text: string, most: number, what: string): number {
	const value = Number(text.trim());
	if (Number.isInteger(value) && value >= 1 && value <= most) return value;
	throw new AppError("invalid", `${JSON.stringify(text)} is no ${what}.`, {
		hint: `A whole number from 1 to ${most}.`,
	});
}

function yes<K extends string>(key: K, value: "yes" | "no" | undefined): { [P in K]?: boolean } {
	return (value === undefined ? {} : { [key]: value === "yes" }) as { [P in K]?: boolean };
}
