import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineCollector } from "../collect/collector.ts";
import { type Elevation, quoted, readStanding, readTools, taskScript } from "./task-script.ts";
import { readTracking } from "./tracking.ts";

const nonce = "0123456789abcdef0123456789abcdef";
const kind = "restart" as const;
const probe = defineCollector({
	...{ kind, script: "echo uid $(id -u); $S id -u; echo in; cat", privileged: [], mostBytes: 1_000 },
	parse: () => null,
});
const none: Elevation = { method: "none", user: "root", password: null, singly: false };

describe.each(["dash", "bash"])("in %s", (shell) => {
	const run = (elevation: Elevation) =>
		spawnSync(shell, ["-s"], { input: taskScript([probe as never], { elevation, nonce }), encoding: "utf8" }).stdout;

	it.each([
		["none", none],
		["sudo with a password that is a trap for shells", { ...none, method: "sudo" as const, password: "a'b$(id)\\n%s" }],
		["single commands", { ...none, method: "sudo" as const, singly: true }],
	])("runs the collectors with %s, and nothing reads what is not meant for it", (_, elevation) => {
		const output = run(elevation);
		expect(readStanding(output, nonce)).toMatchObject({ uid: process.getuid?.() });
		expect(readTools(output, nonce)).toMatchObject({ cat: expect.stringMatching(/^\/(usr\/)?bin\/cat$/) });
		expect(output).toContain(`\n${nonce} over\n`);
		expect(output).toContain(`\n${nonce} left\n`);
		expect(output.split("\nin\n")[1]).toMatch(new RegExp(`^\\n${nonce} end restart`));
	});
});

it("loses nothing to a sudo that takes more of its input than the password", () => {
	const folder = mkdtempSync(join(tmpdir(), "vedette-sudo-"));
	try {
		const program = (name: string, text: string) =>
			writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
		program("id", `case $1 in -u) echo "\${AS:-1000}";; *) exec /usr/bin/id "$@";; esac`);
		// sudo-rs 0.2.5 of Debian 13 and Ubuntu 25.10.
		program(
			"sudo",
			[
				'case $1 in --version) echo "sudo-rs 0.2.5"; exit;; -n) echo "sudo-rs: interactive authentication is required" >&2; exit 1;; esac',
				"dd bs=8192 count=1 >/dev/null 2>&1; export AS=0",
				'while [ "$1" != sh ]; do shift; done; exec "$@"',
			].join("\n"),
		);
		const elevation: Elevation = { ...none, method: "sudo", password: "a'b$(id)\\n%s" };
		const { stdout } = spawnSync("sh", ["-s"], {
			...{ input: taskScript([probe as never], { elevation, nonce }), encoding: "utf8" },
			env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
		});
		expect(readStanding(stdout, nonce)).toMatchObject({ uid: 1_000, method: "sudo", obtained: true });
		expect(readTools(stdout, nonce)).toMatchObject({ "sudo-rs": join(folder, "sudo") });
		expect(stdout).toContain("\nuid 0\n0\nin\n");
		expect(stdout).toContain(`\n${nonce} over\n`);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

it("keeps any text one word of a shell", () => {
	fc.assert(
		fc.property(
			fc.string().filter((text) => !text.includes("\0")),
			(text) => {
				const { stdout } = spawnSync("sh", ["-c", `printf %s ${quoted(text)}`], { encoding: "utf8" });
				expect(stdout).toBe(text);
			},
		),
		{ numRuns: 30 },
	);
});

it("reads any output without a fault, and no standing from noise", () => {
	expect(readStanding("Welcome\n", nonce)).toBeNull();
	expect(readStanding(`hi\n${nonce} login 1000 sudo no sudo: a password is required\n`, nonce)).toEqual({
		...{ uid: 1_000, method: "sudo", obtained: false, why: "sudo: a password is required" },
	});
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), (noise) => {
			readStanding(`\n${nonce} login ${noise}`, nonce);
			for (const path of Object.values(readTools(`\n${nonce} tools ${noise}`, nonce))) expect(path).toMatch(/^\//);
			expect(["read", "written", "failed", "none", "removed"]).toContain(
				readTracking(`\n${nonce} tracking ${noise}`, nonce).state,
			);
		}),
	);
});
