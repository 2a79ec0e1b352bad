/** Every signature file proves itself: schema, vocabulary, examples, and that it does not get in another's way. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { EvidenceRecord, Kind } from "../daemon/evidence/record.ts";
import { checkSignatureText } from "../daemon/knowledge/check-file.ts";
import { compileSignature } from "../daemon/knowledge/compile.ts";
import { recordOfExample } from "../daemon/knowledge/examples.ts";
import type { Check } from "../daemon/knowledge/knowledge.ts";
import { listSignatureFiles, loadSignatures, readSignatures, signaturesFolder } from "../daemon/knowledge/load.ts";
import { parseSignatureFile } from "../daemon/knowledge/parse-file.ts";
import { type SignatureFile, signatureJsonSchema } from "../daemon/knowledge/signature-file.ts";

const folder = signaturesFolder();
const paths = listSignatureFiles(folder);
const texts = new Map(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
const files = [...texts.values()].map((text) => parseSignatureFile(text).file).filter((file) => file !== null);
const checks = new Map(files.map((file) => [file.id, compileSignature(file).check]));

test("there are at least 80, and every one loads", () => {
	const loaded = loadSignatures(readSignatures(folder));
	expect(loaded.problems).toEqual([]);
	expect(loaded.checks.length).toBe(paths.length);
	expect(paths.length).toBeGreaterThanOrEqual(80);
});

describe.each(paths)("%s", (path) => {
	const text = texts.get(path) ?? "";

	test("is in order, and its examples behave", () => {
		expect(checkSignatureText(text, path.replace(/\.yaml$/, ""))).toEqual([]);
	});

	test("says in the file where its schema is, and is readable in an editor", () => {
		expect(text.startsWith("# yaml-language-server: $schema=../schema.json\n")).toBe(true);
		expect(text).not.toMatch(/[ \t]+$/m);
	});
});

test("numbers and titles are each used once, and no alias is one of our numbers", () => {
	expect(repeated(files.map((file) => file.qid))).toEqual([]);
	expect(repeated(files.flatMap((file) => file.aliases))).toEqual([]);
	expect(repeated(files.map((file) => file.title.toLowerCase()))).toEqual([]);
	expect(files.flatMap((file) => file.aliases).filter((alias) => alias > 100_000 && alias < 102_000)).toEqual([]);
});

test("at least 50 policies, each with its number in both versions of the standard", () => {
	const policies = files.filter(({ id }) => id.startsWith("policy/"));
	expect(policies.length).toBeGreaterThanOrEqual(50);
	for (const { id, requirements } of policies) {
		const standards = new Set(requirements.map(({ standard }) => standard));
		expect({ id, standards: [...standards] }).toEqual({
			id,
			standards: expect.arrayContaining(["PCI DSS 4.0.1", "PCI DSS 3.2.1"]),
		});
	}
	const age = policies.find(({ id }) => id === "policy/password-max-age");
	expect(age?.requirements.map(({ id }) => id)).toEqual(["8.3.9", "8.2.4", "8.5.9"]);
});

test("the numbers people know from elsewhere are there", () => {
	const aliases = new Map(files.flatMap((file) => file.aliases.map((alias) => [alias, file.id])));
	expect(aliases.get(82_023)).toBe("ports/open-tcp-services");
	expect(aliases.get(45_038)).toBe("host/scan-time");
	expect(aliases.get(12_230)).toBe("http/default-web-page");
});

test("an example of one product is not taken for another product", () => {
	const thefts = files.flatMap((owner) =>
		files
			.filter((other) => other["applies-to"] === owner["applies-to"] && isRival(owner, other))
			.flatMap((other) => matchingExamples(owner, other).map((name) => `${other.id} matches ${name} of ${owner.id}`)),
	);
	expect(thefts).toEqual([]);
});

test("a server kept well gives no finding but information", () => {
	for (const { name, record } of keptWell) {
		const findings = allChecks()
			.filter((check) => check.kind === record.kind && check.signature.type !== "information")
			.filter((check) => check.evaluate(record, record.observedAt).matched === true)
			.map((check) => check.signature.id);
		expect({ name, findings }).toEqual({ name, findings: [] });
	}
});

test("blank records make no check fail: each gives a verdict or says why not", () => {
	for (const check of allChecks()) {
		const verdict = check.evaluate(blankRecord(check.kind), Date.parse("2026-06-01"));
		expect(verdict.problem === "").toBe(verdict.matched !== null);
	}
});

test("the largest texts a hostile server can send are judged within bounds", () => {
	const long = `${"a".repeat(100_000)}<title>\u0000${"1.".repeat(50_000)}`;
	for (const check of allChecks()) {
		const { data, ...about } = blankRecord(check.kind);
		const huge = Object.entries(data).map(([key, value]) => [
			key,
			typeof value === "string" || value === null ? long : value,
		]);
		const verdict = check.evaluate({ ...about, data: Object.fromEntries(huge) } as EvidenceRecord, about.observedAt);
		expect(verdict.result.length, check.signature.id).toBeLessThanOrEqual(8_192);
	}
});

test("signatures/schema.json is what the code says (vitest -u writes it)", async () => {
	await expect(asJson(signatureJsonSchema())).toMatchFileSnapshot(join(folder, "schema.json"));
});

/** Two products of the same kind of server; what is said of "SSH server" and the like holds for all products. */
function isRival(owner: SignatureFile, other: SignatureFile): boolean {
	const [mine, theirs] = [subjectOf(owner), subjectOf(other)];
	return mine !== theirs && isProduct(mine) && isProduct(theirs) && !runsOn(mine, theirs) && !runsOn(theirs, mine);
}

