/** The parsers of what policies are about, fed with what Debian, RHEL's family, Alpine and SUSE print. */
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Collector } from "./collector.ts";
import { containers } from "./containers.ts";
import { cron } from "./cron.ts";
import { files } from "./files.ts";
import { languages } from "./languages.ts";
import { logins } from "./logins.ts";
import { maskFunction } from "./mask.ts";
import { mounts } from "./mounts.ts";
import { services } from "./services.ts";
import { shells } from "./shells.test-support.ts";
import { sudoers } from "./sudoers.ts";
import { sysctl } from "./sysctl.ts";
import { system } from "./system.ts";

const output = (parts: Record<string, string>, cut = false) => ({
	text: Object.entries({ ...parts, end: "done\n" })
		.map(([name, text]) => `\n@@vedette ${name}\n${text}`)
		.join(""),
	cut,
});
const inFile = (file: string, lines: string[]) => lines.map((line) => `${file}:${line}\n`).join("");

describe("sudoers", () => {
	const rulesOf = (lines: string[], more = "") =>
		sudoers.parse(output({ sudo: inFile("/etc/sudoers", lines) + more }))?.data.rules ?? [];

	it("reads Debian's with its drop-ins, without those that do not count", () => {
		const sudo =
			inFile("/etc/sudoers", [
				"Defaults\tenv_reset, timestamp_timeout=30",
				'Defaults:ana !authenticate, secure_path="/bin:/usr/bin"',
				"root\tALL=(ALL:ALL) ALL",
				"%sudo   ALL=(ALL:ALL) ALL # all of them",
				"@includedir /etc/sudoers.d",
			]) +
			inFile("/etc/sudoers.d/deploy", ["deploy web01, web02 = (www-data) NOPASSWD: /usr/bin/systemctl restart app"]) +
			inFile("/etc/sudoers.d/old.bak", ["eve ALL=(ALL) NOPASSWD: ALL"]);
		expect(sudoers.parse(output({ sudo }))).toEqual({
			complete: true,
			data: {
				whole: true,
				defaults: ["env_reset", "timestamp_timeout=30", "!authenticate", "secure_path=/bin:/usr/bin"],
				rules: [
					{
						...{ tool: "sudo", file: "/etc/sudoers", who: ["root"], hosts: ["ALL"], runas: ["ALL"] },
						...{ noPassword: false, commands: ["ALL"] },
					},
					{
						...{ tool: "sudo", file: "/etc/sudoers", who: ["%sudo"], hosts: ["ALL"], runas: ["ALL"] },
						...{ noPassword: false, commands: ["ALL"] },
					},
					{
						...{ tool: "sudo", file: "/etc/sudoers.d/deploy", who: ["deploy"], hosts: ["web01", "web02"] },
						...{ runas: ["www-data"], noPassword: true, commands: ["/usr/bin/systemctl restart app"] },
					},
				],
			},
		});
	});

	it("replaces aliases, joins lines, and carries tags on as sudo does", () => {
		const rules = rulesOf([
			"User_Alias ADMINS = ana, bob : AUDIT = eve",
			"Cmnd_Alias SHELLS = /bin/sh, \\",
			"    /bin/bash",
			"ADMINS ALL = NOPASSWD: /bin/ls, /bin/cat, PASSWD: ALL, !SHELLS",
			"#1000, AUDIT ALL=(root) SETENV: NOPASSWD: sudoedit /etc/hosts, /bin/echo a\\,b",
		]);
		expect(rules.map(({ who, noPassword, commands }) => [who, noPassword, commands])).toEqual([
			[["ana", "bob"], true, ["/bin/ls", "/bin/cat"]],
			[["ana", "bob"], false, ["ALL", "!/bin/sh", "!/bin/bash"]],
			[["#1000", "eve"], true, ["sudoedit /etc/hosts", "/bin/echo a\\,b"]],
		]);
	});

	it("is not whole where a file is included that was not read, nor without root", () => {
		expect(sudoers.parse(output({ sudo: "/etc/sudoers:@include /etc/other\n" }))).toMatchObject({
			complete: false,
			data: { whole: false },
		});
		expect(sudoers.parse(output({ sudo: "" }))).toBeNull();
		expect(sudoers.unread?.(output({ sudo: "" }))).toMatchObject({ root: true });
		expect(sudoers.unread?.(output({ doas: "", closed: "/etc/doas.conf\n" }))).toEqual({
			...{ why: "only root may read /etc/doas.conf", root: true },
		});
		expect(sudoers.unread?.(output({ end: "done\n" }))).toBeNull();
		// Alpine's own is all comments until somebody is allowed something.
		expect(sudoers.parse(output({ doas: "/etc/doas.conf:#\n/etc/doas.conf:#\n", end: "done\n" }))).toMatchObject({
			...{ complete: true, data: { rules: [], whole: true } },
		});
		expect(sudoers.parse(output({}))).toBeNull();
		expect(rulesOf(["User_Alias A = B", "User_Alias B = A", "A ALL = ALL"])[0]?.who).toHaveLength(1);
	});

	it("reads Alpine's doas.conf", () => {
		const doas = inFile("/etc/doas.d/wheel.conf", [
			"permit persist :wheel",
			"permit nopass backup as root cmd /usr/bin/rsync args --server",
			"deny eve",
		]);
		expect(sudoers.parse(output({ doas }))?.data.rules).toMatchObject([
			{ tool: "doas", who: ["%wheel"], runas: ["ALL"], noPassword: false, commands: ["ALL"] },
			{ who: ["backup"], runas: ["root"], noPassword: true, commands: ["/usr/bin/rsync --server"] },
		]);
	});
});

