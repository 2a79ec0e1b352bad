/** The parsers, fed with what the commands print on Debian, RHEL's family, Alpine and older systems, and with noise. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accounts } from "./accounts.ts";
import type { Collector } from "./collector.ts";
import { partsOf } from "./collector.ts";
import { collectors } from "./index.ts";
import { interfaces } from "./interfaces.ts";
import { listeners } from "./listeners.ts";
import { packages } from "./packages.ts";
import { restart } from "./restart.ts";
import { sshd } from "./sshd.ts";
import { system } from "./system.ts";

/** What the parts printed, as a collector's output. */
const output = (parts: Record<string, string>, cut = false) => ({
	text: Object.entries(parts)
		.map(([name, text]) => `\n@@vedette ${name}\n${text}`)
		.join(""),
	cut,
});

it("takes parts apart, also empty and unfinished ones", () => {
	expect([...partsOf("noise\n@@vedette a\n1\n2\n\n@@vedette b\n\n@@vedette c")]).toEqual([
		["a", "1\n2\n"],
		["b", ""],
	]);
});

/** As subscription-manager writes them. */
it("of repositories the ids of those that are switched on are told, and nothing else of them", () => {
	const folder = mkdtempSync(join(tmpdir(), "vedette-repositories-"));
	const file = [
		...[
			"[rhel-9-for-x86_64-baseos-eus-rpms]",
			"name = EUS",
			"baseurl = https://user:secret@cdn.example.org/x",
			"enabled = 1",
		],
		...["[debug-rpms]", "enabled=0", "[epel]", "name=no word of enabled", "[off]", "enabled = False", ""],
	];
	writeFileSync(join(folder, "redhat.repo"), file.join("\n"));
	const part = /part repositories;[\s\S]*?done\n/.exec(system.script)?.[0].replace("/etc/yum.repos.d", folder) ?? "";
	const run = (text: string) => spawnSync("sh", ["-c", `part() { :; }\n${text}`], { encoding: "utf8" }).stdout;
	const told = run(part);
	rmSync(folder, { recursive: true });
	expect(told).not.toContain("secret");
	const read = (text: string) =>
		system.parse({ text: `@@vedette repositories\n${text}`, cut: false })?.data.repositories;
	expect(read(told)).toEqual(["rhel-9-for-x86_64-baseos-eus-rpms", "epel"]);
	expect(read("")).toBeNull();
	expect(read(".\n")).toEqual([]);
});

describe("system", () => {
	const whole = {
		os: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
		hostname: "Web01\n",
		fqdn: "web01.example.org\n",
		machine: "x86_64\n",
		running: "6.1.0-18-amd64\n",
		build: "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)\n",
		installed: "6.1.0-17-amd64\n6.1.0-18-amd64\n",
		uptime: "1000.50 900.00\n",
		now: "1700001000\n",
		virtualization: "kvm\n",
		"machine-id": "0123456789abcdef0123456789ABCDEF\n",
		uuid: "4C4C4544-0042-3510-8043-B7C04F4D3133\n",
		serial: "To Be Filled By O.E.M.\n",
		vendor: "Dell Inc.\n",
		product: "PowerEdge R640\n",
		provider: "aws\n",
		instance: "i-0123456789abcdef0\n",
		sync: "yes\n",
	};

	it("reads a Debian machine", () => {
		const read = system.parse(output(whole));
		expect(read?.complete).toBe(true);
		expect(read?.data).toEqual({
			os: {
				id: "debian",
				like: [],
				version: "12",
				codename: "bookworm",
				name: "Debian GNU/Linux 12 (bookworm)",
				cpe: null,
			},
			...{ hostname: "web01", fqdn: "web01.example.org", architecture: "x86_64", virtualization: "kvm" },
			kernel: {
				...{ running: "6.1.0-18-amd64", build: "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)" },
				installed: ["6.1.0-17-amd64", "6.1.0-18-amd64"],
			},
			...{
				bootedAt: 1_699_999_999_500,
				machineId: "0123456789abcdef0123456789abcdef",
				repositories: null,
				timeSync: true,
			},
			dmi: {
				uuid: "4c4c4544-0042-3510-8043-b7c04f4d3133",
				serial: null,
				vendor: "Dell Inc.",
				product: "PowerEdge R640",
			},
			cloud: { provider: "aws", instanceId: "i-0123456789abcdef0" },
		});
	});

	it("reads other distributions' quotes and likes", () => {
		const os =
			'ID=\'almalinux\'\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\nPRETTY_NAME="A \\"B\\""\nCPE_NAME=cpe:/o:almalinux:almalinux:9::baseos\n';
		expect(system.parse(output({ ...whole, os }))?.data.os).toEqual({
			...{ id: "almalinux", like: ["rhel", "centos", "fedora"], version: "9.4", codename: null, name: 'A "B"' },
			cpe: "cpe:/o:almalinux:almalinux:9::baseos",
		});
	});

	it("does not take placeholders for an identity, nor noise for a fact", () => {
		const bare = {
			os: "",
			running: "",
			uuid: "00000000-0000-0000-0000-000000000000",
			fqdn: "localhost.localdomain",
			sync: "Leap status     : Not synchronised",
		};
		const read = system.parse(output({ ...whole, ...bare, "machine-id": "uninitialized" }));
		expect(read).toMatchObject({
			complete: false,
			data: { os: null, kernel: null, fqdn: null, machineId: null, timeSync: false },
		});
		expect(read?.data.dmi.uuid).toBeNull();
	});
});

