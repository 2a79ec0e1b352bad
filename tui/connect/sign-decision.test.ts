/** Signing from the console: the operator's own key is found by what the daemon knows, and nothing asks on the terminal. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { decisionNamespace, decisionText, exceptionDecision } from "../../protocol/decision.ts";
import * as access from "../../protocol/methods/access.ts";
import * as audit from "../../protocol/methods/audit.ts";
import { parsePublicKeyLine } from "../../protocol/ssh/public-key.ts";
import { isSignatureOver, parseArmoredSignature } from "../../protocol/ssh/signature.ts";
import { knowPeople } from "../text/people.ts";
import { createFakeClient } from "./fake-client.test-support.ts";
import { accessOf } from "./sample-access.test-support.ts";
import { exceptionDetailOf } from "./sample-exceptions.test-support.ts";
import { signRequest } from "./sign-decision.ts";
import { findSigningKey } from "./signing-key.ts";

const folder = mkdtempSync(join(tmpdir(), "vedette-sign-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function makeKey(name: string, passphrase = ""): string {
	execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-C", "me", "-f", join(folder, name)]);
	const line = readFileSync(join(folder, `${name}.pub`), "utf8").trim();
	return parsePublicKeyLine(line)?.fingerprint ?? "";
}

function clientKnowing(fingerprint: string, operator = "unix:1000") {
	const client = createFakeClient();
	const overview = accessOf({});
	const keys = overview.keys.map((key) => ({ ...key, operator, fingerprint }));
	client.answer(access.list, () => ({ ...overview, keys }));
	client.answer(audit.head, () => ({
		n: 1,
		hash: "0".repeat(64),
		signature: null,
		publicKey: "",
		fingerprint: "SHA256:here",
	}));
	return client;
}

test("the key is the one that the daemon knows as this operator's; what else lies there is none", async () => {
	makeKey("other");
	const fingerprint = makeKey("mine");
	writeFileSync(join(folder, "broken.pub"), "\u0000ssh-ed25519");
	expect(await findSigningKey(clientKnowing(fingerprint), folder)).toEqual({
		isKnown: true,
		path: join(folder, "mine"),
	});
	expect(await findSigningKey(clientKnowing(fingerprint, "unix:9"), folder)).toEqual({ isKnown: false, path: "" });
	knowPeople([{ identity: "unix:1000", name: "ana" }]);
	expect((await findSigningKey(clientKnowing(fingerprint, "person:ana"), folder)).isKnown, "one person").toBe(true);
	expect(await findSigningKey(clientKnowing("SHA256:elsewhere"), folder)).toEqual({ isKnown: true, path: "" });
	rmSync(join(folder, "mine"));
	expect((await findSigningKey(clientKnowing(fingerprint), folder)).path).toBe(join(folder, "mine.pub"));
	expect((await findSigningKey(clientKnowing(fingerprint), join(folder, "none"))).path).toBe("");
});

test("what is signed is the request as it stands; a key that would ask for its passphrase says what to do", async () => {
	const client = clientKnowing(makeKey("signs"));
	const said = { decision: "approve", note: "seen" } as const;
	const armoured = await signRequest(client, 3, said, { path: join(folder, "signs"), mayAsk: false });
	const signature = parseArmoredSignature(armoured);
	const { exception, evidence } = exceptionDetailOf(3, {});
	const verdict = { ...said, by: "unix:1000", installation: "SHA256:here" };
	const text = decisionText(exceptionDecision(exception, evidence, verdict));
	expect(signature && isSignatureOver(signature, text, decisionNamespace)).toBe(true);
	makeKey("locked", "a passphrase");
	await expect(signRequest(client, 3, said, { path: join(folder, "locked"), mayAsk: false })).rejects.toMatchObject({
		code: "invalid",
		hint: expect.stringContaining("ssh-add"),
	});
});