describe("logins", () => {
	const debian = [
		"@ common-auth",
		"auth\trequired\tpam_faillock.so preauth deny=5 unlock_time=900",
		"auth\t[success=1 default=ignore]\tpam_unix.so nullok",
		"@ common-password",
		"password\trequisite\tpam_pwquality.so retry=3",
		"password\t[success=1 default=ignore]\tpam_unix.so obscure use_authtok try_first_pass yescrypt remember=5",
	].join("\n");

	it("reads Debian's stacks and the files beside them", () => {
		const read = logins.parse(
			output({
				...{ defs: "PASS_MAX_DAYS\t90\nENCRYPT_METHOD YESCRYPT\n", pam: debian },
				...{ quality: "minlen = 14\ndcredit=-1\n", faillock: "deny = 3\n", useradd: "INACTIVE=30\n" },
				timeout: "readonly TMOUT=600 ; export TMOUT\n",
			}),
		);
		expect(read).toMatchObject({
			complete: true,
			data: {
				defaults: { PASS_MAX_DAYS: "90", ENCRYPT_METHOD: "YESCRYPT" },
				quality: { module: "pam_pwquality", minLength: 14, digits: -1, minClasses: 0 },
				...{ remembered: 5, nullok: true, idleSeconds: 600, inactiveDays: 30 },
				lockout: { module: "pam_faillock", attempts: 5, seconds: 900 },
			},
		});
	});

	it("reads the stacks of RHEL and SUSE", () => {
		const rhel = [
			"@ system-auth",
			"auth        required      pam_faillock.so preauth silent",
			"auth        sufficient    pam_unix.so",
			"password    requisite     pam_pwquality.so local_users_only",
			"password    requisite     pam_pwhistory.so use_authtok",
			"account     include       other",
		].join("\n");
		expect(logins.parse(output({ defs: "", pam: rhel, history: "remember = 24\n" }))?.data).toMatchObject({
			...{ remembered: 24, nullok: false, quality: { minLength: 8 } },
			...{ lockout: { attempts: 3, seconds: 600 }, idleSeconds: null },
		});
		const suse = "@ common-password\npassword requisite pam_cracklib.so minlen=12 dcredit=-1\n";
		expect(logins.parse(output({ defs: "", pam: suse }))?.data.quality).toMatchObject({
			minLength: 12,
			digits: -1,
			upper: 1,
		});
	});

	it("knows that Alpine has no PAM, and what pam_unix alone asks for", () => {
		expect(logins.parse(output({ defs: "PASS_MAX_DAYS 99999\n" }))?.data).toMatchObject({ pam: null, nullok: null });
		const plain = "@ common-password\npassword required pam_unix.so minlen=10\n";
		expect(logins.parse(output({ defs: "", pam: plain }))?.data.quality?.minLength).toBe(10);
		expect(
			logins.parse(output({ defs: "", pam: "@ a\npassword required pam_passwdqc.so min=disabled,24,11,8,7\n" }))?.data,
		).toMatchObject({
			quality: { minLength: 7, minClasses: 2 },
		});
	});
});

