/** Secrets at rest: what opens them, and everything that must not. Real files, real keys. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KeyStore } from "./key-store.ts";
import { SecretKey } from "./seal.ts";

const place = { table: "credential", id: "7", version: 1 };

describe("a sealed secret", () => {
	const key = SecretKey.random();

	it("opens with its key at its place, whatever it is", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (secret) => {
				expect(key.open(key.seal(secret, place), place)).toBe(secret.isWellFormed() ? secret : expect.anything());
			}),
		);
	});

	it("does not open with another key, elsewhere, or in another version", () => {
		const sealed = key.seal("s3cret", place);
		expect(SecretKey.random().open(sealed, place)).toBeNull();
		expect(key.open(sealed, { ...place, id: "8" })).toBeNull();
		expect(key.open(sealed, { ...place, table: "token" })).toBeNull();
		expect(key.open(sealed, { ...place, version: 2 })).toBeNull();
	});

	it("does not open when a single bit is changed, or when it is anything else", () => {
		const sealed = key.seal("s3cret", place);
		fc.assert(
			fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
				const changed = Uint8Array.from(sealed);
				changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				expect(key.open(changed, place)).toBeNull();
			}),
		);
		fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => key.open(bytes, place) === null));
		fc.assert(fc.property(fc.nat(sealed.length - 1), (length) => key.open(sealed.subarray(0, length), place) === null));
	});

	it("does not show its length, and is never the same twice", () => {
		expect(key.seal("a", place).length).toBe(key.seal("a".repeat(200), place).length);
		expect(key.seal("a", place)).not.toEqual(key.seal("a", place));
	});

	it("may not be endless", () => {
		expect(() => key.seal("a".repeat(70_000), place)).toThrow(/too long/);
	});
});

describe("the key of a home", () => {
	let folder: string;
	const open = (env: NodeJS.ProcessEnv = {}) => new KeyStore(folder, env);
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "vedette-key-"));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it("is made at the first use, beside a file that nobody else may read", () => {
		expect(open().source).toBeNull();
		expect(readdirSync(folder)).toEqual([]);
		const sealed = open().key().seal("s3cret", place);
		expect(open().source).toBe("file");
		expect(open().key().open(sealed, place)).toBe("s3cret");
		expect(readdirSync(folder).sort()).toEqual(["secrets.json", "secrets.key"]);
		for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
	});

	it("that cannot be written down is not used", () => {
		const nowhere = new KeyStore(join(folder, "gone"), {});
		expect(() => nowhere.key()).toThrow(expect.objectContaining({ code: "unavailable" }));
	});

	it("is not used when others may read its file, when that is gone, or another", () => {
		const sealed = open().key().seal("s3cret", place);
		const file = join(folder, "secrets.key");
		const bytes = readFileSync(file);
		chmodSync(file, 0o644);
		expect(() => open().key()).toThrow(/Others may read/);
		rmSync(file);
		expect(() => open().key()).toThrow(/is gone/);
		writeFileSync(file, Buffer.alloc(32, 1), { mode: 0o400 });
		expect(() => open().key()).toThrow(/does not open/);
		rmSync(file);
		writeFileSync(file, "short", { mode: 0o400 });
		expect(() => open().key()).toThrow(/damaged: it has 5 bytes/);
		rmSync(file);
		writeFileSync(file, bytes, { mode: 0o400 });
		expect(open().key().open(sealed, place)).toBe("s3cret");
		writeFileSync(join(folder, "secrets.json"), "{}");
		expect(() => open().key()).toThrow(/secrets.json is damaged/);
	});

	it("comes from systemd where it hands one over", () => {
		const credentials = join(folder, "credentials");
		mkdirSync(credentials);
		writeFileSync(join(credentials, "vedette-key"), "0123456789abcdef0123456789abcdef");
		const env = { CREDENTIALS_DIRECTORY: credentials };
		const sealed = open(env).key().seal("s3cret", place);
		expect(open(env).source).toBe("systemd");
		expect(readdirSync(folder)).not.toContain("secrets.key");
		expect(open(env).key().open(sealed, place)).toBe("s3cret");
		expect(() => open().key()).toThrow(/systemd credential vedette-key is missing/);
	});

	it("may be kept by a passphrase, changed without sealing anything anew", () => {
		const first = open();
		const sealed = first.key().seal("s3cret", place);
		first.protect("correct horse");
		const second = open();
		expect([second.source, second.locked]).toEqual(["passphrase", true]);
		expect(() => second.key()).toThrow(/locked/);
		expect(() => second.unlock("wrong horse")).toThrow(/not the passphrase/);
		expect(second.locked).toBe(true);
		second.unlock("correct horse");
		expect(second.locked).toBe(false);
		expect(second.key().open(sealed, place)).toBe("s3cret");
		second.protect(null);
		expect(open().key().open(sealed, place)).toBe("s3cret");
		expect(readFileSync(join(folder, "secrets.json"), "utf8")).not.toMatch(/horse|s3cret/);
	});
});
