/** Policies judged over a real login: faults that were put there are found as root, and left undecided where root is needed. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { collectors } from "../../daemon/collect/index.ts";
import { readScriptOutput, scriptOf } from "../../daemon/collect/script.ts";
import type { EvidenceRecord } from "../../daemon/evidence/record.ts";
import { loadSignatures, readSignatures, signaturesFolder } from "../../daemon/knowledge/load.ts";
import { judgeHostKey, knownTypes, parseKnownHosts } from "../../daemon/login/known-hosts.ts";
import { openSession } from "../../daemon/login/session.ts";
import { type LoginServer, loginServer, userKey } from "./login-servers.ts";
import { Lab } from "./processes.ts";

const lab = new Lab("policy");
const signal = new AbortController().signal;
const policies = loadSignatures(readSignatures(signaturesFolder())).checks.filter(({ signature }) =>
	signature.id.startsWith("policy/"),
);
let server: LoginServer;
let key: string;

beforeAll(async () => {
	key = userKey(lab, "plain");
	const authorizedKeys = readFileSync(lab.path("keys", "plain.pub"), "utf8");
	server = await loginServer(lab, {
		...{ address: "127.0.79.2", port: 2222 },
		accounts: [
			{ name: "vscan", uid: 61_001, authorizedKeys, sudo: "ALL=(root) NOPASSWD: ALL" },
			{ name: "vplain", uid: 61_002, authorizedKeys },
			{ name: "vold", uid: 61_003, password: "correct horse battery staple", age: "19000:0:99999:7:::" },
			{ name: "vtwin", uid: 0 },
		],
	});
});
afterAll(() => lab.end());

/** What a login as `user` tells of each policy, and what it took. */
async function verdictsOf(user: string, asRoot: string, shell: string) {
	const { address: host, port } = server;
	const known = parseKnownHosts(server.knownHost);
	const session = await openSession(
		[
			{
				...{ host, port, user, knownTypes: knownTypes(known, host, port) },
				proofs: [
					{ kind: "key", name: "plain", privateKey: readFileSync(key, "utf8"), passphrase: null, certificate: null },
				],
				judge: (shown) => judgeHostKey(known, host, port, shown),
			},
		],
		{ signal, timeoutMs: 20_000 },
	);
	const nonce = randomBytes(16).toString("hex");
	const started = performance.now();
	const { stdout } = await session.run(`${shell} -s`, {
		...{ stdin: scriptOf(collectors, { asRoot, nonce }), signal, timeoutMs: 120_000, mostBytes: 64 << 20 },
	});
	process.stdout.write(`${user}, ${shell}: ${Math.round(performance.now() - started)} ms, ${stdout.length} bytes\n`);
	session.close();
	const output = readScriptOutput(stdout.toString("utf8"), collectors, nonce);
	const verdicts = new Map<string, { matched: boolean | null; result: string }>();
	for (const { kind, parse } of collectors) {
		const data = parse(output.sections.get(kind) ?? { text: "", cut: true })?.data;
		if (data === undefined) continue;
		const record = {
			kind,
			address: host,
			port: 0,
			protocol: "tcp",
			source: "login",
			complete: true,
			observedAt: 0,
			data,
		};
		for (const check of policies.filter((one) => one.kind === kind))
			verdicts.set(check.signature.id, check.evaluate(record as EvidenceRecord, Date.parse("2026-06-01")));
	}
	return { verdicts, finished: output.finished, text: stdout.toString("utf8") };
}

it.each(["sh", "bash --posix", "busybox sh"])("as root the faults are found: %s", async (shell) => {
	const { verdicts, finished, text } = await verdictsOf("vscan", "sudo -n", shell);
	expect(finished).toBe(true);
	expect(verdicts.get("policy/password-too-old")).toMatchObject({
		...{ matched: true, result: expect.stringContaining("vold (2022-01-08)") },
	});
	expect(verdicts.get("policy/password-max-age")).toMatchObject({
		...{ matched: true, result: expect.stringContaining("vold (no limit)") },
	});
	expect(verdicts.get("policy/root-twin")).toMatchObject({ matched: true, result: "vtwin" });
	expect(verdicts.get("policy/sudo-nopasswd-all")).toMatchObject({ matched: true, result: "/etc/sudoers: vscan" });
	expect(verdicts.get("policy/empty-password")).toMatchObject({ matched: false });
	expect(text).not.toContain("\nhidden /root\n");
	expect(verdicts.get("policy/ssh-protocol-one")).toMatchObject({ matched: null });
	expect(verdicts.size).toBeGreaterThan(80);
	expect(text).not.toMatch(/\$[0-9a-z]+\$[^$\s]*\$[./0-9A-Za-z]{20}/);
});

it("without root what needs it is undecided, and the rest is found", async () => {
	const { verdicts, text } = await verdictsOf("vplain", "", "sh");
	expect(text).toContain("\nhidden /root\n");
	expect(verdicts.get("policy/trusted-hosts-files")?.matched).toBeNull();
	for (const id of ["password-max-age", "password-too-old", "empty-password"])
		expect([id, verdicts.get(`policy/${id}`)?.matched]).toEqual([id, null]);
	expect(verdicts.has("policy/sudo-nopasswd-all")).toBe(false);
	expect(verdicts.get("policy/root-twin")).toMatchObject({ matched: true, result: "vtwin" });
});