describe("sysctl and mounts", () => {
	it("are as the kernel says", () => {
		const settings = "net/ipv4/ip_forward:1\nkernel/core_pattern:|/usr/lib/x %P\nkernel/unknown:1\nnoise\n";
		expect(sysctl.parse(output({ settings }))).toEqual({
			complete: true,
			data: { settings: { "net.ipv4.ip_forward": "1", "kernel.core_pattern": "|/usr/lib/x %P" } },
		});
		const text = "/dev/sda1 / ext4 rw,relatime 0 0\ntmpfs /my\\040dir tmpfs rw,nosuid,nodev 0 0\nbroken\n";
		expect(mounts.parse(output({ mounts: text }))?.data.mounts).toEqual([
			{ source: "/dev/sda1", target: "/", type: "ext4", options: ["rw", "relatime"] },
			{ source: "tmpfs", target: "/my dir", type: "tmpfs", options: ["rw", "nosuid", "nodev"] },
		]);
	});
});

describe("files", () => {
	const listed = [
		"-rw-r-----    1 0        42            1234 Jan  1 00:00 /etc/shadow",
		"-rw-r--rw-. 1 0 0 10 Jan  1  2024 /etc/my file",
		"drwxrwxrwt+ 9 0 0 4096 Jan  1 00:00 /tmp",
		"srw-rw---- 1 0 998 0 Jan  1 00:00 /var/run/docker.sock",
		"hidden /root",
		"hidden /root",
	].join("\n");

	it("come from the ls of GNU and BusyBox", () => {
		const found =
			"-rwsr-xr-x 1 0 0 5 Jan  1 00:00 /usr/bin/su\n-rw-rw-rw- 1 0 0 5 Jan  1 00:00 /etc/app.conf\nended 1\n";
		expect(files.parse(output({ files: listed, found }))).toMatchObject({
			complete: true,
			data: {
				files: [
					{ path: "/etc/shadow", mode: "0640", uid: 0, gid: 42, othersRead: false, groupWrite: false },
					{ path: "/etc/my file", mode: "0646", othersWrite: true },
					{ path: "/tmp", type: "directory", mode: "1777", sticky: true },
					{ path: "/var/run/docker.sock", type: "other", mode: "0660", groupWrite: true },
				],
				...{ worldWritable: ["/etc/app.conf"], setId: ["/usr/bin/su"], hidden: ["/root"] },
			},
		});
	});

	it("prove nothing when the search was ended", () => {
		for (const found of ["ended 124\n", "ended 143\n", ""]) {
			expect(files.parse(output({ files: listed, found }))).toMatchObject({
				complete: false,
				data: { worldWritable: null, setId: null },
			});
		}
	});
});

