/** The script as it is really run: by the shells of this machine. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testNeeding } from "../../test/support/needing.ts";
import { type Collector, defineCollector, endedInTime } from "./collector.ts";
import { collectors } from "./index.ts";
import { privilegedOf } from "./privileged.ts";
import { readScriptOutput, scriptOf } from "./script.ts";
import { isHere, shells } from "./shells.test-support.ts";

const nonce = "0123456789abcdef0123456789abcdef";

function run(wanted: readonly Collector[], { shell = ["sh"], asRoot = "", before = "" } = {}) {
	const input = before + scriptOf(wanted, { asRoot, nonce });
	const { stdout } = spawnSync(shell[0] ?? "sh", [...shell.slice(1), "-s"], {
		input,
		encoding: "latin1",
		maxBuffer: 1 << 28,
	});
	return readScriptOutput(stdout, wanted, nonce);
}

const named = (kind: Collector["kind"], script: string, mostBytes = 10_000): Collector =>
	({
		...defineCollector({ kind: "restart", script, privileged: [], mostBytes, parse: () => null }),
		kind,
	}) as Collector;

describe.each(shells.map((shell): [string, string[]] => [shell.join(" "), shell]))("%s", (_, shell) => {
	it("runs every collector to its end, and each makes sense of what it printed", () => {
		const { sections, finished } = run(collectors, { shell });
		expect(finished).toBe(true);
		expect([...sections.keys()]).toEqual(collectors.map(({ kind }) => kind));
		const system = collectors[0]?.parse(sections.get("system") ?? { text: "", cut: true });
		expect(system).toMatchObject({ complete: true, data: { kernel: { running: expect.any(String) } } });
		const accounts = collectors.find(({ kind }) => kind === "accounts");
		const read = accounts?.parse(sections.get("accounts") ?? { text: "", cut: true });
		expect(read?.data).toMatchObject({
			users: expect.arrayContaining([expect.objectContaining({ name: "root", uid: 0 })]),
		});
	});

	it("prints no password hash", () => {
		const shadow =
			"a:$6$saltsalt$abcdefghijklmnopqrstuv:1::::::\\nb:!$y$j9T$secret$hash:1::::::\\nc:AbCdEfGhIjKlM:1::::::\\nd:*:1::::::";
		const fake = `cat() { case "$1" in /etc/shadow) printf '${shadow.replaceAll("$", "$").replaceAll("'", "")}\\n';; *) command cat "$@";; esac; }\n`;
		const accounts = collectors.filter(({ kind }) => kind === "accounts");
		const { text = "" } = run(accounts, { shell, before: fake }).sections.get("accounts") ?? {};
		const printed = text.slice(text.indexOf("@@vedette shadow"));
		expect(printed).toContain("a:$6:1::::::\nb:!$y:1::::::\nc:des:1::::::\nd:*:1::::::");
		expect(printed).not.toMatch(/salt|secret|AbCd/);
	});
});

/** Alpine's tools are BusyBox's: find, grep, sed, ls and all. */
testNeeding("busybox", isHere("busybox"))("finds the same with BusyBox's own tools", () => {
	const folder = mkdtempSync(join(tmpdir(), "vedette-applets-"));
	try {
		spawnSync("busybox", ["--install", "-s", folder]);
		const kinds = ["accounts", "sudoers", "logins", "sysctl", "cron", "packages"];
		const wanted = collectors.filter(({ kind }) => kinds.includes(kind));
		const before = `PATH=${folder}:$PATH; [ "$(command -v grep)" = ${folder}/grep ] || exit 1\n`;
		const [ours, busybox] = [run(wanted), run(wanted, { shell: [join(folder, "sh")], before })];
		expect(busybox.finished).toBe(true);
		const read = ({ sections }: typeof ours) =>
			wanted.map(({ kind, parse }) => [kind, parse(sections.get(kind) ?? { text: "", cut: true })]);
		expect(read(busybox)).toEqual(read(ours));
	} finally {
		rmSync(folder, { recursive: true });
	}
});

