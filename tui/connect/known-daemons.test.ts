import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findKnown, judgeCertificate, rememberCertificate } from "./known-daemons.ts";

const url = "wss://scanner.example:7443";
const [a, b] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
const one = (fingerprint: string, isVouched = false) => ({ fingerprint, isVouched });

test.each([
	["at first use it is asked about", one(a), undefined, undefined, "ask"],
	["at first use, an authority stands for it", one(a, true), undefined, undefined, "remember"],
	["the one of before", one(a), one(a), undefined, "as-before"],
	["renewed by an authority", one(b, true), one(a, true), undefined, "remember"],
	["the one that was named, first", one(a), undefined, a, "remember"],
	["the one that was named, known", one(a), one(a), a, "as-before"],
	["named anew after a change", one(b), one(a), b, "remember"],
	["another one", one(b), one(a), undefined, null],
	["another one that an authority now stands for", one(b, true), one(a), undefined, null],
	["one that no authority stands for any more", one(b), one(a, true), undefined, null],
	["not the one that was named", one(b), undefined, a, null],
	["not the one that was named, though known and vouched for", one(b, true), one(b, true), a, null],
])("%s", (_name, seen, known, named, verdict) => {
	const judge = () => judgeCertificate(url, seen, { known, named });
	if (verdict === null) expect(judge).toThrow(/nothing was sent/);
	else expect(judge()).toBe(verdict);
});

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-known-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("what is remembered is found again, one a daemon, readable by its owner alone", async () => {
	const path = join(folder, "config", "known-daemons");
	expect(findKnown(path, url)).toBeUndefined();
	await rememberCertificate(path, url, one(a));
	await rememberCertificate(path, "wss://other:1", one(b, true));
	await rememberCertificate(path, url, one(b));
	expect(findKnown(path, url)).toEqual(one(b));
	expect(findKnown(path, "wss://other:1")).toEqual(one(b, true));
	expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("lines that are nothing are passed over; a file that cannot be read is not taken for an empty one", async () => {
	const path = join(folder, "known-daemons");
	writeFileSync(path, `# mine\n\n${url} sha256:short\n${url} ${a} vouched\n`);
	expect(findKnown(path, url)).toEqual(one(a, true));
	rmSync(path);
	const inFolder = join(folder, "known-daemons", "deeper");
	writeFileSync(path, "a file in the way");
	chmodSync(path, 0o600);
	expect(() => findKnown(inFolder, url)).toThrow(/cannot be read/);
});