describe("cron", () => {
	it("reads tables of the system, of users, of anacron, and timers", () => {
		const jobs =
			inFile("/etc/crontab", ["PATH=/bin", "17 *\t* * *\troot\tcd / && run-parts /etc/cron.hourly"]) +
			inFile("/etc/cron.d/app", ["@daily www-data /srv/app/clean"]) +
			inFile("/var/spool/cron/crontabs/ana", ["*/5 * * * * /home/ana/poll"]) +
			inFile("/etc/anacrontab", ["1\t5\tcron.daily\tnice run-parts /etc/cron.daily"]);
		const timers = "n/a n/a Mon 2024-01-01 00:00:00 UTC 5h ago apt-daily.timer apt-daily.service\n";
		const read = cron.parse(output({ jobs, scripts: "/etc/cron.daily/logrotate\n", timers }));
		expect(read?.complete).toBe(true);
		expect(read?.data.jobs).toEqual([
			{ file: "/etc/crontab", user: "root", schedule: "17 *\t* * *", command: "cd / && run-parts /etc/cron.hourly" },
			{ file: "/etc/cron.d/app", user: "www-data", schedule: "@daily", command: "/srv/app/clean" },
			{ file: "/var/spool/cron/crontabs/ana", user: "ana", schedule: "*/5 * * * *", command: "/home/ana/poll" },
			{ file: "/etc/anacrontab", user: "root", schedule: "1\t5", command: "nice run-parts /etc/cron.daily" },
		]);
		expect(read?.data.timers).toEqual([{ name: "apt-daily.timer", activates: "apt-daily.service" }]);
		for (const closed of ["/var/spool/cron/crontabs/", "/etc/crontabs/root"])
			expect(cron.parse(output({ jobs: "", closed: `${closed}\n`, end: "done\n" }))).toMatchObject({
				...{ complete: false, gap: { why: `only root may read ${closed}`, root: true } },
			});
	});

	it.each(shells)("masks passwords before they leave the host: %s", (...shell) => {
		const secrets = [
			"* * * * * MYSQL_PWD=geheim1 mysqldump a",
			"* * * * * curl -u ana:geheim2 https://bob:geheim3@example.org/x",
			"* * * * * mysqldump -u root -pgeheim4 db | gzip",
			"* * * * * app --password geheim5 --api-key=geheim6 run",
			'API_TOKEN="geheim7 geheim8"',
			"* * * * * curl -H 'Authorization: Bearer geheim9'",
			"DB_PASSWORD='geheim0 geheim0'",
		].join("\n");
		const applet = shell[0] === "busybox" ? 'sed() { busybox sed "$@"; }\n' : "";
		const run = spawnSync(shell[0] ?? "sh", [...shell.slice(1), "-c", `${applet}${maskFunction}\nmask`], {
			input: secrets,
			encoding: "utf8",
		});
		expect(run.stdout.split("\n").filter((line) => line !== "")).toHaveLength(7);
		expect(run.stdout).not.toContain("geheim");
		expect(run.stdout).toContain("mysqldump -u root -p*** db | gzip");
	});
});

describe("services", () => {
	const processes = "sshd\nauditd\nsshd\nkworker/0:1\n";

	it("are those of systemd, OpenRC and System V", () => {
		const systemd = {
			"systemd-files": "ssh.service enabled enabled\nauditd.service disabled enabled\nssh.socket disabled enabled\n",
			"systemd-units": "ssh.service loaded active running OpenBSD Secure Shell server\n",
		};
		expect(services.parse(output({ ...systemd, processes }))).toEqual({
			complete: true,
			data: {
				manager: "systemd",
				processes: ["auditd", "sshd"],
				services: [
					{ name: "ssh", enabled: true, active: true },
					{ name: "auditd", enabled: false, active: false },
					{ name: "ssh.socket", enabled: false, active: false },
				],
			},
		});
		const openrc = {
			"openrc-enabled": " sshd | default\n crond |      \n",
			"openrc-active": " sshd   [  started  ]\n",
		};
		expect(services.parse(output({ ...openrc, processes }))?.data).toMatchObject({
			manager: "openrc",
			services: [
				{ name: "sshd", enabled: true, active: true },
				{ name: "crond", enabled: false, active: null },
			],
		});
		const sysv = { "sysv-enabled": "/etc/rc3.d:\nS01ssh\nK01x\n", "sysv-names": "README\nssh\nx\n" };
		expect(services.parse(output({ ...sysv, processes }))?.data.services).toEqual([
			{ name: "ssh", enabled: true, active: null },
			{ name: "x", enabled: false, active: null },
		]);
	});

	it("tell no processes where others' are hidden", () => {
		const hidden = "proc /proc proc rw,hidepid=2 0 0\n";
		expect(services.parse(output({ processes, hidden: `${hidden}1000\n` }))?.data.processes).toBeNull();
		expect(services.parse(output({ processes, hidden: `${hidden}0\n` }))?.data.processes).toEqual(["auditd", "sshd"]);
	});
});