describe("packages", () => {
	it("of dpkg are those installed, with source and maker", () => {
		const dpkg = [
			"installed\tlibssl3\t3.0.11-1~deb12u2\tamd64\topenssl\t3.0.11-1~deb12u2\tDebian OpenSSL Team <x@example.org>",
			"config-files\told\t1\tall\told\t1\tSomebody",
			"installed\tlinux-image-amd64\t6.1.76-1\tamd64\tlinux-signed-amd64\t6.1.76+1\t",
		].join("\n");
		expect(packages.parse(output({ dpkg, ended: "0\n" }))).toMatchObject({
			complete: true,
			data: {
				manager: "dpkg",
				packages: [
					{
						name: "libssl3",
						source: "openssl",
						sourceVersion: "3.0.11-1~deb12u2",
						vendor: "Debian OpenSSL Team <x@example.org>",
					},
					{ name: "linux-image-amd64", version: "6.1.76-1", sourceVersion: "6.1.76+1", vendor: null },
				],
			},
		});
	});

	it("of rpm carry their epoch and their module", () => {
		const rpm = [
			"bash\t0\t5.1.8-6.el9\tx86_64\tbash-5.1.8-6.el9.src.rpm\tAlmaLinux\t(none)",
			"openssl-libs\t1\t3.0.7-24.el9\tx86_64\topenssl-3.0.7-24.el9.src.rpm\tAlmaLinux\t(none)",
			"python39\t0\t3.9.19-1.module_el8.10.0+3849+a48d89aa\tx86_64\tpython39-3.9.19-1.module_el8.10.0+3849+a48d89aa.src.rpm\tAlmaLinux\tpython39:3.9:8100020240516:d47b87a4",
			"gpg-pubkey\t0\td36cb86cb86b3716\t(none)\t(none)\t(none)\t(none)",
		].join("\n");
		expect(packages.parse(output({ rpm }))?.data.packages).toMatchObject([
			{ name: "bash", version: "5.1.8-6.el9", source: "bash", module: null },
			{ name: "openssl-libs", version: "1:3.0.7-24.el9", source: "openssl" },
			{ name: "python39", module: "python39:3.9", vendor: "AlmaLinux" },
		]);
	});

	it("of apk have their origin as source", () => {
		const apk =
			"C:Q1abc=\nP:libcrypto3\nV:3.1.4-r5\nA:x86_64\nm:Ariadne <a@example.org>\no:openssl\n\nP:musl\nV:1.2.4-r2\nA:x86_64\n\n";
		expect(packages.parse(output({ apk }))?.data).toMatchObject({
			manager: "apk",
			packages: [
				{ name: "libcrypto3", version: "3.1.4-r5", source: "openssl", sourceVersion: "3.1.4-r5" },
				{ name: "musl", source: null, sourceVersion: null },
			],
		});
	});

	it("are none without a package manager, and not whole when cut", () => {
		expect(packages.parse(output({}))).toBeNull();
		expect(packages.parse(output({ dpkg: "installed\ta\t1\tall\ta\t1\t" }, true))?.complete).toBe(false);
		expect(packages.parse(output({ dpkg: "", ended: "2\n" }))).toBeNull();
		// BusyBox 1.38 has an rpm without packages.
		expect(packages.parse(output({ rpm: "", ended: "0\n" }))).toBeNull();
		expect(packages.unread?.(output({}))).toMatchObject({ why: expect.stringContaining("names packages") });
	});

	it("are not whole where their manager failed on the way", () => {
		const rpm = "bash\t0\t5.1.8-5.el9\tx86_64\tbash-5.1.8-5.el9.src.rpm\tAlmaLinux\t(none)\n";
		expect(packages.parse(output({ rpm, ended: "0\n" }))).toMatchObject({ complete: true });
		expect(packages.parse(output({ rpm, ended: "1\n" }))).toMatchObject({
			...{ complete: false, gap: { why: "rpm did not list all: it ended with 1" } },
		});
		expect(packages.parse(output({ rpm }))).toMatchObject({ complete: false });
	});
});

