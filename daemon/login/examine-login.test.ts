import { expect, it } from "vitest";
import { checksOf, dropInOf } from "./examine-login.ts";
import type { Attempt } from "./host-login.ts";
import type { LoginReport } from "./login-request.ts";

const tools = {
	alpine: { doas: "/usr/bin/doas", su: "/bin/su", cat: "/bin/cat" },
	busybox: { su: "/bin/su", cat: "/bin/cat" },
};

function attempt(plan: Record<string, unknown>, report: Partial<LoginReport>): Attempt {
	return {
		plan: { name: "all hosts", user: "scan", sudo: { method: "none", user: "root" }, leastPrivilege: false, ...plan },
		request: null,
		report: {
			...{ port: 22, passed: [], failure: null, hostKey: null, gathered: [], absent: [], lost: [], late: [], gaps: {} },
			...{ standing: null, cut: null, noiseBytes: 0, outputBytes: 9, tracking: null, tools: {}, seconds: 1, ...report },
		},
		failure: null,
	} as unknown as Attempt;
}

const privileges = (one: Attempt) => checksOf(one).find(({ id }) => id === "privileges");
const by = (method: string, rest = {}) => ({ sudo: { method, user: "root" }, ...rest });
const refused = (method: "sudo" | "doas" | "su", why: string, where: Record<string, string>) => ({
	standing: { uid: 1000, method, obtained: false, why },
	tools: where,
});

it.each([
	["only doas is there", {}, { tools: tools.alpine }, "vedette credential edit 'all hosts' --sudo doas"],
	["only su is there", {}, { tools: tools.busybox }, "--sudo su --sudo-password own"],
	["nothing is there", {}, { tools: { cat: "/bin/cat" } }, "Install sudo or doas there."],
	["it was not told what is there", {}, {}, "--sudo sudo"],
	[
		"sudo is asked for and doas is there",
		by("sudo"),
		refused("sudo", "sudo is not installed", tools.alpine),
		"--sudo doas",
	],
	["doas refuses", by("doas"), refused("doas", "doas: Operation not permitted", tools.alpine), "/etc/doas.conf"],
	[
		"su is told another password",
		by("su"),
		refused("su", "su: incorrect password", tools.busybox),
		"--sudo-password own",
	],
	[
		"su is to run single commands",
		by("su", { leastPrivilege: true }),
		refused("su", "su gives a shell", tools.busybox),
		"--least-privilege no",
	],
])("says how to become root where %s", (_, plan, report, cure) => {
	expect(privileges(attempt(plan, report))?.cure.join("\n")).toContain(cure);
});

it("says once who refused", () => {
	const found = (why: string) => privileges(attempt(by("doas"), refused("doas", why, tools.alpine)))?.found;
	expect(found("doas: Authentication required")).toBe("doas: Authentication required");
	expect(found("a limit was met")).toBe("doas: a limit was met");
});

it("does not offer single commands to a login that wants a shell without saying how to want them", () => {
	const { cure = [] } = privileges(attempt(by("doas"), refused("doas", "no", tools.alpine))) ?? {};
	expect(cure.join("\n")).toContain("--least-privilege yes");
});

it("allows what is needed in the words of what is there", () => {
	expect(dropInOf(attempt(by("doas"), { tools: tools.alpine }))?.text).toContain("permit nopass scan as root cmd cat");
	expect(dropInOf(attempt({}, { tools: tools.alpine }))?.file).toMatch(/doas/);
	expect(dropInOf(attempt(by("su"), { tools: tools.busybox }))).toBeNull();
	expect(dropInOf(attempt({}, { standing: { uid: 0, method: "root", obtained: true, why: null } }))).toBeNull();
	expect(dropInOf({ ...attempt(by("sudo"), {}), report: null })?.file).toBe("/etc/sudoers.d/vedette");
});

it("says why something is not whole, and whether root's rights would help", () => {
	const gaps = {
		cron: { why: "only root may read /etc/crontabs/root", root: true },
		services: { why: "neither systemd nor OpenRC nor /etc/init.d is there" },
		sshd: { why: "sshd -T does not tell its settings" },
	} as const;
	const gathered = [
		{ kind: "cron", data: { jobs: [], scripts: [], timers: null }, complete: false },
		{ kind: "services", data: { manager: null, services: [], processes: null }, complete: false },
	] as unknown as LoginReport["gathered"];
	const checks = checksOf(attempt({}, { gaps, gathered, lost: ["sshd"], tools: tools.busybox }));
	const told = (kind: string) => checks.find(({ id }) => id === `collect-${kind}`);
	expect(told("cron")).toMatchObject({ state: "warning", found: expect.stringContaining("/etc/crontabs/root") });
	expect(told("cron")?.cure.join()).toContain("Root's rights");
	expect(told("services")).toMatchObject({ state: "warning", found: expect.stringContaining("systemd"), cure: [] });
	expect(told("sshd")).toMatchObject({ state: "warning", found: expect.stringContaining("sshd -T") });
});