function subjectOf(file: SignatureFile): string {
	return file.title.split(" - ", 1)[0] ?? "";
}

function isProduct(subject: string): boolean {
	return !/( server| service| agent| daemon| node)$|^(Host|X\.509 certificate)$/.test(subject);
}

/** An operating system, language or library shows in the banner of a server that runs on it. */
function runsOn(lower: string, upper: string): boolean {
	return /Debian|Ubuntu|Windows|PHP|OpenSSL/.test(lower) && lower !== upper;
}

function matchingExamples(owner: SignatureFile, other: SignatureFile): string[] {
	const check = checks.get(other.id);
	return owner.examples.match.flatMap((example, index) => {
		const record = recordOfExample(owner["applies-to"], example);
		return check?.evaluate(record, record.observedAt).matched === true ? [`examples.match.${index}`] : [];
	});
}

function repeated<T>(values: T[]): T[] {
	return values.filter((value, index) => values.indexOf(value) !== index);
}

function allChecks(): Check[] {
	return [...checks.values()].filter((check) => check !== null);
}

function blankRecord(kind: Kind): EvidenceRecord {
	return record(kind, {});
}

function record(kind: Kind, data: Record<string, unknown>, port = 1): EvidenceRecord {
	return recordOfExample(kind, {
		record: data,
		address: "127.0.0.1",
		port,
		protocol: "tcp",
		now: "2026-06-01T00:00:00.000Z",
	});
}

/** The text biome would leave alone: tabs, lists of plain values on one line where they fit. */
function asJson(value: unknown): string {
	const text = JSON.stringify(value, null, "\t");
	const packed = text.replace(/^(\t*)(.*)\[\n([^[\]{}]*?)\n\t*\](,?)$/gm, (whole, indent, head, items, comma) => {
		const line = `${head}[${items.replace(/\s*\n\s*/g, " ").trim()}]${comma}`;
		return indent.length * 2 + line.length <= 120 ? indent + line : whole;
	});
	return `${packed}\n`;
}

const tlsModern = (version: string, name: string) => ({ version, name, bits: 256, forwardSecrecy: true, aead: true });

