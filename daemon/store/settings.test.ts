import { spawn } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { builtInProfiles } from "./built-in-profiles.ts";
import { openSettings, type SettingsData } from "./settings.ts";

const options = builtInProfiles[0]!.options;
let folder: string;
let path: string;
let notices: string[];
const log = pino({ level: "warn" }, { write: (line: string) => void notices.push(JSON.parse(line).msg) });

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-settings-"));
	path = join(folder, "settings.json");
	notices = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An exclusion as settings keep it. */
function exclusion(target: string): SettingsData["exclusions"][number] {
	const kept = { id: 1, ranges: [], comment: "printer", addedAt: null, addedBy: null, expiresAt: null, removed: null };
	return { ...kept, target };
}

async function withExclusions(...targets: string[]): Promise<void> {
	const settings = await openSettings(path, { log });
	for (const target of targets) await settings.update((data) => void data.exclusions.push(exclusion(target)));
	await settings.close();
}

async function exclusionsNow(): Promise<string[]> {
	const settings = await openSettings(path, { log });
	await settings.close();
	return settings.data.exclusions.map((one) => one.target);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
	const outcome = await work.then(
		() => "no error",
		(err: unknown) => err,
	);
	return outcome instanceof AppError ? outcome.code : String(outcome);
}

describe("ordinary use", () => {
	test("keeps what is changed, in a file only its owner reads", async () => {
		const before = process.umask(0);
		await withExclusions("10.0.0.1", "10.0.0.2");
		process.umask(before);
		expect(await exclusionsNow()).toEqual(["10.0.0.1", "10.0.0.2"]);
		for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
	});

	test("changes asked for at the same time are all kept", async () => {
		const settings = await openSettings(path, { log });
		const targets = Array.from({ length: 20 }, (_, index) => `10.0.0.${index}`);
		await Promise.all(targets.map((target) => settings.update((data) => void data.exclusions.push(exclusion(target)))));
		await settings.close();
		expect(await exclusionsNow()).toEqual(targets);
	});

	test("a change that is not well-formed is refused and nothing changes", async () => {
		await withExclusions("10.0.0.1");
		const settings = await openSettings(path, { log });
		expect(await codeOf(settings.update((data) => void data.exclusions.push(exclusion(""))))).toBe("invalid");
		const taken = { name: "INITIAL", deleted: false, versions: [{ version: 1, at: null, by: null, options }] };
		expect(await codeOf(settings.update((data) => void data.profiles.push(taken)))).toBe("invalid");
		expect(settings.data.exclusions.map((one) => one.target)).toEqual(["10.0.0.1"]);
		await settings.close();
		expect(await exclusionsNow()).toEqual(["10.0.0.1"]);
	});

	test("one owner in a process", async () => {
		const settings = await openSettings(path, { log });
		expect(await codeOf(openSettings(path, { log }))).toBe("conflict");
		await settings.close();
	});
});

describe("damage", () => {
	test("cut off at any byte, it starts with the version before or as it was", async () => {
		await withExclusions("10.0.0.1", "10.0.0.2");
		const whole = readFileSync(path);
		const backup = readFileSync(`${path}.bak`);
		for (let length = 0; length < whole.length; length++) {
			writeFileSync(path, whole);
			writeFileSync(`${path}.bak`, backup);
			truncateSync(path, length);
			// Only the closing newline may be missing.
			const expected = length === whole.length - 1 ? ["10.0.0.1", "10.0.0.2"] : ["10.0.0.1"];
			expect(await exclusionsNow(), `at byte ${length}`).toEqual(expected);
		}
		expect(notices.length).toBeGreaterThan(0);
		expect(readdirSync(folder).some((name) => name.includes(".damaged-"))).toBe(true);
	}, 60_000);

	test("a changed byte is found by the checksum", async () => {
		await withExclusions("10.0.0.1", "10.0.0.2");
		writeFileSync(path, readFileSync(path, "utf8").replace("10.0.0.2", "10.0.0.3"));
		expect(await exclusionsNow()).toEqual(["10.0.0.1"]);
		expect(notices[0]).toMatch(/damaged; the version before is used/);
	});

	test("the very first version already has a copy of its own", async () => {
		await withExclusions();
		truncateSync(path, 10);
		expect(await exclusionsNow()).toEqual([]);
	});

	test.each([
		[
			"both damaged",
			() => {
				writeFileSync(path, "{");
				writeFileSync(`${path}.bak`, "");
			},
			"unavailable",
		],
		["no copy and not JSON", () => writeFileSync(path, "not json"), "unavailable"],
		[
			"a folder in its place",
			() => {
				rmSync(path);
				mkdirSync(path);
			},
			"unavailable",
		],
	])("%s: a sentence with the next step", async (_name, damage, code) => {
		await withExclusions("10.0.0.1");
		rmSync(`${path}.bak`, { force: true });
		writeFileSync(`${path}.bak`, "");
		damage();
		const err = await openSettings(path, { log }).catch((reason: unknown) => reason);
		expect(err).toBeInstanceOf(AppError);
		expect((err as AppError).code).toBe(code);
		expect((err as AppError).message).toContain(path);
		expect((err as AppError).hint).toMatch(/Move|Check|Mend/);
	});

	test("settings of a newer version are left alone", async () => {
		await withExclusions("10.0.0.1");
		const { createHash } = await import("node:crypto");
		const data = { version: 99, profiles: [], exclusions: [], savedFilters: [] };
		const checksum = createHash("sha256").update(JSON.stringify(data)).digest("hex");
		const text = JSON.stringify({ checksum, data });
		writeFileSync(path, text);
		expect(await codeOf(openSettings(path, { log }))).toBe("version-mismatch");
		expect(readFileSync(path, "utf8")).toBe(text);
	});
});

/** A process that opens the settings, says what it found, then writes one number after the other and says each. */
const writer = `
	import { openSettings } from ${JSON.stringify(new URL("./settings.ts", import.meta.url).href)};
	const log = { warn() {} };
	const settings = await openSettings(process.argv[1], { log });
	let last = Number(settings.data.exclusions[0]?.target ?? 0);
	console.log("found " + last);
	for (;;) {
		last++;
		const filler = "x".repeat(400);
		await settings.update((data) => {
			data.exclusions = Array.from({ length: 300 }, (_, i) => ({ id: i + 1, target: String(i === 0 ? last : i), ranges: [],
				comment: filler, addedAt: null, addedBy: null, expiresAt: null, removed: null }));
		});
		console.log("wrote " + last);
	}`;

test("killed 40 times while it writes, it never loses or damages what was acknowledged", async () => {
	let acknowledged = 0;
	for (let round = 0; round < 40; round++) {
		const child = spawn(process.execPath, ["--input-type=module", "-e", writer, path], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		const ended = new Promise((resolve) => child.once("close", resolve));
		let found: number | null = null;
		let writes = 0;
		for await (const line of createInterface({ input: child.stdout })) {
			const [word, number] = line.split(" ");
			if (word === "found") {
				found = Number(number);
				expect(found).toBeGreaterThanOrEqual(acknowledged);
			} else {
				acknowledged = Number(number);
				// A different moment of the write every time.
				if (++writes === 2) setTimeout(() => child.kill("SIGKILL"), (round * 0.37) % 9);
			}
		}
		await ended;
		expect(found, `round ${round}`).not.toBeNull();
	}
	expect(notices).toEqual([]);
	expect(Number((await exclusionsNow())[0])).toBeGreaterThanOrEqual(acknowledged);
	expect(acknowledged).toBeGreaterThanOrEqual(80);
}, 120_000);