describe("interfaces", () => {
	const links = "eth0 up 52:54:00:AB:CD:EF\nlo unknown 00:00:00:00:00:00\nwg0 unknown \nbr0 down 52:54:00:00:00:01\n";

	it("come from ip", () => {
		const ip = [
			"1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever",
			"2: eth0@if5    inet 192.0.2.7/24 brd 192.0.2.255 scope global eth0\\ valid_lft forever",
			"2: eth0    inet6 2001:DB8::7/64 scope global \\ valid_lft forever",
			"4: wg0    inet 10.8.0.1 peer 10.8.0.2/32 scope global wg0",
		].join("\n");
		expect(interfaces.parse(output({ links, ip, end: "done\n" }))).toEqual({
			complete: true,
			data: {
				interfaces: [
					{
						...{ name: "eth0", mac: "52:54:00:ab:cd:ef", up: true },
						addresses: [
							{ address: "192.0.2.7", prefix: 24 },
							{ address: "2001:db8::7", prefix: 64 },
						],
					},
					{ name: "lo", mac: null, up: true, addresses: [{ address: "127.0.0.1", prefix: 8 }] },
					{ name: "wg0", mac: null, up: true, addresses: [{ address: "10.8.0.1", prefix: 32 }] },
					{ name: "br0", mac: "52:54:00:00:00:01", up: false, addresses: [] },
				],
			},
		});
	});

	it.each([
		[
			"BusyBox",
			"eth0      Link encap:Ethernet  HWaddr 52:54:00:AB:CD:EF\n          inet addr:192.0.2.7  Bcast:192.0.2.255  Mask:255.255.255.0\n          inet6 addr: 2001:db8::7/64 Scope:Global\n",
		],
		[
			"net-tools",
			"eth0: flags=4163<UP>  mtu 1500\n        inet 192.0.2.7  netmask 255.255.255.0  broadcast 192.0.2.255\n        inet6 2001:db8::7  prefixlen 64  scopeid 0x0<global>\n",
		],
	])("come from %s' ifconfig", (_, ifconfig) => {
		expect(interfaces.parse(output({ links, ifconfig, end: "done\n" }))?.data.interfaces[0]?.addresses).toEqual([
			{ address: "192.0.2.7", prefix: 24 },
			{ address: "2001:db8::7", prefix: 64 },
		]);
	});
});

describe("listeners", () => {
	const ssh = { protocol: "tcp", address: "*", port: 22, process: "sshd", pid: 812 };

	it.each([
		[
			"ss",
			'tcp   LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=812,fd=3))\nudp UNCONN 0 0 127.0.0.1%lo:323 0.0.0.0:*\ntcp LISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=812,fd=4))\n',
		],
		[
			"netstat",
			"Proto Recv-Q Send-Q Local Address Foreign Address State PID/Program name\ntcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN 812/sshd\nudp 0 0 127.0.0.1:323 0.0.0.0:* -\ntcp6 0 0 :::22 :::* LISTEN 812/sshd\n",
		],
	])("come from %s, one a socket", (name, text) => {
		expect(listeners.parse(output({ [name]: text }))?.data.sockets).toEqual([
			ssh,
			{ protocol: "udp", address: "127.0.0.1", port: 323, process: null, pid: null },
		]);
	});

	it("have the kernel's names of processes where BusyBox gives what a title ends with", () => {
		// BusyBox 1.36 of Alpine 3.20: sshd calls itself "sshd: /usr/sbin/sshd -D -f /srv/sshd_config [listener]".
		const netstat =
			"Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name    \ntcp        0      0 127.0.90.12:22          0.0.0.0:*               LISTEN      1/sshd_config [list\n";
		const read = listeners.parse(output({ netstat, names: "1 sshd\n18 ash\n", told: "y\n" }));
		expect(read).toEqual({
			complete: true,
			data: { sockets: [{ protocol: "tcp", address: "127.0.90.12", port: 22, process: "sshd", pid: 1 }] },
		});
	});

	it("are not known, not none, where every way to them fails", () => {
		for (const parts of [{ ss: "", told: "\n" }, { netstat: "", names: "1 init\n", told: "\n" }, {}])
			expect(listeners.parse(output(parts))).toBeNull();
		expect(listeners.unread?.(output({}))).toMatchObject({ why: expect.stringContaining("neither ss nor netstat") });
		expect(listeners.parse(output({ ss: "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n" }))).toMatchObject({
			complete: false,
		});
	});

	it("come from the kernel's tables where there is no tool", () => {
		const proc = [
			"tcp    0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1",
			"tcp    1: 0100007F:1F90 0100007F:C000 01 00000000:00000000 00:00000000 00000000     0        0 2 1",
			"tcp6   0: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 0 0 0 0 0",
			"udp    0: 0100007F:0143 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 3 2",
		].join("\n");
		expect(listeners.parse(output({ proc }))?.data.sockets.map(({ address, port }) => [address, port])).toEqual([
			["*", 22],
			["0:0:0:0:0:0:0:1", 8081],
			["127.0.0.1", 323],
		]);
	});
});

