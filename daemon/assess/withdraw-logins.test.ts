import { expect, test } from "vitest";
import { loginNotAttempted } from "../evidence/kinds/login.ts";
import type { DataOf, RecordOf } from "../evidence/record.ts";
import { listRecords } from "../store/evidence.ts";
import { listFindings } from "../store/findings.ts";
import type { Store } from "../store/store.ts";
import { ingestHost } from "./ingest.ts";
import { checkOf, coverageOf, knowledgeOf, memoryStore, signatureOf } from "./testdata/hosts.ts";
import { withdrawLogins } from "./withdraw-logins.ts";

const t0 = 1_700_000_000_000;
const on = (outcome: string) =>
	checkOf(
		signatureOf(`login/${outcome}`, "login", 1, "information"),
		(record) => record.kind === "login" && record.data.outcome === outcome,
		(record) => (record.kind === "login" ? String(record.data.reason) : ""),
	);
const hostKey = checkOf(
	signatureOf("login/host-key-changed", "login", 3, "potential"),
	(record) => record.kind === "login" && record.data.hostKey?.state === "changed",
);
const knowledge = knowledgeOf([on("failed"), on("not-attempted"), on("passed"), hostKey]);

function login(store: Store, address: string, data: Partial<DataOf<"login">>): void {
	const place = { kind: "login", address, port: 0, protocol: "tcp", source: "login", complete: true } as const;
	const record: RecordOf<"login"> = { ...place, observedAt: t0, data: { ...loginNotAttempted(), ...data } };
	ingestHost(store, knowledge, {
		...{ scan: null, hostname: null, startedAt: t0, finishedAt: t0, records: [record] },
		coverage: coverageOf(address, [], { hostKinds: ["login"] }),
	});
}

const told = (store: Store) =>
	listFindings(store.db, { where: { sql: "1", params: [] }, sort: null, limit: 100, cursor: null })
		.items.map(({ address, signature, status }) => `${address} ${signature} ${status}`)
		.toSorted();

test("what failed with a credential that is gone was not attempted; what another did, and what passed, stays", async () => {
	const store = memoryStore(t0 + 1000);
	const changed = { state: "changed", type: "ssh-ed25519", fingerprint: "SHA256:a", host: "127.0.0.1" } as const;
	login(store, "127.0.0.1", { outcome: "failed", credential: "old", reason: "No.", hostKey: changed });
	login(store, "127.0.0.2", { outcome: "passed", credential: "old" });
	login(store, "127.0.0.3", { outcome: "failed", credential: "other", reason: "No." });
	expect(await withdrawLogins(store, knowledge, "old")).toBe(1);
	expect(told(store)).toEqual([
		"127.0.0.1 login/host-key-changed NEW",
		"127.0.0.1 login/not-attempted null",
		"127.0.0.2 login/passed null",
		"127.0.0.3 login/failed null",
	]);
	const [record] = listRecords(store.db, 1);
	expect(record?.kind === "login" && record.data.reason).toBe("The credential old was deleted.");
	expect(await withdrawLogins(store, knowledge, "old")).toBe(0);
});
