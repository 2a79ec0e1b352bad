import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { HostRemedy } from "../../protocol/model/remedy.ts";
import { hostileStrings } from "./hostile-strings.test-support.ts";
import { remedyLines, remedyScript, remedySummary } from "./remedy-words.ts";

const upgrade = { package: "openssl", from: "1", source: "openssl", to: "2", advisories: ["DSA-1"] };
const host = (name: string, rest: Partial<HostRemedy> = {}): HostRemedy => ({
	...{
		asset: { id: 1, name },
		system: "Debian GNU/Linux 12",
		manager: "dpkg",
		upgrades: [upgrade],
		unsafe: [],
		closes: [1, 2],
	},
	...{ commands: ["apt-get update", "apt-get install --only-upgrade -y openssl"], checks: ["true"] },
	...{ reboot: null, waiting: null, without: [], other: [] },
	...rest,
});
const run = (script: string, ...args: string[]) =>
	execFileSync("sh", ["-c", script, "sh", ...args], { encoding: "utf8" });

test("hosts that need the same are told together, and what no upgrade mends is told with its reason", () => {
	const rest = { finding: 9, title: "Redis - no password", place: "127.0.0.1:6379/tcp", what: "Set requirepass." };
	const lines = remedyLines([
		host("web1"),
		host("web2"),
		host("db1", { upgrades: [], commands: [], closes: [], other: [rest] }),
	]);
	expect(lines[0]).toBe("5 findings on 3 hosts: 2 upgrades close 4, 1 is about no package.");
	expect(lines).toContain("Debian GNU/Linux 12: web1, web2 (closes 4)");
	expect(lines.slice(-2)).toEqual(["  Redis - no password: db1 (127.0.0.1:6379/tcp)", "    Set requirepass."]);
	const unnamed = ["127.0.0.1", "::1", "127.0.0.11"].map((name) => {
		const place = name === "::1" ? "[::1]:6379/tcp" : "127.0.0.1:6379/tcp";
		return host(name, { upgrades: [], commands: [], closes: [], other: [{ ...rest, place }] });
	});
	expect(remedyLines(unnamed), "what is called by its address is named once").toContain(
		"  Redis - no password: 127.0.0.1:6379/tcp, [::1]:6379/tcp, 127.0.0.11 (127.0.0.1:6379/tcp)",
	);
	expect(remedySummary([host("web1")])).toBe("2 findings on 1 host: 1 upgrade closes 2.");
});

test("the script does on each host what that host needs, and nothing on another", () => {
	const script = remedyScript([
		host("web1", { commands: ["echo one"] }),
		host("web2", { commands: ["echo two"], reboot: "the kernel is among them" }),
	]);
	expect(run(script, "web1")).toBe("one\n");
	expect(run(script, "web2")).toBe("two\nRestart this host: the kernel is among them.\n");
	expect(() => run(`exec 2>/dev/null\n${script}`, "web3")).toThrow();
});

test("a host that says its short name is known by its whole one, and by no other's", () => {
	const script = remedyScript([host("web1.example.org", { commands: ["echo one"] })]);
	const on = (short: string, whole: string) =>
		spawnSync("sh", ["-c", `hostname() { [ "$#" -gt 0 ] && ${whole} || echo ${short}; }\n${script}`], {
			encoding: "utf8",
		});
	expect(on("web1", "echo web1.example.org").stdout).toBe("one\n");
	expect(on("web1.example.org", "exit 1").stdout).toBe("one\n");
	expect(on("web1", "echo web1.example.net")).toMatchObject({ status: 1, stdout: "" });
	expect(on("web1", "exit 1")).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining("is known of") });
});

test("of two hosts of one name neither gets what the other needs", () => {
	const script = remedyScript([
		host("web1", { asset: { id: 7, name: "web1" }, commands: ["echo seven"] }),
		host("web1", { asset: { id: 8, name: "web1" }, commands: ["echo eight"] }),
		host("web2", { asset: { id: 9, name: "web2" }, commands: ["echo eight"] }),
	]);
	expect(["web1#7", "web1#8", "web2"].map((name) => run(script, name))).toEqual(["seven\n", "eight\n", "eight\n"]);
	const unclear = spawnSync("sh", ["-c", script, "sh", "web1"], { encoding: "utf8" });
	expect(unclear).toMatchObject({ status: 1, stdout: "" });
	expect(unclear.stderr).toContain("web1#7, web1#8");
});

test("whatever hosts are called, nothing of it is run and nothing steers a terminal", () => {
	const text = fc.oneof(
		fc.string({ unit: "binary", maxLength: 30 }),
		fc.constantFrom(...hostileStrings.map(([, one]) => one)),
	);
	const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;
	fc.assert(
		fc.property(text, text, (name, system) => {
			const hosts = [host(name, { system, commands: ["echo done"], unsafe: [name] })];
			const script = remedyScript(hosts);
			expect(script).not.toMatch(steering);
			for (const line of remedyLines(hosts)) expect(line).not.toMatch(steering);
			for (const line of script.split("\n").filter((one) => !one.startsWith("#"))) {
				if (line.includes("'") && !line.startsWith("*)"))
					expect(line).toMatch(/^('[A-Za-z0-9._:-]+'\|?)+\)$|^\tcase|^if /);
			}
		}),
		{ numRuns: 60 },
	);
	const script = remedyScript(hostileStrings.map(([, name]) => host(name, { commands: ["echo done"] })));
	expect(run(`set -n\n${script}`)).toBe("");
});
