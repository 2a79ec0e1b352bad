/** Keys and certificates before they are stored: real ones pass, everything else is refused in words, and nothing leaks. */
import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { readCertificate } from "./certificate.ts";
import { hostOf, readPublicKey } from "./host-key-line.ts";
import { checkPrivateKey, tidyKey } from "./private-key.ts";
import { sshKeyPair } from "./ssh-key-pair.test-support.ts";
import { takeProofs } from "./take-proofs.ts";

const phrase = "correct horse battery";
const plain = sshKeyPair("ed25519");
const locked = sshKeyPair("ed25519", { passphrase: phrase, cipher: "aes256-ctr", rounds: 1 });
const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const lockedPem = pem.export({ type: "pkcs1", format: "pem", cipher: "aes-128-cbc", passphrase: phrase }).toString();
const now = Date.parse("2026-06-01T00:00:00Z");

const problemOf = (work: Promise<unknown>) =>
	work.then(
		() => "none",
		(err: unknown) => (err instanceof AppError ? (err.details?.problem ?? err.code) : String(err)),
	);

describe("a private key", () => {
	it("is known by its type and fingerprint, whatever an editor did to it", async () => {
		const { fingerprint } = readPublicKey(plain.public);
		for (const text of [plain.private, `\uFEFF${plain.private}\n\n`, plain.private.replaceAll("\n", "\r\n")])
			expect(await checkPrivateKey(tidyKey(text), null)).toMatchObject({
				type: "ssh-ed25519",
				fingerprint,
				encrypted: false,
			});
	});

	it("opens with its passphrase alone, in OpenSSH's format and in PEM", async () => {
		for (const text of [tidyKey(locked.private), tidyKey(lockedPem)]) {
			expect(await checkPrivateKey(text, phrase)).toMatchObject({ encrypted: true });
			expect(await problemOf(checkPrivateKey(text, null))).toBe("encrypted");
			expect(await problemOf(checkPrivateKey(text, "wrong horse"))).toBe("passphrase");
		}
	});

	it("is the same key once it lies opened, of each type", async () => {
		const elliptic = sshKeyPair("ecdsa", { passphrase: phrase, cipher: "aes256-ctr", rounds: 1 });
		for (const text of [tidyKey(locked.private), tidyKey(elliptic.private), tidyKey(lockedPem)]) {
			const { opened, ...key } = await checkPrivateKey(text, phrase);
			expect(await checkPrivateKey(opened, null)).toEqual({ ...key, encrypted: false, opened });
		}
	});

	it.each([
		["public", plain.public],
		["public", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"],
		["putty", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none"],
		["format", pem.export({ type: "pkcs8", format: "pem" }).toString()],
		["format", "root:x:0:0:root:/root:/bin/bash"],
		["format", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"],
		["certificate", "ssh-ed25519-cert-v01@openssh.com AAAA x"],
	])("is none that can be used: %s", async (problem, text) => {
		expect(await problemOf(checkPrivateKey(tidyKey(text), null))).toBe(problem);
	});

	it("that takes seconds to open is refused before it is opened", async () => {
		const body = Buffer.from(tidyKey(locked.private).split("\n").slice(1, -2).join(""), "base64");
		// openssh-key-v1\0, cipher, KDF, options: salt of 16 bytes, rounds.
		const at = body.indexOf(Buffer.from([0, 0, 0, 16])) + 20;
		body.writeUInt32BE(5_000_000, at);
		const slow = `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString("base64")}\n-----END OPENSSH PRIVATE KEY-----\n`;
		expect(await problemOf(checkPrivateKey(slow, phrase))).toBe("slow");
	});

	it("leaves nothing of itself in an error, whatever is wrong with it", async () => {
		const lines = tidyKey(locked.private).trim().split("\n");
		await fc.assert(
			fc.asyncProperty(
				fc.nat(lines.length - 1),
				fc.nat(60),
				fc.string({ maxLength: 3 }),
				async (row, column, stray) => {
					const changed = lines.with(row, `${lines[row]?.slice(0, column)}${stray}${lines[row]?.slice(column + 1)}`);
					const err = await checkPrivateKey(tidyKey(changed.join("\n")), phrase).catch((thrown: unknown) => thrown);
					if (!(err instanceof AppError)) return;
					const told = JSON.stringify([err.message, err.hint, err.details, String(err.cause)]);
					for (const line of lines.slice(1, -1)) expect(told).not.toContain(line.slice(0, 20));
					expect(told).not.toContain(phrase);
				},
			),
			{ numRuns: 60 },
		);
	});
});

const field = (bytes: Buffer | string) => {
	const content = Buffer.from(bytes as string);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(content.length);
	return Buffer.concat([length, content]);
};
const uint64 = (value: bigint) => {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64BE(value);
	return bytes;
};

/** PROTOCOL.certkeys, without a signature that is worth anything. */
function certificateOf(
	publicLine: string,
	{ kind = 1, from = 0n, until = 2n ** 64n - 1n, users = ["scan"] } = {},
): string {
	const type = "ssh-ed25519-cert-v01@openssh.com";
	const blob = Buffer.from(publicLine.split(" ")[1] ?? "", "base64");
	const four = Buffer.alloc(4);
	four.writeUInt32BE(kind);
	const body = Buffer.concat([
		...[field(type), field("nonce"), blob.subarray(4 + "ssh-ed25519".length), uint64(7n), four, field("kid 1")],
		...[field(Buffer.concat(users.map(field))), uint64(from), uint64(until)],
		...[field(""), field(""), field(""), field(blob), field("signature")],
	]);
	return `${type} ${body.toString("base64")} comment`;
}

describe("a certificate", () => {
	it("says for whom and how long it is good", () => {
		const text = certificateOf(plain.public, { from: 1_700_000_000n, until: 1_900_000_000n, users: ["scan", "root"] });
		expect(readCertificate(text)).toMatchObject({
			facts: {
				...{ keyId: "kid 1", principals: ["scan", "root"] },
				...{ validFrom: "2023-11-14T22:13:20.000Z", validUntil: "2030-03-17T17:46:40.000Z" },
			},
			...{ keyType: "ssh-ed25519", forUsers: true },
		});
		expect(readCertificate(certificateOf(plain.public))?.facts).toMatchObject({ validFrom: null, validUntil: null });
	});

	it("is stored with the key it is for, and with no other", async () => {
		const key = { kind: "key" as const, privateKey: plain.private };
		const { shown, secrets } = await takeProofs([{ ...key, certificate: certificateOf(plain.public) }], now);
		expect(shown[0]).toMatchObject({ kind: "key", path: null, certificate: { principals: ["scan"] } });
		expect(secrets[0]?.certificate).toMatch(/^ssh-ed25519-cert-v01@openssh.com \S+$/);
		for (const certificate of [
			certificateOf(locked.public),
			certificateOf(plain.public, { kind: 2 }),
			certificateOf(plain.public, { until: BigInt(now / 1_000 - 1) }),
			plain.public,
			"nonsense",
		])
			expect(await problemOf(takeProofs([{ ...key, certificate }], now))).toBe("certificate");
	});

	it("of any bytes is read or not, and never throws", () => {
		const whole = Buffer.from(certificateOf(plain.public).split(" ")[1] ?? "", "base64");
		fc.assert(
			fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, value, end) => {
				const changed = Buffer.from(whole);
				changed[at] = value;
				const text = `ssh-ed25519-cert-v01@openssh.com ${changed.subarray(0, end).toString("base64")}`;
				readCertificate(text);
			}),
			{ numRuns: 3_000 },
		);
		fc.assert(fc.property(fc.string(), (text) => void readCertificate(text)));
	});
});

describe("a host's public key", () => {
	it("is read from its file, from known_hosts and from ssh-keyscan", () => {
		const [type = "", key = ""] = plain.public.split(" ");
		for (const text of [plain.public, `${type} ${key} root@host\n`, `# host:22 SSH-2.0\n[host]:2222 ${type} ${key}\n`])
			expect(readPublicKey(text)).toMatchObject({ type, key, fingerprint: expect.stringMatching(/^SHA256:.{43}$/) });
	});

	it("is nothing else, and one only", () => {
		for (const text of ["", "ssh-ed25519", "ssh-rsa AAAA", plain.private, `${plain.public}\n${locked.public}`])
			expect(() => readPublicKey(text)).toThrow(expect.objectContaining({ code: "invalid" }));
		fc.assert(
			fc.property(fc.string(), (text) => {
				try {
					readPublicKey(text);
				} catch (err) {
					expect(err).toBeInstanceOf(AppError);
				}
			}),
		);
	});

	it("belongs to a host in one spelling", () => {
		expect(hostOf("[2001:DB8::1]")).toBe("2001:db8::1");
		expect(hostOf("::ffff:10.0.0.1")).toBe("10.0.0.1");
		expect(hostOf("Web.Example.org.")).toBe("web.example.org");
	});
});