/** What a login finds on a Debian 12 set up by the book. */
const hardened: [Kind, Record<string, unknown>][] = [
	[
		"accounts",
		{
			users: [
				{ name: "root", uid: 0, gid: 0, password: { state: "locked" } },
				{ name: "www-data", uid: 33, gid: 33, shell: "/usr/sbin/nologin", password: { state: "none" } },
				{
					...{ name: "ana", uid: 1000, gid: 1000, shell: "/bin/bash", groups: ["sudo"] },
					password: { state: "set", hash: "yescrypt", maxDays: 90, changedAt: Date.parse("2026-05-01") },
				},
			],
		},
	],
	[
		"sshd",
		{
			effective: true,
			settings: Object.fromEntries(
				[
					...["permitrootlogin no", "permitemptypasswords no", "x11forwarding no", "loglevel VERBOSE", "usepam yes"],
					...["passwordauthentication no", "strictmodes yes", "ignorerhosts yes", "hostbasedauthentication no"],
					...["clientaliveinterval 300", "clientalivecountmax 3", "maxauthtries 4", "logingracetime 60"],
					...["permituserenvironment no", "authenticationmethods any"],
					"ciphers chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com",
					"macs umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512",
					"kexalgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256,diffie-hellman-group16-sha512",
				].map((line) => [line.slice(0, line.indexOf(" ")), [line.slice(line.indexOf(" ") + 1)]]),
			),
		},
	],
	[
		"sudoers",
		{
			whole: true,
			defaults: ["env_reset", "mail_badpass", "secure_path=/usr/sbin:/usr/bin:/sbin:/bin", "use_pty"],
			rules: [
				{ file: "/etc/sudoers", who: ["root"], hosts: ["ALL"], runas: ["ALL"], commands: ["ALL"] },
				{ file: "/etc/sudoers", who: ["%sudo"], hosts: ["ALL"], runas: ["ALL"], commands: ["ALL"] },
			],
		},
	],
	[
		"files",
		{
			...{ worldWritable: [], setId: ["/usr/bin/su", "/usr/bin/sudo"] },
			files: [
				{ path: "/etc/passwd", mode: "0644", othersRead: true },
				{ path: "/etc/shadow", mode: "0640", gid: 42 },
				{ path: "/etc/sudoers", mode: "0440" },
				{ path: "/etc/cron.daily", type: "directory", mode: "0755", othersRead: true },
				{ path: "/etc/ssh/ssh_host_ed25519_key", mode: "0600" },
				{ path: "/tmp", type: "directory", mode: "1777", othersRead: true, othersWrite: true, sticky: true },
				{ path: "/var/log", type: "directory", mode: "0755", othersRead: true },
				{ path: "/var/log/auth.log", mode: "0640", gid: 4 },
				{ path: "/var/log/wtmp", mode: "0664", gid: 43, groupWrite: true, othersRead: true },
				{ path: "/var/spool/cron/crontabs", type: "directory", mode: "1730", gid: 101, groupWrite: true, sticky: true },
				{ path: "/home/ana", type: "directory", mode: "0700", uid: 1000, gid: 1000 },
				{ path: "/home/ana/.ssh/authorized_keys", mode: "0600", uid: 1000, gid: 1000 },
			],
		},
	],
	[
		"logins",
		{
			defaults: { PASS_MAX_DAYS: "90", ENCRYPT_METHOD: "YESCRYPT", UMASK: "027" },
			pam: [{ file: "su", type: "auth", control: "required", module: "pam_wheel" }],
			quality: { module: "pam_pwquality", minLength: 12, digits: -1, lower: -1 },
			lockout: { module: "pam_faillock", attempts: 6, seconds: 1800 },
			...{ remembered: 5, nullok: false, idleSeconds: 900, inactiveDays: 30 },
		},
	],
	["mounts", { mounts: [{ target: "/tmp", type: "tmpfs", options: ["rw", "nosuid", "nodev", "noexec"] }] }],
	["services", { manager: "systemd", processes: ["auditd", "cron", "rsyslogd", "sshd"], services: [{ name: "ssh" }] }],
	["system", { timeSync: true }],
	["restart", { rebootRequired: false, services: [] }],
	["packages", { manager: "dpkg", packages: [{ name: "aide", version: "0.18.3-1" }, { name: "telnet" }] }],
];