describe("accounts", () => {
	const passwd =
		"root:x:0:0:root:/root:/bin/bash\nana:x:1000:1000:Ana,,,:/home/ana:/bin/zsh\nold::1001:1001::/home/old:/bin/sh\nbroken\n";
	const group = "sudo:x:27:ana\ndocker:x:998:ana,bob\n";

	it("carry the age of their passwords, and never a hash", () => {
		const shadow = "root:!*:19000:0:99999:7:::\nana:$y:19700:1:90:14:30:20000:\nold::19500::::::\n";
		expect(accounts.parse(output({ passwd, group, shadow }))).toEqual({
			complete: true,
			data: {
				users: [
					{
						...{ name: "root", uid: 0, gid: 0, home: "/root", shell: "/bin/bash", groups: [] },
						password: {
							...{ state: "none", hash: null, changedAt: 19_000 * 86_400_000 },
							...{ minDays: 0, maxDays: null, warnDays: 7, expiresAt: null },
						},
					},
					{
						...{ name: "ana", uid: 1000, gid: 1000, home: "/home/ana", shell: "/bin/zsh", groups: ["sudo", "docker"] },
						password: {
							...{ state: "set", hash: "yescrypt", changedAt: 19_700 * 86_400_000 },
							...{ minDays: 1, maxDays: 90, warnDays: 14, expiresAt: 20_000 * 86_400_000 },
						},
					},
					{
						...{ name: "old", uid: 1001, gid: 1001, home: "/home/old", shell: "/bin/sh", groups: [] },
						password: {
							...{ state: "empty", hash: null, changedAt: 19_500 * 86_400_000 },
							...{ minDays: null, maxDays: null, warnDays: null, expiresAt: null },
						},
					},
				],
			},
		});
	});

	it("tell locked from never set", () => {
		const marks = {
			"!$6": ["locked", "sha512"],
			"!": ["locked", null],
			"*": ["none", null],
			"!!": ["none", null],
			$1: ["set", "md5"],
			des: ["set", "des"],
		};
		for (const [mark, expected] of Object.entries(marks)) {
			const read = accounts.parse(
				output({ passwd: "a:x:1:1::/:/bin/sh\n", shadow: `a:${mark === "!!" ? "!*" : mark}:1::::::\n` }),
			);
			const password = read?.data.users[0]?.password;
			expect([mark, password?.state, password?.hash]).toEqual([mark, ...expected]);
		}
	});

	it("are known without shadow(5), and then not whole", () => {
		const read = accounts.parse(output({ passwd, group, shadow: "" }));
		expect(read?.complete).toBe(false);
		expect(read?.data.users.map(({ password }) => password?.state ?? null)).toEqual([null, null, "empty"]);
	});

	it("say why they are not whole: what root alone may read, what is not there, or what was cut off", () => {
		const gapOf = (parts: Record<string, string>, cut = false) =>
			accounts.parse(output({ passwd, group, ...parts }, cut))?.gap;
		expect(gapOf({ kept: "shadow\n", shadow: "" })).toMatchObject({ root: true });
		expect(gapOf({ shadow: "" })?.why).toContain("there is no /etc/shadow");
		const nobody = "root:*:1::::::\nold::1::::::\n";
		expect(gapOf({ kept: "shadow\n", shadow: nobody })).toEqual({ why: "/etc/shadow has no line for ana" });
		expect(gapOf({ kept: "shadow\n", shadow: `${nobody}ana:*:1::::::\n` }, true)).toBeUndefined();
	});
});