describe("containers", () => {
	const id = "a".repeat(64);

	it("are those of docker and containerd, with their ports", () => {
		const read = containers.parse(
			output({
				"docker-version": "Docker version 24.0.7, build afdd53b\n",
				"docker-list": `${id}|web|nginx:1.25|Up 2 days|0.0.0.0:8080->80/tcp, [::]:8080->80/tcp, 443/tcp\nwhole\n`,
				"containerd-version": "ctr github.com/containerd/containerd v1.7.2\n",
				"containerd-list": "CONTAINER IMAGE RUNTIME\nabc registry.example/x:1 io.containerd.runc.v2\nwhole\n",
				"containerd-running": "TASK PID STATUS\nabc 77 RUNNING\n",
				kubelet: "node\nKubernetes v1.29.3\n",
			}),
		);
		expect(read).toMatchObject({
			complete: true,
			data: {
				runtimes: [
					{ name: "docker", version: "24.0.7", listed: true },
					{ name: "containerd", version: "1.7.2", listed: true },
				],
				containers: [
					{ image: "nginx:1.25", running: true, ports: [{ address: "*", port: 8080, protocol: "tcp", inside: 80 }] },
					{ image: "registry.example/x:1", running: true, ports: [] },
				],
				kubernetes: { version: "1.29.3" },
			},
		});
	});

	it("are not told where the runtime refuses, and none where there is no runtime", () => {
		expect(containers.parse(output({ "docker-version": "", "docker-list": "" }))).toMatchObject({
			complete: false,
			data: { runtimes: [{ name: "docker", version: null, listed: false }] },
		});
		expect(containers.parse(output({}))).toMatchObject({ complete: true, data: { runtimes: [], kubernetes: null } });
	});
});

describe("languages", () => {
	it("are those no package of the distribution owns", () => {
		const npm = [
			'/usr/lib/node_modules/npm/package.json:  "version": "10.2.0",',
			'/srv/app/node_modules/@a/b/package.json:  "version": "1.0.0-rc.1",',
			'/srv/app/node_modules/c/dist/package.json:  "version": "0.0.0",',
			"ended 0",
		].join("\n");
		const others = [
			"/usr/lib/python3/dist-packages/PyYAML-6.0.egg-info",
			"/usr/local/lib/python3.11/dist-packages/Foo_Bar-2.1.post1.dist-info",
			"/usr/local/lib/python3.11/dist-packages/zope.event-4.5-py3.11.egg-info",
			"/var/lib/gems/3.1.0/specifications/nokogiri-1.16.0-x86_64-linux.gemspec",
			"/usr/lib/ruby/specifications/default/json-2.6.gemspec",
			"ended 1",
		].join("\n");
		const owned =
			"/usr/lib/node_modules/npm/package.json\n/usr/lib/python3/dist-packages/PyYAML-6.0.egg-info/PKG-INFO\n";
		const read = languages.parse(output({ npm, others, owned }));
		expect(read?.complete).toBe(true);
		expect(read?.data.packages.map(({ ecosystem, name, version }) => [ecosystem, name, version])).toEqual([
			["npm", "@a/b", "1.0.0-rc.1"],
			["PyPI", "foo-bar", "2.1.post1"],
			["PyPI", "zope-event", "4.5"],
			["RubyGems", "nokogiri", "1.16.0"],
		]);
		expect(languages.parse(output({ npm: "ended 124\n", others: "ended 0\n", owned }))?.complete).toBe(false);
		// A damaged database of rpm: all of the distribution's own would seem to be brought past it.
		expect(languages.parse(output({ npm, others, owned: "@not-listed\n" }))).toBeNull();
		expect(languages.unread?.(output({ owned: "@not-listed\n" }))).not.toBeNull();
		expect(languages.unread?.(output({ owned }))).toBeNull();
	});
});

