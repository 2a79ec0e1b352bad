/** A host with nothing but BusyBox and doas, as Alpine is: who logs in there by a real sshd, and what is known of it afterwards. */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dropInFor } from "../../daemon/collect/privileged.ts";
import { parseKnownHosts } from "../../daemon/login/known-hosts.ts";
import { logIn } from "../../daemon/login/log-in.ts";
import type { LoginReport } from "../../daemon/login/login-request.ts";
import { type LoginServer, loginServer, userKey } from "./login-servers.ts";
import { Lab } from "./processes.ts";

const lab = new Lab("busybox-host");
const root = lab.path("root");
let server: LoginServer;
let key: string;

/** What `ldd` names: the loader and the libraries, as files by their places. */
function librariesOf(program: string): string[] {
	const told = execFileSync("ldd", [program], { encoding: "utf8" });
	return [...told.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => path);
}

function install(program: string, place: string, mode = 0o755): void {
	mkdirSync(join(root, dirname(place)), { recursive: true });
	copyFileSync(program, join(root, place));
	chmodSync(join(root, place), mode);
	for (const library of librariesOf(program)) {
		mkdirSync(join(root, dirname(library)), { recursive: true });
		copyFileSync(realpathSync(library), join(root, library));
	}
}

function which(program: string): string {
	return execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
}

/** Nothing that needs a password is asked, and nobody keeps a session. */
const permitting = ["auth", "account", "session"].map((type) => `${type} required pam_permit.so`).join("\n");

const rules = dropInFor("doas", "vsingle", {
	cat: "/bin/cat",
	ls: "/bin/ls",
	grep: "/bin/grep",
	netstat: "/bin/netstat",
});

/** Facts of Alpine 3.17.10. */
const apk = ["musl 1.2.3-r5 musl", "busybox 1.35.0-r31 busybox", "ssl_client 1.35.0-r31 busybox"]
	.map((line) => line.split(" "))
	.map(([name, version, source]) => `P:${name}\nV:${version}\nA:x86_64\no:${source}\n`)
	.join("\n");

beforeAll(async () => {
	for (const folder of ["bin", "etc", "proc", "dev", "tmp", "root", "home/vfull", "home/vsingle", "usr/bin"])
		mkdirSync(join(root, folder), { recursive: true });
	install(which("busybox"), "bin/busybox");
	for (const applet of execFileSync("busybox", ["--list"], { encoding: "utf8" }).trim().split("\n"))
		if (applet !== "busybox") symlinkSync("busybox", join(root, "bin", applet));
	install(which("doas"), "usr/bin/doas", 0o4755);
	const permit =
		execFileSync("find", ["/usr/lib", "/lib", "-name", "pam_permit.so"], { encoding: "utf8" }).split("\n")[0] ?? "";
	install(
		permit,
		join(
			dirname(librariesOf(which("doas")).find((path) => basename(path).startsWith("libpam.so")) ?? ""),
			"security/pam_permit.so",
		),
	);
	const write = (path: string, text: string, mode?: number) => lab.write(`root/${path}`, text, mode);
	write("bin/apk", "#!/bin/sh\n", 0o755);
	write("lib/apk/db/installed", apk);
	write("etc/os-release", 'ID=alpine\nVERSION_ID=3.17.10\nPRETTY_NAME="Alpine Linux v3.17"\n');
	write(
		"etc/passwd",
		"root:x:0:0:root:/root:/bin/ash\nvfull:x:61201:61201::/home/vfull:/bin/ash\nvsingle:x:61202:61202::/home/vsingle:/bin/ash\n",
	);
	write("etc/group", "root:x:0:root\nvfull:x:61201:\nvsingle:x:61202:\n");
	write("etc/shadow", "root:!:19000:0:::::\nvfull:*:20000:0:99999:7:::\nvsingle:*:20000:0:99999:7:::\n", 0o640);
	write("etc/crontabs/root", "# min hour\n*/15 * * * * run-parts /etc/periodic/15min\n", 0o600);
	write("etc/doas.conf", `permit nopass vfull as root\n${rules.text}`, 0o600);
	write("etc/pam.d/doas", `${permitting}\n`);
	key = userKey(lab, "plain");
	const authorizedKeys = readFileSync(`${key}.pub`, "utf8");
	const account = (name: string, uid: number) => ({ name, uid, authorizedKeys, shell: "/bin/ash" });
	server = await loginServer(lab, {
		...{ address: "127.0.81.1", port: 22, inside: root },
		accounts: [account("vfull", 61_201), account("vsingle", 61_202)],
		config: [`AuthorizedKeysFile ${key}.pub`],
	});
}, 60_000);
afterAll(() => lab.end());

function login(user: string, method: "none" | "sudo" | "doas", singly = false): Promise<LoginReport> {
	const { address, port, knownHost } = server;
	const proof = {
		kind: "key",
		name: "plain",
		privateKey: readFileSync(key, "utf8"),
		passphrase: null,
		certificate: null,
	} as const;
	const names = [{ host: address, port }];
	return logIn(
		{
			...{ address, jumps: [], tracking: "no", hopMs: 60_000, commandMs: 120_000 },
			targets: [{ host: address, port, user, proofs: [proof], names, known: parseKnownHosts(knownHost) }],
			elevation: { method, user: "root", password: null, singly },
		},
		new AbortController().signal,
	);
}

const told = ({ gathered }: LoginReport, kind: string) => gathered.find((one) => one.kind === kind);

it.each([
	["a shell as root", "vfull", false],
	["the single commands that the printed rules allow", "vsingle", true],
] as const)("all is known by doas with %s", async (_, user, singly) => {
	const report = await login(user, "doas", singly);
	expect(report).toMatchObject({ failure: null, cut: null, late: [], standing: { method: "doas", obtained: true } });
	expect(report.tools).toMatchObject({ doas: "/usr/bin/doas", netstat: "/bin/netstat" });
	expect(told(report, "system")).toMatchObject({ data: { os: { id: "alpine", version: "3.17.10" } } });
	expect(told(report, "packages")).toMatchObject({
		...{ complete: true, data: { manager: "apk", packages: { length: 3 } } },
	});
	expect(told(report, "accounts")).toMatchObject({ complete: true });
	expect(told(report, "cron")).toMatchObject({
		...{ complete: true, data: { jobs: [{ file: "/etc/crontabs/root", user: "root" }] } },
	});
	expect(told(report, "sudoers")).toMatchObject({ complete: true, data: { whole: true } });
	// Debian's BusyBox tells no programs: then it is the kernel's tables.
	expect(told(report, "listeners")).toMatchObject({
		...{
			complete: true,
			data: { sockets: expect.arrayContaining([expect.objectContaining({ address: "127.0.81.1", port: 22 })]) },
		},
	});
});

it("what only root may read is not known without doas, and why is said", async () => {
	const report = await login("vsingle", "none");
	expect(report.standing).toMatchObject({ method: "none", obtained: false });
	for (const kind of ["accounts", "cron", "restart"]) expect(told(report, kind)).toMatchObject({ complete: false });
	expect(report.gaps).toMatchObject({
		cron: { why: expect.stringContaining("/etc/crontabs/root"), root: true },
		sudoers: { why: expect.stringContaining("/etc/doas.conf"), root: true },
	});
	expect(report.lost).toContain("sudoers");
	expect(report.absent).toContain("sshd");
});

it("a sudo that is not there is told as that", async () => {
	const { standing } = await login("vfull", "sudo");
	expect(standing).toMatchObject({ method: "sudo", obtained: false, why: "sudo is not installed" });
});
