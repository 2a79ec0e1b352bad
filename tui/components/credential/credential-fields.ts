/** The fields of a credential as a form has them, and what is typed there as the methods take it. */
import { resolve } from "node:path";
import { AppError } from "../../../protocol/errors.ts";
import { type Credential, type NewProof, privilegeMethods } from "../../../protocol/model/credential.ts";
import { splitTargets } from "../../../protocol/target/item.ts";
import type { FormField, FormValues } from "../../screens/view.ts";
import { jumpText, parseJump } from "./jump-words.ts";
import { readKeyText } from "./key-text.ts";

const answers = ["none", "login", "own"] as const;
const places = ["stays in its file", "is stored"] as const;
const yesOrNo = ["no", "yes"] as const;

export function fieldsOf(before: Credential | null): FormField[] {
	const key = before?.proofs.find((proof) => proof.kind === "key");
	const path = key?.kind === "key" ? (key.path ?? "") : "";
	const agent = before?.proofs.find((proof) => proof.kind === "agent");
	const now = (what: string) => `now ${what}; typed anew it replaces all`;
	return [
		{ name: "user", label: "User", value: before?.user ?? "", hint: "who to log in as" },
		{
			...{ name: "targets", label: "Targets", value: before?.targets.join(", ") ?? "" },
			hint: "192.0.2.0/24  web.example.org  group:Servers  tag:Linux; empty for all",
		},
		{
			...{ name: "excluded", label: "Never for", value: before?.excluded.join(", ") ?? "" },
			hint: "written as targets are; this always wins",
		},
		{
			name: "ports",
			label: "Ports",
			value: before?.ports.join(",") ?? "22",
			hint: "where SSH may listen, tried in order: 22,2222",
		},
		{
			...{ name: "key", label: "Key file", value: "" },
			hint: path === "" ? "path of the private key" : now(path),
		},
		{
			...{ name: "place", label: "The key", value: places[0], choices: places },
			hint: (value) =>
				value === places[0] ? "read at each login, on the daemon's machine" : "read here once, and kept sealed",
		},
		{ name: "passphrase", label: "Passphrase", value: "", hint: "of the key file, where it has one", secret: true },
		{
			...{ name: "certificate", label: "Certificate", value: "" },
			hint: "path of the OpenSSH user certificate for the key, read here",
		},
		{
			...{ name: "agent", label: "Agent", value: "" },
			hint: agent === undefined ? "yes for the daemon's own, or its socket's path" : now("an agent"),
		},
		{ name: "password", label: "Password", value: "", hint: "of the user; nobody is shown it again", secret: true },
		{
			...{ name: "sudo", label: "Rights by", value: before?.sudo.method ?? "none", choices: privilegeMethods },
			hint: "how what only root may read is gathered",
		},
		{ name: "sudoUser", label: "Whom", value: before?.sudo.user ?? "root", hint: "who to become" },
		{
			...{ name: "answer", label: "Its password", value: before?.sudo.password ?? "none", choices: answers },
			hint: "none, the login's, or one of its own",
		},
		{ name: "own", label: "Own password", value: "", hint: "of sudo, su or doas, where it is its own", secret: true },
		{
			...{ name: "least", label: "Least rights", value: before?.leastPrivilege ? "yes" : "no", choices: yesOrNo },
			hint: "only those of the list are run as another, never a shell",
		},
		{
			...{ name: "jump", label: "Way", value: before === null ? "ssh-config" : jumpText(before.jump) },
			hint: "none, ssh-config, or user@host:port with commas between several",
		},
		{
			...{ name: "tracking", label: "Host id", value: before?.tracking ? "yes" : "no", choices: yesOrNo },
			hint: "whether one may be written to the hosts, to know them again",
		},
	];
}

/** Everything that is no secret. `before`: what a form cannot show of it stays while it is not changed. */
export function wordsOf(values: FormValues, before: Credential | null) {
	const { user = "", targets = "", excluded = "", ports = "", sudo, sudoUser = "", answer, jump = "" } = values;
	const wanted = splitTargets(targets);
	return {
		...{ user: user.trim(), targets: wanted.length === 0 ? ["all"] : wanted, excluded: splitTargets(excluded) },
		ports: ports
			.split(/[\s,]+/)
			.filter((one) => one !== "")
			.map(Number),
		sudo: {
			method: privilegeMethods.find((one) => one === sudo) ?? "none",
			password: answers.find((one) => one === answer) ?? "none",
			user: sudoUser.trim() || "root",
		},
		leastPrivilege: values.least === "yes",
		tracking: values.tracking === "yes",
		...(before !== null && jump.trim() === jumpText(before.jump) ? {} : { jump: parseJump(jump.trim() || "none") }),
	};
}

/** Something to log in with is typed: in an edit it takes the place of all there is. */
export function typesProofs({ key = "", agent = "", password = "" }: FormValues): boolean {
	return [key.trim(), agent.trim(), password].some((one) => one !== "");
}

/** Reads the files that are to be stored. Throws `invalid`. */
export function proofsOf({
	key = "",
	place,
	passphrase = "",
	certificate = "",
	agent = "",
	password = "",
}: FormValues): NewProof[] {
	const path = key.trim();
	if (path === "" && (passphrase !== "" || certificate.trim() !== "")) {
		throw new AppError("invalid", "A passphrase or a certificate needs its key.", { hint: "Name the key file too." });
	}
	const withKey = {
		...(passphrase === "" ? {} : { passphrase }),
		...(certificate.trim() === "" ? {} : { certificate: readKeyText(certificate.trim()) }),
	};
	const keyProof: NewProof =
		place === places[1]
			? { kind: "key", privateKey: path === "" ? "" : readKeyText(path), ...withKey }
			: { kind: "key-file", path: resolve(path), ...withKey };
	const socket = /^(y|yes)$/i.test(agent.trim()) ? null : resolve(agent.trim());
	return [
		...(path === "" ? [] : [keyProof]),
		...(agent.trim() === "" ? [] : [{ kind: "agent" as const, socket }]),
		...(password === "" ? [] : [{ kind: "password" as const, password }]),
	];
}

export function ownOf({ answer, own = "" }: FormValues): { ownPassword?: string } {
	return answer === "own" && own !== "" ? { ownPassword: own } : {};
}