describe("a cloud's machine", () => {
	const base = { os: "ID=debian\n", running: "6.1\n" };
	it("is known from local files alone", () => {
		const cloudOf = (parts: Record<string, string>) => system.parse(output({ ...base, ...parts }))?.data.cloud;
		expect(cloudOf({ vendor: "Amazon EC2\n", "asset-tag": "i-0123456789abcdef0\n" })).toEqual({
			...{ provider: "aws", instanceId: "i-0123456789abcdef0" },
		});
		expect(cloudOf({ vendor: "Google\n", product: "Google Compute Engine\n", google: "1234567890\n" })).toEqual({
			...{ provider: "gce", instanceId: "1234567890" },
		});
		expect(
			cloudOf({ chassis: "7783-7084-3265-9085-8269-3286-77\n", uuid: "4C4C4544-0042-3510-8043-B7C04F4D3133\n" }),
		).toEqual({ provider: "azure", instanceId: "4c4c4544-0042-3510-8043-b7c04f4d3133" });
		expect(cloudOf({ vendor: "Dell Inc.\n" })).toBeNull();
	});
});

describe("what is hostile", () => {
	const words = [
		...[
			"ALL",
			"=",
			"(",
			")",
			":",
			",",
			"!",
			"#",
			"\\",
			'"',
			" ",
			"\t",
			"Defaults",
			"User_Alias",
			"A",
			"NOPASSWD:",
			"@include",
		],
		...[
			"/x",
			"%g",
			"permit",
			"as",
			"cmd",
			"setenv {",
			"}",
			"*",
			"@daily",
			"auth",
			"[",
			"]",
			"pam_unix.so",
			"min=",
			"-1",
			"@ su",
		],
		...[
			"/node_modules/",
			"package.json:",
			'"version": "1"',
			".dist-info",
			"-2",
			"ended 0",
			"->80/tcp",
			"a".repeat(12),
			"|",
		],
	];
	const all = [sudoers, logins, cron, files, languages, containers, services, mounts, sysctl] as unknown as Collector[];
	const partsIn = (collector: Collector) =>
		[...collector.script.matchAll(/part ([a-z-]+)/g)].map(([, name = ""]) => name);

	it.each(all.map((collector): [string, Collector] => [collector.kind, collector]))(
		"throws at no words: %s",
		(_, one) => {
			const line = fc
				.array(fc.constantFrom(...words), { maxLength: 30 })
				.map((some) => `/etc/sudoers:${some.join("")}`);
			const bare = fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((some) => some.join(""));
			const part = fc.array(fc.oneof(line, bare), { maxLength: 20 }).map((lines) => lines.join("\n"));
			fc.assert(
				fc.property(fc.dictionary(fc.constantFrom(...partsIn(one), "docker-list", "docker-version"), part), (parts) => {
					one.parse(output(parts));
				}),
				{ numRuns: 300 },
			);
		},
	);

	it.each([" ", "setenv{", "A=", "(", '"', "\\", ", ", ": A", "-1", "TMOUT=", "/", "[", "= "])(
		"takes no time over a megabyte of %j",
		(word) => {
			const text = word.repeat(Math.ceil(900_000 / word.length));
			for (const one of all) {
				const names = [...partsIn(one), "docker-list", "docker-version"];
				for (const before of ["", "/etc/sudoers:", "/etc/doas.conf:permit ", "A", "auth "])
					one.parse(output(Object.fromEntries(names.map((name) => [name, `${before}${text}x`]))));
			}
		},
	);
});
