/** Signs decisions with the operator's own SSH key, by ssh-keygen: passphrases, agents and security keys are its business. */
import { spawn } from "node:child_process";
import type { Client } from "../../protocol/client.ts";
import {
	type Decision,
	decisionNamespace,
	decisionText,
	exceptionDecision,
	listedDecisions,
} from "../../protocol/decision.ts";
import { AppError } from "../../protocol/errors.ts";
import * as audit from "../../protocol/methods/audit.ts";
import * as exceptions from "../../protocol/methods/exceptions.ts";

/** No signature is longer. Characters. */
const longest = 16_384;

export interface SigningKey {
	/** A private key, or a public one whose other half an agent holds. */
	readonly path: string;
	/** ssh-keygen may ask for a passphrase on the terminal; where the console has it, it may not. */
	readonly mayAsk: boolean;
}

/** Signs a request as it stands now: what has changed when the daemon looks is refused there. */
export async function signRequest(
	client: Client,
	id: number,
	said: { decision: "approve" | "reject"; note: string; days?: number | undefined },
	key: SigningKey,
): Promise<string> {
	return signDecision(await decisionOn(client, id, said), key);
}

/** One signature over the same decision on several requests, as they stand now. */
export async function signRequests(
	client: Client,
	ids: readonly number[],
	said: { decision: "approve" | "reject"; note: string },
	key: SigningKey,
): Promise<string> {
	const decisions: Decision[] = [];
	for (const id of ids) decisions.push(await decisionOn(client, id, said));
	return signDecision(listedDecisions(decisions), key);
}

async function decisionOn(
	client: Client,
	id: number,
	said: { decision: "approve" | "reject"; note: string; days?: number | undefined },
): Promise<Decision> {
	const { exception, evidence } = await client.call(exceptions.get, { id });
	const { fingerprint: installation } = await client.call(audit.head, {});
	return exceptionDecision(exception, evidence, { ...said, by: client.hello.user, installation });
}

/** The armoured signature. Throws `invalid` in the words of ssh-keygen when it does not sign. */
function signDecision(decision: Decision, { path, mayAsk }: SigningKey): Promise<string> {
	// Prompts go to the terminal itself (/dev/tty), not to these pipes; in a session of its own there is none.
	const child = spawn("ssh-keygen", ["-Y", "sign", "-n", decisionNamespace, "-f", path], {
		...{ stdio: "pipe", detached: !mayAsk },
		env: mayAsk ? process.env : { ...process.env, SSH_ASKPASS_REQUIRE: "never" },
	});
	let said = "";
	let signature = "";
	child.stdout.on("data", (chunk: Buffer) => {
		signature = (signature + chunk.toString()).slice(0, longest);
	});
	child.stderr.on("data", (chunk: Buffer) => {
		said = (said + chunk.toString()).slice(0, 2_000);
	});
	child.stdin.on("error", () => undefined);
	child.stdin.end(decisionText(decision));
	return new Promise((resolve, reject) => {
		const failed = (why: string) =>
			reject(
				new AppError("invalid", `The decision was not signed: ${why.trim().split("\n").at(-1) ?? ""}`, {
					hint: mayAsk
						? "Name your key, for example --sign ~/.ssh/id_ed25519. Nothing was decided."
						: "A key with a passphrase is loaded first: ssh-add; then name its .pub file. Nothing was decided.",
				}),
			);
		child.once("error", (err) => failed(err.message));
		child.once("close", (code) => (code === 0 ? resolve(signature) : failed(said)));
	});
}
