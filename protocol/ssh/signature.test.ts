import { execFileSync } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isSignedBy, parsePublicKeyLine } from "./public-key.ts";
import { sshString } from "./reader.ts";
import { isSignatureOver, parseArmoredSignature, parseSignature, signatureBlob, signedData } from "./signature.ts";

const text = "what was decided\n";
const kinds = [
	["ed25519", ""],
	["ecdsa", "256"],
	["ecdsa", "384"],
	["ecdsa", "521"],
	["rsa", "2048"],
	["rsa", "3072"],
] as const;

let folder: string;
const file = (type: string, bits: string) => join(folder, `${type}${bits}`);

function keygen(args: readonly string[], input = ""): string {
	return execFileSync("ssh-keygen", args, { input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
}

function makeKey(type: string, bits: string): void {
	keygen([
		"-q",
		"-t",
		type,
		...(bits === "" ? [] : ["-b", bits]),
		"-N",
		"",
		"-C",
		"ana at home",
		"-f",
		file(type, bits),
	]);
}

const signed = (type: string, bits: string, over = text, options: readonly string[] = []) =>
	keygen(["-q", "-Y", "sign", "-n", "vedette", ...options, "-f", file(type, bits)], over);

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-ssh-"));
	for (const [type, bits] of kinds) makeKey(type, bits);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(kinds)("what ssh-keygen signs with %s %s", (type, bits) => {
	test("holds over that text, for that purpose, and names the key in its file", () => {
		const found = parseArmoredSignature(signed(type, bits));
		if (found === null) throw new Error("the signature was not read");
		const line = readFileSync(`${file(type, bits)}.pub`, "utf8");
		const key = parsePublicKeyLine(line);
		expect(key).toMatchObject({ key: found.key, comment: "ana at home", type: line.split(" ")[0] });
		expect(keygen(["-l", "-f", `${file(type, bits)}.pub`])).toContain(` ${key?.fingerprint} `);
		expect(found.fingerprint).toBe(key?.fingerprint);
		expect(isSignatureOver(found, text, "vedette")).toBe(true);
		expect(isSignatureOver(found, `${text} `, "vedette")).toBe(false);
		expect(isSignatureOver(found, text, "file")).toBe(false);
		const short = parseArmoredSignature(signed(type, bits, text, ["-O", "hashalg=sha256"]));
		expect(short?.hash).toBe("sha256");
		expect(short !== null && isSignatureOver(short, text, "vedette")).toBe(true);
	});

	test("holds no more with any one byte changed", () => {
		const blob = Buffer.from(signed(type, bits).split("\n").slice(1, -2).join(""), "base64");
		expect(parseSignature(blob)).not.toBeNull();
		fc.assert(
			fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
				const edited = Buffer.from(blob);
				edited[at] = (edited[at] ?? 0) ^ change;
				const found = parseSignature(edited);
				expect(found !== null && isSignatureOver(found, text, "vedette")).toBe(false);
			}),
			{ numRuns: 150 },
		);
	});
});

test("a short RSA key signs nothing", () => {
	makeKey("rsa", "1024");
	const found = parseArmoredSignature(signed("rsa", "1024"));
	expect(found).not.toBeNull();
	expect(found !== null && isSignatureOver(found, text, "vedette")).toBe(false);
	expect(parsePublicKeyLine(readFileSync(`${file("rsa", "1024")}.pub`, "utf8"))).toBeNull();
});

/** What an authenticator does with a key of its own (PROTOCOL.u2f): no such device is needed to know the bytes. */
function securityKey(type: "sk-ssh-ed25519@openssh.com" | "sk-ecdsa-sha2-nistp256@openssh.com") {
	const application = "ssh:vedette";
	const hash = (bytes: Uint8Array | string) => execHash(bytes);
	const isEd = type.startsWith("sk-ssh");
	const pair = isEd ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
	const { x = "", y = "" } = pair.publicKey.export({ format: "jwk" });
	const point = Buffer.concat([Buffer.of(4), ...[x, y].map((part) => Buffer.from(part, "base64url"))]);
	const publicParts = isEd ? [Buffer.from(x, "base64url")] : [Buffer.from("nistp256"), point];
	const blob = Buffer.concat([type, ...publicParts, application].map(sshString));
	const mpint = (number: Buffer) => {
		const bare = number.subarray(number.findIndex((byte) => byte !== 0));
		return sshString((bare[0] ?? 0) > 127 ? Buffer.concat([Buffer.of(0), bare]) : bare);
	};
	return {
		blob,
		answer(data: Uint8Array, flags: number): Buffer {
			const tail = Buffer.concat([Buffer.of(flags), Buffer.of(0, 0, 0, 7)]);
			const over = Buffer.concat([hash(application), tail, hash(data)]);
			const raw = isEd
				? sign(null, over, pair.privateKey)
				: sign("sha256", over, { key: pair.privateKey, dsaEncoding: "ieee-p1363" });
			const both = isEd ? raw : Buffer.concat([mpint(raw.subarray(0, 32)), mpint(raw.subarray(32))]);
			return Buffer.concat([sshString(type), sshString(both), tail]);
		},
	};
}

function execHash(bytes: Uint8Array | string): Buffer {
	return Buffer.from(execFileSync("sha256sum", { input: bytes, encoding: "utf8" }).slice(0, 64), "hex");
}

test.each(["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"] as const)(
	"a security key counts when it was touched: %s",
	(type) => {
		const device = securityKey(type);
		const data = signedData(text, "vedette", "sha512");
		expect(isSignedBy(device.blob, data, device.answer(data, 0x05))).toBe(true);
		expect(isSignedBy(device.blob, data, device.answer(data, 0x00))).toBe(false);
		expect(isSignedBy(device.blob, Buffer.from("else"), device.answer(data, 0x05))).toBe(false);
		const whole = parseSignature(signatureBlob(device.blob, "vedette", "sha512", device.answer(data, 0x01)));
		expect(whole !== null && isSignatureOver(whole, text, "vedette")).toBe(true);
		expect(parsePublicKeyLine(`${type} ${device.blob.toString("base64")}`)?.type).toBe(type);
	},
);

test("anything at all is read without a throw, and is no signature", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 400 }), fc.string(), (bytes, words) => {
			expect(parseSignature(bytes)).toBeNull();
			expect(parseArmoredSignature(words)).toBeNull();
			expect(isSignedBy(bytes, bytes, bytes)).toBe(false);
			expect(parsePublicKeyLine(words)).toBeNull();
		}),
		{ numRuns: 2_000 },
	);
});

test.each([
	["two lines", "ssh-ed25519 AAAA x\nssh-ed25519 AAAA y"],
	["a type that is not the key's", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ"],
	["options before it", 'command="x" ssh-ed25519 AAAA'],
	["a certificate", "ssh-ed25519-cert-v01@openssh.com AAAA"],
	["nothing", ""],
])("no key: %s", (_, line) => {
	expect(parsePublicKeyLine(line)).toBeNull();
});
