/** Signs a decision with the operator's own SSH key, by ssh-keygen: passphrases, agents and security keys are its business. */
import { spawn } from "node:child_process";
import { type Decision, decisionNamespace, decisionText } from "../../protocol/decision.ts";
import { AppError } from "../../protocol/errors.ts";

/** No signature is longer. Characters. */
const longest = 16_384;

/**
 * The armoured signature. `key`: a private key, or a public one whose other half an agent holds. Throws `invalid` in the words of
 * ssh-keygen when it does not sign.
 */
export function signDecision(decision: Decision, key: string): Promise<string> {
	// Prompts go to the terminal itself (/dev/tty), not to these pipes.
	const child = spawn("ssh-keygen", ["-Y", "sign", "-n", decisionNamespace, "-f", key], { stdio: "pipe" });
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
					hint: "Name your key, for example --sign ~/.ssh/id_ed25519. Nothing was decided.",
				}),
			);
		child.once("error", (err) => failed(err.message));
		child.once("close", (code) => (code === 0 ? resolve(signature) : failed(said)));
	});
}
