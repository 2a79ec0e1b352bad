import fc from "fast-check";
import { expect, test } from "vitest";
import { hostRecord } from "../assess/testdata/hosts.ts";
import type { EvidenceRecord } from "../evidence/record.ts";
import { gatherIdentifiers, gatherNames } from "./identifiers.ts";

const place = {
	address: "127.0.0.1",
	port: 22,
	protocol: "tcp",
	source: "network",
	complete: true,
	observedAt: 0,
} as const;

const answered = { source: "network", answered: true } as const;

test("addresses, names, SSH and TLS keys, each once", () => {
	const ssh = {
		...place,
		kind: "ssh",
		data: { hostKeys: [{ type: "ssh-ed25519", bits: 256, fingerprint: "SHA256:abc" }] },
	};
	const certificate = { ...place, kind: "certificate", data: { keyFingerprint: "ff00" } };
	const records = [hostRecord("127.0.0.1", 0, ["Web.Example.", "web.example"]), ssh, ssh, certificate];
	expect(gatherIdentifiers("127.0.0.1", "www.example", records as EvidenceRecord[])).toEqual([
		{ kind: "ip", value: "127.0.0.1", ...answered },
		{ kind: "name", value: "www.example", ...answered },
		{ kind: "name", value: "web.example", ...answered },
		{ kind: "ssh-host-key", value: "SHA256:abc", ...answered },
		{ kind: "tls-key", value: "ff00", ...answered },
	]);
});

test("what is no host name is not taken for one", () => {
	const names = ["127.0.0.1", "", ".", "a b", "evil\u001b[2J", "x".repeat(64), `${"a.".repeat(130)}b`, "ok-1.example"];
	expect(gatherNames(null, [hostRecord("127.0.0.1", 0, names)])).toEqual(["ok-1.example"]);
});

test("any names at all: bounded, lower case, printable", () => {
	fc.assert(
		fc.property(fc.array(fc.string({ unit: "binary", maxLength: 300 }), { maxLength: 200 }), (names) => {
			const gathered = gatherNames(names[0] ?? null, [hostRecord("127.0.0.1", 0, [...names, "A.b"])]);
			expect(gathered.length).toBeLessThanOrEqual(64);
			for (const name of gathered) expect(name).toMatch(/^[a-z0-9_.-]{1,253}$/);
		}),
	);
});