describe.each(shells.map((shell): [string, string[]] => [shell.join(" "), shell]))(
	"in %s a command that hangs",
	(_, shell) => {
		it("costs its own collector and no other, and is ended with all it began", () => {
			const mark = `31${process.pid}`;
			const slow = {
				...named("packages", `part a; echo first; sh -c "sleep ${mark} & wait" | cat; echo never`),
				mostSeconds: 1,
			};
			const wanted = [named("system", "echo before"), slow, named("restart", "echo after")];
			const { sections, late, finished } = run(wanted, { shell });
			expect(finished).toBe(true);
			expect(late).toEqual(["packages"]);
			expect(sections.get("packages")).toEqual({ text: "\n@@vedette a\nfirst\n", cut: true });
			expect([sections.get("system")?.text, sections.get("restart")?.text]).toEqual(["before\n", "after\n"]);
			const left = () => spawnSync("pgrep", ["-f", `^sleep ${mark}$`], { encoding: "utf8" }).stdout;
			for (let looks = 0; left() !== "" && looks < 2_000; looks++);
			expect(left()).toBe("");
		});
	},
);

it("keeps what one collector breaks from the others", () => {
	const { sections } = run([named("system", "exit 3"), named("restart", "echo fine")]);
	expect(sections.get("restart")?.text).toBe("fine\n");
	expect(sections.get("system")).toEqual({ text: "", cut: false });
});

it("cuts what is too long, and says so", () => {
	const { sections, finished } = run([named("system", "yes | head -c 60000", 100), named("restart", "echo fine")]);
	expect(sections.get("system")?.cut).toBe(true);
	expect(sections.get("system")?.text.length).toBe(101);
	expect(sections.get("restart")).toEqual({ text: "fine\n", cut: false });
	expect(finished).toBe(true);
});

it("has nothing run as root that the drop-in does not allow", () => {
	const folder = mkdtempSync(join(tmpdir(), "vedette-asked-"));
	try {
		const asked = join(folder, "asked");
		writeFileSync(join(folder, "asroot"), `#!/bin/sh\necho "$*" >>${asked}\nexit 1\n`, { mode: 0o755 });
		// Everything a collector looks for, so that it asks.
		for (const name of ["docker", "podman", "ctr"]) writeFileSync(join(folder, name), "#!/bin/sh\n", { mode: 0o755 });
		run(collectors, { asRoot: join(folder, "asroot"), before: `PATH=${folder}:$PATH\n` });
		const bare = (command: string) => command.replace(/^\S*\//, "");
		const allowed = new Set(privilegedOf().map(bare));
		const commands = [...new Set(readFileSync(asked, "utf8").trim().split("\n").map(bare))];
		expect(commands.length).toBeGreaterThan(5);
		expect(commands.filter((command) => !allowed.has(command))).toEqual([]);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

it("takes what an old BusyBox's timeout did not run for not looked for, not for none", () => {
	const folder = mkdtempSync(join(tmpdir(), "vedette-timeout-"));
	try {
		// BusyBox 1.26, Alpine 3.6 to 3.8: timeout [-t SECS] PROG ARGS.
		writeFileSync(join(folder, "timeout"), '#!/bin/sh\n[ "$1" = -t ] && shift 2\nexec "$@"\n', { mode: 0o755 });
		const wanted = [named("system", "within 5 echo done; echo ended $?; within 5 no-such-command; echo ended $?")];
		const { sections } = run(wanted, { before: `PATH=${folder}:$PATH\n` });
		expect(sections.get("system")?.text).toBe("done\nended 0\nended 127\n");
		expect([endedInTime(["ended 0"]), endedInTime(["ended 1"]), endedInTime(["ended 127"])]).toEqual([
			true,
			true,
			false,
		]);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

it("puts the words for root before the commands that need it", () => {
	const { sections } = run([named("system", "$S echo a")], { asRoot: "echo it's root:" });
	expect(sections.get("system")?.text).toContain("root: echo a");
});

it("makes nothing of noise, and knows an end that never came", () => {
	const wanted = [named("system", "")];
	expect(readScriptOutput("Welcome!\n", wanted, nonce)).toEqual({ sections: new Map(), late: [], finished: false });
	const half = `motd\n${nonce} begin system\nabc`;
	expect(readScriptOutput(half, wanted, nonce)).toEqual({
		sections: new Map([["system", { text: "abc", cut: true }]]),
		late: [],
		finished: false,
	});
	fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void readScriptOutput(text, collectors, nonce)));
});
