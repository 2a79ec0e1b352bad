/** Option profiles at the command line: cloned, edited in versions, used by scans, deleted. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Profile } from "../../protocol/model/profile.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

const address = "127.0.107.1";
let household: Household;
let redis: FakeService;

beforeAll(async () => {
	household = new Household();
	redis = await serve(address, 0, fakeRedis({ password: () => true }));
});
afterAll(async () => {
	await household.end();
	await redis.close();
});

const profile = (...args: string[]) => household.run(["profile", ...args]);

test("a profile of one's own decides the ports, and a scan says which version it used", async () => {
	const names = (await household.json<{ items: Profile[] }>("profile", "list")).items.map((one) => one.name);
	expect(names).toEqual(["Initial", "Light inventory", "Full TCP", "PCI external", "Fast", "Gentle"]);

	const ports = ["--set", "ports.set=none", "--set", `ports.additional=${redis.port},1-9`];
	const made = await household.json<Profile>("profile", "clone", "Initial", "Lab", ...ports, "--set", "udp.set=none");
	expect(made).toMatchObject({ name: "Lab", version: 1, builtIn: false, options: { udp: { set: "none" } } });

	const first = await household.json<{ scan: Scan }>("scan", address, "--profile", "lab");
	expect(first.scan).toMatchObject({ profile: "Lab", profileVersion: 1, ports: `${redis.port},1-9`, openPorts: 1 });

	const edited = await household.json<Profile>("profile", "edit", "Lab", "--set", "performance.retries=3");
	expect(edited).toMatchObject({ version: 2, options: { performance: { level: "custom" } }, limits: { retries: 3 } });
	const second = await household.json<{ scan: Scan }>("scan", address, "--profile", "Lab", "--ports", "1-5");
	expect(second.scan).toMatchObject({ profileVersion: 2, ports: "1-5", openPorts: 0 });

	const old = await household.json<{ profile: Profile; versions: unknown[] }>("profile", "show", "lab", "1");
	expect(old.profile).toEqual(made);
	expect(old.versions).toHaveLength(2);
});

test("a scan with no ports at all finds out who is there", async () => {
	const set = ["--set", "ports.set=none", "--set", `discovery.ports=${redis.port}`, "--set", "udp.set=none"];
	await household.json("profile", "clone", "Initial", "Who", ...set);
	const { scan } = await household.json<{ scan: Scan }>("scan", address, "--profile", "Who");
	expect(scan).toMatchObject({ status: "finished", ports: "none", openPorts: 0, hosts: { alive: 1, done: 1 } });
});

test("edited in an editor: saved, left alone, and kept when it is wrong", async () => {
	household.env.TMPDIR = household.home;
	await profile("clone", "Gentle", "Night");
	const script = join(household.home, "editor.sh");
	const editWith = async (command: string) => {
		writeFileSync(script, command);
		household.env.EDITOR = `sh ${script}`;
		return profile("edit", "night");
	};
	expect(await editWith("true")).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing was changed") });
	const saved = await editWith(`sed -i 's/set: standard/set: full/' "$1"`);
	expect(saved).toMatchObject({ code: 0, stdout: '"Night" is at version 2 now.\n' });
	const wrong = await editWith(`sed -i 's/set: full/set: most/' "$1"`);
	expect(wrong.code).toBe(2);
	expect(wrong.stderr).toMatch(/ports\.set.*"none"\|"light"\|"standard"\|"full"/);
	const kept = /--file (\S+)/.exec(wrong.stderr)?.[1] ?? "";
	writeFileSync(kept, '{"description": "", "ports": 7}');
	expect((await profile("edit", "night", "--file", kept)).stderr).toContain("ports: ");
	expect((await editWith("exit 3")).stderr).toContain("ended with 3; nothing was changed");
	const { profile: now } = await household.json<{ profile: Profile }>("profile", "show", "Night");
	expect(now).toMatchObject({ version: 2, options: { ports: { set: "full" } } });
});

test.each([
	["an unknown profile names those there are", ["scan", address, "--profile", "Nope"], 2, /Initial, Light inventory/],
	["show too", ["profile", "show", "Nope"], 1, /Initial, Light inventory/],
	[
		"a built-in one cannot be edited",
		["profile", "edit", "initial", "--set", "udp.set=none"],
		1,
		/Clone it: vedette profile/,
	],
	["nor deleted", ["profile", "delete", "Full TCP"], 1, /built in and cannot be deleted/],
	["a name that is taken", ["profile", "clone", "Fast", "gentle"], 1, /already an option profile "Gentle"/],
	["a setting there is not", ["profile", "clone", "Fast", "X", "--set", "speed=9"], 2, /performance\.ratePerSecond/],
	["a setting without a value", ["profile", "clone", "Fast", "X", "--set", "udp"], 2, /name=value/],
	["a value out of bounds", ["profile", "clone", "Fast", "X", "--set", "maxMinutesPerHost=0"], 2, /maxMinutesPerHost/],
	["no number", ["profile", "clone", "Fast", "X", "--set", "performance.retries=many"], 2, /not a whole number/],
	["no port", ["profile", "clone", "Fast", "X", "--set", "ports.additional=99999"], 2, /ports\.additional: "99999"/],
	[
		"nobody to be found",
		[
			"profile",
			"clone",
			"Fast",
			"X",
			"--set",
			"discovery.ports=",
			"--set",
			"discovery.udpPorts=",
			"--set",
			"discovery.icmp=no",
		],
		2,
		/scanDeadHosts/,
	],
	[
		"a level there is not",
		["profile", "clone", "Fast", "X", "--set", "performance.level=turbo"],
		2,
		/performance\.level/,
	],
] as const)("%s", async (_, args, code, says) => {
	const outcome = await household.run(args);
	expect(outcome.stderr).toMatch(says);
	expect(outcome.code).toBe(code);
	expect((await household.run(["profile", "list"])).stdout).not.toMatch(/^X /m);
});

test("deleted: no scan can use it, its versions stay, and the name counts on", async () => {
	await profile("clone", "Fast", "Brief");
	expect(await profile("delete", "brief")).toMatchObject({ code: 0, stdout: '"Brief" is deleted.\n' });
	expect((await household.run(["scan", address, "--profile", "Brief"])).code).toBe(2);
	expect((await profile("show", "Brief", "1")).code).toBe(0);
	expect(await household.json<Profile>("profile", "clone", "Fast", "Brief")).toMatchObject({ version: 2 });
});
