import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "../protocol/errors.ts";
import { openLog, withoutSecrets } from "./log.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = () => readdirSync(folder).sort();
const everything = () =>
	files()
		.map((name) => readFileSync(join(folder, name), "utf8"))
		.join("");

test("writes JSON lines that are on disk after closing, readable by the owner only", async () => {
	const log = await openLog({ path: join(folder, "daemon"), foreground: false });
	log.logger.info({ scan: 7 }, "a scan has begun");
	log.logger.debug("not at this level");
	await log.close();
	const lines = everything().trim().split("\n");
	expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: "info", scan: 7, msg: "a scan has begun" }]);
	expect(statSync(join(folder, files()[0] ?? "")).mode & 0o777).toBe(0o600);
});

test("turns over when a file is full and keeps a handful", async () => {
	const log = await openLog({ path: join(folder, "daemon"), foreground: false, fileMegabytes: 0.01 });
	for (let line = 0; line < 2_000; line++) {
		log.logger.info({ line, filler: "x".repeat(200) }, "line");
		// The file is changed between turns of the event loop.
		if (line % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
	}
	await log.close();
	expect(files().length).toBeGreaterThan(2);
	expect(files().length).toBeLessThanOrEqual(7);
	expect(everything()).toContain('"line":1999');
});

test("what is named like a secret never gets there, at any depth, also inside errors", async () => {
	const log = await openLog({ path: join(folder, "daemon"), foreground: false });
	const secret = "hunter2-hunter2";
	const err = new AppError("invalid", "refused", { details: { password: secret, nested: { apiKey: secret } } });
	log.logger.error(
		{ err, token: secret, login: { user: "root", Password: secret, tries: [{ passphrase: secret }] } },
		"x",
	);
	log.logger.child({ scan: 1 }).warn({ headers: { Authorization: secret, "set-cookie": secret } }, "y");
	await log.close();
	expect(everything()).not.toContain(secret);
	expect(everything()).toContain('"user":"root"');
});

test("any value can be logged", () => {
	fc.assert(fc.property(fc.anything({ withBigInt: false, maxDepth: 8 }), (value) => void withoutSecrets({ value })));
	const loop: Record<string, unknown> = {};
	loop.self = loop;
	expect(JSON.stringify(withoutSecrets(loop))).toContain("[deeper]");
});