describe("sshd", () => {
	it("is what it works out itself where it may", () => {
		const effective =
			"port 22\nport 2222\npermitrootlogin without-password\nciphers aes256-gcm@openssh.com,aes128-ctr\n";
		expect(sshd.parse(output({ effective, files: "Port 1\n" }))).toEqual({
			complete: true,
			data: {
				effective: true,
				settings: {
					port: ["22", "2222"],
					permitrootlogin: ["without-password"],
					ciphers: ["aes256-gcm@openssh.com,aes128-ctr"],
				},
			},
		});
	});

	it("is its files else, the first value of each, without what is for some only", () => {
		const files =
			"# comment\nPermitRootLogin=no\nPermitRootLogin yes\n  X11Forwarding   yes  \nMatch User git\n  PasswordAuthentication no\n";
		expect(sshd.parse(output({ effective: "", files, reason: "sshd: no hostkeys available -- exiting.\n" }))).toEqual({
			gap: { why: "sshd -T does not tell its settings: sshd: no hostkeys available -- exiting." },
			complete: false,
			data: { effective: false, settings: { permitrootlogin: ["no"], x11forwarding: ["yes"] } },
		});
		expect(sshd.parse(output({}))).toBeNull();
	});
});

describe("restart", () => {
	it("names what asks for it and what runs old code", () => {
		const parts = {
			marker: "yes\n",
			reasons: "linux-image-6.1.0-18-amd64\nlibc6\n",
			deleted: "/proc/812/maps\n/proc/1/maps\n/proc/999/maps\n",
			names: "1 systemd\n812 sshd\n813 my service\n",
			end: "done\n",
		};
		expect(restart.parse(output(parts))).toEqual({
			complete: true,
			data: { rebootRequired: true, reasons: ["linux-image-6.1.0-18-amd64", "libc6"], services: ["sshd", "systemd"] },
		});
		expect(restart.parse(output({ marker: "", end: "done\n" }))).toEqual({
			complete: false,
			data: { rebootRequired: null, reasons: [], services: [] },
			gap: { why: "nothing there says whether a reboot is needed" },
		});
		expect(restart.parse(output({ marker: "no\n" }))?.data.services).toBeNull();
	});

	it("knows what was replaced since the last boot", () => {
		const read = (marker: string) => restart.parse(output({ marker, end: "done\n" }))?.data;
		expect(read("since\n")).toMatchObject({ rebootRequired: false, reasons: [] });
		expect(read("since\nkernel-core\nglibc\n")).toMatchObject({
			...{ rebootRequired: true, reasons: ["kernel-core", "glibc"] },
		});
	});

	it("proves nothing where the processes of others are closed to it", () => {
		const parts = { marker: "no\n", names: "1 init\n", end: "done\n" };
		expect(restart.parse(output({ ...parts, deleted: "closed\nclosed\n" }))).toMatchObject({
			...{ complete: false, data: { services: null }, gap: { root: true } },
		});
		expect(restart.parse(output({ ...parts, deleted: "closed\n/proc/1/maps\n" }))).toMatchObject({
			...{ complete: false, data: { services: ["init"] } },
		});
	});
});

describe.each(collectors.map((collector): [string, Collector] => [collector.kind, collector]))("%s", (_, collector) => {
	it("throws at nothing", () => {
		const names = [...collector.script.matchAll(/part ([a-z-]+)/g)].map(([, name = ""]) => name);
		const word = fc.oneof(
			fc.string({ unit: "binary" }),
			fc.constantFrom(":", "\t", "\n", " ", "=", "0.0.0.0:22", "x:x:0:0"),
		);
		const part = fc.array(word, { maxLength: 20 }).map((words) => words.join(""));
		fc.assert(
			fc.property(fc.dictionary(fc.constantFrom(...names), part), fc.string(), fc.boolean(), (parts, noise, cut) => {
				const given = { text: noise + output(parts).text, cut };
				collector.parse(given);
				collector.unread?.(given);
			}),
			{ numRuns: 500 },
		);
	});

	it("reads once what looks everywhere: the script prints no secret and writes nothing", () => {
		expect(collector.script).not.toMatch(/(^|[^2<])>\s*[^&/]|>>|\brm\b|\btee\b|\bmktemp\b/);
	});
});
