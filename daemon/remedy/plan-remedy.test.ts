import { expect, test } from "vitest";
import type { HostVerdicts } from "../knowledge/advisories/host-verdicts.ts";
import type { StoredRecord } from "../store/evidence.ts";
import type { RemedyFinding } from "../store/remedy-findings.ts";
import { planRemedy } from "./plan-remedy.ts";

const finding = (id: number, signature: string, rest: Partial<RemedyFinding> = {}): RemedyFinding => ({
	...{ id, asset: 1, assetName: "web1", address: "127.0.0.1", port: 0, protocol: 6, signature, kind: "packages" },
	...{ title: signature, solution: "Do it." },
	...rest,
});
const at = { address: "127.0.0.1", port: 0, protocol: "tcp", source: "login", complete: true, scan: 1 } as const;
const listed = (name: string, observedAt: number) =>
	({
		...{ ...at, kind: "packages", observedAt },
		data: {
			manager: "dpkg",
			packages: [
				{ name, version: "1", architecture: null, source: null, sourceVersion: null, vendor: null, module: null },
			],
		},
	}) as StoredRecord;
const restart = {
	...at,
	kind: "restart",
	observedAt: 5,
	data: { rebootRequired: true, reasons: [], services: ["sshd"] },
} as StoredRecord;

/** Judges that `DSA-1` holds until `name` is 2; `DSA-2` for good. */
const bookFor = (name: string) =>
	({
		judgeHost: (_: unknown, { packages }: { packages: { version: string }[] }): HostVerdicts => {
			const told = { package: name, version: "1", binaries: [name], ecosystem: "Debian:12", note: null };
			const verdict = (id: string, fix: "available" | "none") => ({
				...{ advisory: { name: id }, fix, severity: null },
				packages: [{ ...told, fix, fixed: fix === "none" ? null : "2" }],
			});
			const open = packages[0]?.version === "1" ? [["DSA-1", verdict("DSA-1", "available")] as const] : [];
			const verdicts = new Map([...open, ["DSA-2", verdict("DSA-2", "none")] as const]);
			return { ecosystems: [], leftOut: [], packages: [], aliases: [], problem: null, unread: [], verdicts } as never;
		},
	}) as never;

test("what an upgrade closes, what none does, and what is about something else", () => {
	const findings = [
		finding(1, "advisory/DSA-1"),
		finding(2, "advisory/DSA-2"),
		finding(3, "redis/no-password", { port: 6379, kind: "redis" }),
	];
	const plan = planRemedy(findings, [listed("openssl", 1), listed("openssl", 2), restart], bookFor("openssl"));
	expect(plan).toMatchObject({
		...{ closes: [1], reboot: null, commands: ["apt-get update", expect.stringMatching(/--only-upgrade -y openssl$/)] },
		without: [{ finding: 2, what: "there is no fix of openssl yet" }],
		other: [{ finding: 3, place: "127.0.0.1:6379/tcp", what: "Do it." }],
		waiting: { reboot: true, services: ["sshd"] },
	});
});

test("what everything runs on asks for a reboot, and a name no packager allows closes nothing", () => {
	const of = (name: string) => planRemedy([finding(1, "advisory/DSA-1")], [listed(name, 1)], bookFor(name));
	expect(of("glibc").reboot).toBe("everything that runs uses glibc");
	expect(of("a;reboot")).toMatchObject({ commands: [], unsafe: ["a;reboot"], closes: [], without: [{ finding: 1 }] });
});

test("without a list of packages or a feed it says why there is none", () => {
	const reasonOf = (records: StoredRecord[], book: never | null) =>
		planRemedy([finding(1, "advisory/DSA-1")], records, book).without[0]?.what;
	expect(reasonOf([], bookFor("openssl"))).toContain("nobody has logged in");
	expect(reasonOf([listed("openssl", 1)], null)).toContain("no feed");
});
