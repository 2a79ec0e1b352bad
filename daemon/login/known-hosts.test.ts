import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { judgeHostKey, knownTypes, parseKnownHosts } from "./known-hosts.ts";

const blob = (text: string) => new TextEncoder().encode(text);
const key = (text: string, type = "ssh-ed25519") => ({ type, blob: blob(text) });
const line = (host: string, text: string, type = "ssh-ed25519") =>
	`${host} ${type} ${Buffer.from(text).toString("base64")}`;
const judge = (file: string, host: string, offered = key("A"), port = 22) =>
	judgeHostKey(parseKnownHosts(file), host, port, offered);

it("tells the same key from a changed one, another type and a stranger", () => {
	const file = `# mine\n\n${line("web.example.org,192.0.2.1", "A")}\n${line("db", "B")}\n`;
	expect(judge(file, "web.example.org")).toBe("known");
	expect(judge(file, "WEB.example.org")).toBe("known");
	expect(judge(file, "192.0.2.1")).toBe("known");
	expect(judge(file, "db")).toBe("changed");
	expect(judge(file, "db", key("R", "ssh-rsa"))).toBe("other-type");
	expect(judge(file, "other")).toBe("unknown");
});

it("takes the port as part of the name", () => {
	const file = line("[db]:2222", "A");
	expect(judge(file, "db", key("A"), 2222)).toBe("known");
	expect(judge(file, "db")).toBe("unknown");
});

it("reads wildcards, negations and what must not be trusted", () => {
	const file = `${line("*.example.org,!bad.example.org,db-?", "A")}\n@revoked ${line("*", "X")}\n${line("x", "X")}\n@cert-authority ${line("ca", "A")}\n@odd ${line("odd", "A")}`;
	expect(judge(file, "a.b.example.org")).toBe("known");
	expect(judge(file, "bad.example.org")).toBe("unknown");
	expect(judge(file, "db-1")).toBe("known");
	expect(judge(file, "db-12")).toBe("unknown");
	expect(judge(file, "x", key("X"))).toBe("revoked");
	expect(judge(file, "ca")).toBe("unknown");
	expect(judge(file, "odd")).toBe("unknown");
});

it("knows by which types a host is known", () => {
	const entries = parseKnownHosts(
		`${line("a", "A")}\n${line("a", "R", "ssh-rsa")}\n${line("a", "A2")}\n${line("b", "E", "ecdsa")}`,
	);
	expect(knownTypes(entries, "a", 22)).toEqual(["ssh-ed25519", "ssh-rsa"]);
	expect(knownTypes(entries, "c", 22)).toEqual([]);
});

it("finds the names OpenSSH has hashed", () => {
	const folder = mkdtempSync(join(tmpdir(), "vedette-known-hosts-"));
	try {
		const file = join(folder, "known_hosts");
		writeFileSync(file, `${line("db.example.org", "A")}\n${line("[db.example.org]:2222", "B")}\n`);
		execFileSync("ssh-keygen", ["-H", "-f", file], { stdio: "ignore" });
		const hashed = readFileSync(file, "utf8");
		expect(hashed).not.toContain("example");
		expect(judge(hashed, "db.example.org")).toBe("known");
		expect(judge(hashed, "db.example.org", key("B"), 2222)).toBe("known");
		expect(judge(hashed, "db.example.org", key("A"), 2222)).toBe("changed");
		expect(judge(hashed, "other")).toBe("unknown");
	} finally {
		rmSync(folder, { recursive: true });
	}
});

it("ends on any text and any pattern, and trusts nobody by it", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), fc.string(), (file, host) => {
			expect(["unknown", "other-type"]).toContain(judge(file, host));
		}),
	);
	expect(judge(line(`${"*a".repeat(5_000)}`, "A"), "a".repeat(253))).toBe("unknown");
});
