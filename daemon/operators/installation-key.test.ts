import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { auditNamespace, headText } from "../../protocol/audit/chain.ts";
import { InstallationKey } from "./installation-key.ts";

const head = { n: 3, hash: "a".repeat(64) };
let folder: string;
let path: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-key-"));
	path = join(folder, "installation.key");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a key is made once, for its owner alone, and knows where the log stood", () => {
	const key = new InstallationKey(path, () => head);
	expect(statSync(folder).size).toBeGreaterThan(0);
	const signature = key.sign(headText(head));
	expect(statSync(path).mode & 0o777).toBe(0o600);
	const again = new InstallationKey(path, () => ({ n: 9, hash: "b" }));
	expect(again.begins).toEqual(head);
	expect(again.fingerprint).toBe(key.fingerprint);
	expect(again.isSigned(headText(head), signature)).toBe(true);
	expect(again.isSigned(headText({ ...head, n: 4 }), signature)).toBe(false);
	expect(again.isSigned(headText(head), "")).toBe(false);
});

test("ssh-keygen itself agrees with what it signs", () => {
	const key = new InstallationKey(path, () => head);
	const armor = (key.sign(headText(head)).match(/.{1,70}/g) ?? []).join("\n");
	const sig = join(folder, "head.sig");
	writeFileSync(sig, `-----BEGIN SSH SIGNATURE-----\n${armor}\n-----END SSH SIGNATURE-----\n`);
	writeFileSync(join(folder, "signers"), `daemon ${key.publicKey}\n`);
	const options = ["-f", join(folder, "signers"), "-I", "daemon", "-n", auditNamespace, "-s", sig];
	const said = execFileSync("ssh-keygen", ["-Y", "verify", ...options], { input: headText(head), encoding: "utf8" });
	expect(said).toContain(`Good "${auditNamespace}" signature for daemon`);
});

test("a key that others could have read, or that is damaged, is not used", () => {
	new InstallationKey(path, () => head).sign("x");
	chmodSync(path, 0o644);
	expect(() => new InstallationKey(path, () => head).sign("x")).toThrow(/Others may read/);
	chmodSync(path, 0o600);
	writeFileSync(path, readFileSync(path, "utf8").slice(0, 60));
	expect(() => new InstallationKey(path, () => head).sign("x")).toThrow(/damaged/);
});