/** What probes get from services as Debian 12 sets them up, or as their makers recommend. */
const keptWell: { name: string; record: EvidenceRecord }[] = [
	{
		name: "OpenSSH of Debian 12",
		record: record("ssh", {
			product: "OpenSSH",
			version: "9.2p1",
			info: "Debian-2+deb12u7",
			banner: "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7",
			protocol: "2.0",
			kex: [
				"sntrup761x25519-sha512@openssh.com",
				"curve25519-sha256",
				"ecdh-sha2-nistp256",
				"diffie-hellman-group-exchange-sha256",
				"diffie-hellman-group16-sha512",
				"diffie-hellman-group14-sha256",
				"kex-strict-s-v00@openssh.com",
			],
			hostKeyAlgorithms: ["rsa-sha2-512", "rsa-sha2-256", "ecdsa-sha2-nistp256", "ssh-ed25519"],
			ciphers: ["chacha20-poly1305@openssh.com", "aes128-ctr", "aes256-gcm@openssh.com"],
			macs: ["umac-64-etm@openssh.com", "hmac-sha2-256-etm@openssh.com", "hmac-sha1-etm@openssh.com", "hmac-sha1"],
			compression: ["none", "zlib@openssh.com"],
			strictKex: true,
			hostKeys: [
				{ type: "ssh-rsa", bits: 3072, fingerprint: "SHA256:a" },
				{ type: "ssh-ed25519", bits: 256, fingerprint: "SHA256:b" },
			],
			dhGroupBits: 2048,
		}),
	},
	{
		name: "nginx with TLS 1.2 and 1.3",
		record: record("tls", {
			versions: ["TLSv1.2", "TLSv1.3"],
			ciphers: [
				tlsModern("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
				tlsModern("TLSv1.3", "TLS_AES_256_GCM_SHA384"),
			],
			fallbackScsv: false,
			secureRenegotiation: true,
			groups: ["x25519"],
		}),
	},
	{
		name: "nginx of Debian 12 over HTTPS",
		record: record("http", {
			product: "nginx",
			version: "1.22.1",
			tls: true,
			status: 200,
			reason: "OK",
			headers: { server: "nginx/1.22.1", "strict-transport-security": "max-age=31536000" },
			body: "<html><title>Hello</title></html>",
		}),
	},
	{
		name: "nginx that hides its version",
		record: record("http", {
			product: "nginx",
			status: 301,
			reason: "Moved Permanently",
			headers: { server: "nginx" },
			redirects: [{ status: 301, location: "https://www.example.com/" }],
		}),
	},
	{
		name: "a certificate of Let's Encrypt",
		record: record("certificate", {
			matchesHostname: true,
			trusted: true,
			leaf: {
				subject: "CN=www.example.com",
				issuer: "CN=E6",
				notBefore: "2026-05-01T00:00:00Z",
				notAfter: "2026-07-30T00:00:00Z",
				keyType: "ec",
				keyBits: 256,
				signatureAlgorithm: "ecdsa-with-SHA384",
			},
			chain: [{ subject: "CN=www.example.com", issuer: "CN=E6", signatureAlgorithm: "ecdsa-with-SHA384" }],
		}),
	},
	{ name: "Redis with a password", record: record("redis", { product: "Redis", authenticationRequired: true }) },
	{ name: "Redis in protected mode", record: record("redis", { product: "Redis", protectedMode: true }) },
	{
		name: "PostgreSQL with SCRAM and TLS",
		record: record("postgresql", { tlsOffered: true, authentication: "scram-sha-256" }, 5432),
	},
	{
		name: "vsftpd that demands TLS",
		record: record("ftp", {
			product: "vsFTPd",
			version: "3.0.3",
			banner: "220 (vsFTPd 3.0.3)",
			anonymous: false,
			authTls: true,
		}),
	},
	{
		name: "Postfix of Debian 12",
		record: record("smtp", {
			product: "Postfix",
			info: "Debian/GNU",
			banner: "220 mail.example ESMTP Postfix (Debian/GNU)",
			extensions: ["PIPELINING", "STARTTLS"],
			starttls: true,
		}),
	},
	...hardened.map(([kind, data]) => ({ name: `a hardened host: ${kind}`, record: record(kind, data, 0) })),
	{
		name: "BIND of Debian 12",
		record: record("dns", { recursion: true, rcode: "NOERROR", versionBind: "9.18.28-1~deb12u2-Debian" }, 53),
	},
];
