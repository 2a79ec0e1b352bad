import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Decision, decisionText } from "../../protocol/decision.ts";
import { parsePublicKeyLine } from "../../protocol/ssh/public-key.ts";
import { noSettings } from "../store/settings-schema.ts";
import { checkDecision } from "./signature.ts";

const decision: Decision = {
	...{ action: "exception.approve", object: "request 12", by: "unix:1001", reason: "behind the proxy" },
	...{ content: { scope: "finding 7", until: "2027-01-01" }, installation: "SHA256:this" },
};
/** Her account of the machine, and a token that was made for her. */
const ana = { identities: ["unix:1001", "person:ana"], name: "ana" };
let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-decision-"));
	for (const name of ["ana", "ben"])
		execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, name)]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const signedBy = (name: string, one: Decision, purpose = "vedette") =>
	execFileSync("ssh-keygen", ["-q", "-Y", "sign", "-n", purpose, "-f", join(folder, name)], {
		...{ input: decisionText(one), encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] },
	});

/** Settings in which these operators have the keys of these names. */
function settingsWith(owners: Record<string, string>) {
	const keys = Object.entries(owners).map(([name, operator]) => {
		const read = parsePublicKeyLine(readFileSync(join(folder, `${name}.pub`), "utf8"));
		if (read === null) throw new Error("the key was not read");
		return { ...read, operator, name, at: "2026-01-01T00:00:00.000Z", by: "unix:0" };
	});
	return { operators: { ...noSettings.operators, keys } };
}

test("what the one who decides has signed with a key of theirs counts, and says which", () => {
	const armored = signedBy("ana", decision);
	const { fingerprint } = checkDecision(decision, armored, ana, settingsWith({ ana: "unix:1001", ben: "unix:1002" }));
	expect(execFileSync("ssh-keygen", ["-l", "-f", join(folder, "ana.pub")], { encoding: "utf8" })).toContain(
		fingerprint,
	);
});

test("a key that was added for another of their identities is theirs", () => {
	const known = settingsWith({ ana: "person:ana" });
	expect(() => checkDecision(decision, signedBy("ana", decision), ana, known)).not.toThrow();
});

test.each([
	["a key nobody has", {}, /is not one of ana's/],
	["somebody else's key", { ana: "unix:1002" }, /is not one of ana's/],
])("%s does not", (_, owners, words) => {
	expect(() => checkDecision(decision, signedBy("ana", decision), ana, settingsWith(owners))).toThrow(words);
});

test.each<[string, Partial<Decision>]>([
	["another decision", { action: "exception.reject" }],
	["another request", { object: "request 13" }],
	["what was changed since", { content: { scope: "finding 8", until: "2027-01-01" } }],
	["another reason", { reason: null }],
	["another daemon", { installation: "SHA256:other" }],
])("a signature over %s is refused", (_, other) => {
	const armored = signedBy("ana", { ...decision, ...other });
	expect(() => checkDecision(decision, armored, ana, settingsWith({ ana: "unix:1001" }))).toThrow(
		/not over this decision/,
	);
});

test("one for another purpose, or none at all, is refused", () => {
	const known = settingsWith({ ana: "unix:1001" });
	expect(() => checkDecision(decision, signedBy("ana", decision, "git"), ana, known)).toThrow(/not over this decision/);
	for (const text of ["", "yes", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----"])
		expect(() => checkDecision(decision, text, ana, known)).toThrow(/no SSH signature/);
});
