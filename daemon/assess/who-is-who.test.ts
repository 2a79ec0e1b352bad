import type { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AddressSet } from "../../protocol/target/address-set.ts";
import { neverScanned } from "../store/never-scanned.ts";
import { openStore, type Store } from "../store/store.ts";
import { ingestHost } from "./ingest.ts";
import { memoryStore, sampleKnowledge } from "./testdata/hosts.ts";
import { type Look, type Machine, machineOf, sightingOf } from "./testdata/machines.ts";

const t0 = 1_700_000_000_000;
const hour = 3_600_000;
const day = 24 * hour;

function see(store: Store, machine: Machine, address: string, look: Look): number {
	const { assetId } = ingestHost(store, sampleKnowledge, sightingOf(machine, address, look));
	return assetId as number;
}

const rows = (db: DatabaseSync, sql: string) => db.prepare(sql).all() as Record<string, unknown>[];
const assetCount = ({ db }: Store) => rows(db, "SELECT id FROM asset").length;
const poisonedKinds = ({ db }: Store) => rows(db, "SELECT kind FROM poisoned ORDER BY kind").map(({ kind }) => kind);
const addressesOf = ({ db }: Store, asset: number) =>
	rows(db, `SELECT address FROM asset_address WHERE asset = ${asset} ORDER BY address`).length;

/** A small generator that gives the same week at every run. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
	const order = [...items];
	let state = seed;
	for (let index = order.length - 1; index > 0; index--) {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		const other = state % (index + 1);
		[order[index], order[other]] = [order[other] as T, order[index] as T];
	}
	return order;
}

const lease = (n: number) => `10.9.${Math.floor(n / 250)}.${(n % 250) + 1}`;

describe("a week of DHCP", () => {
	const laptops = Array.from({ length: 500 }, (_, n) => machineOf(`laptop-${n}`));

	test.each([
		["host id", {}],
		["machine-id and SSH keys, without root", { hostId: null, dmiUuid: null, macs: [] }],
	])(
		"500 laptops that change their addresses every day, with logins: %s",
		(_, rest) => {
			const store = memoryStore();
			const owner = new Map<number, number>();
			const machines = laptops.map((laptop) => ({ ...laptop, ...rest }));
			for (let today = 0; today < 5; today++) {
				const leases = shuffled(
					Array.from({ length: 600 }, (_, n) => n),
					today + 1,
				);
				const order = shuffled(
					machines.map((_, n) => n),
					today + 77,
				);
				for (const n of order) {
					const at = t0 + today * day + n;
					const asset = see(store, machines[n] as Machine, lease(leases[n] as number), {
						scan: today + 1,
						at,
						login: true,
					});
					// Never somebody else's asset.
					expect(owner.get(asset) ?? n).toBe(n);
					owner.set(asset, n);
				}
			}
			expect(assetCount(store)).toBe(500);
			expect(rows(store.db, "SELECT asset FROM asset_address")).toHaveLength(500);
			expect(poisonedKinds(store)).toEqual([]);
			// Each has been seen on five days and has one row of evidence for each kind.
			expect(rows(store.db, "SELECT asset, kind, count(*) AS n FROM record GROUP BY asset, kind HAVING n > 1")).toEqual(
				[],
			);
		},
		60_000,
	);

	test("without a login the SSH host keys tell them apart", () => {
		const store = memoryStore();
		const owner = new Map<number, number>();
		for (let today = 0; today < 3; today++) {
			const leases = shuffled(
				Array.from({ length: 120 }, (_, n) => n),
				today + 1,
			);
			for (let n = 0; n < 100; n++) {
				const asset = see(store, laptops[n] as Machine, lease(leases[n] as number), {
					scan: today + 1,
					at: t0 + today * day + n,
				});
				expect(owner.get(asset) ?? n).toBe(n);
				owner.set(asset, n);
			}
		}
		expect(assetCount(store)).toBe(100);
	});

	test("findings go along, and are not found anew at every address", () => {
		const store = memoryStore();
		const laptop = machineOf("a");
		for (let today = 0; today < 4; today++)
			see(store, laptop, lease(today), { scan: today + 1, at: t0 + today * day, login: true, redis: true });
		const findings = rows(
			store.db,
			"SELECT f.times_found AS n, f.status FROM finding f JOIN signature s ON s.id = f.signature WHERE s.name = 'redis/open'",
		);
		expect(findings).toEqual([{ n: 4, status: 2 }]);
		expect(rows(store.db, "SELECT n5, open_ports FROM asset")).toEqual([{ n5: 1, open_ports: 2 }]);
		expect(rows(store.db, "SELECT key, n FROM counter WHERE key IN ('open:5', 'services') ORDER BY key")).toEqual([
			{ key: "open:5", n: 1 },
			{ key: "services", n: 2 },
		]);
	});

	test("an address they have left has answered all the same", async () => {
		const store = memoryStore();
		for (const n of [1, 2]) see(store, machineOf("a"), lease(n), { scan: n, at: t0 + n * day, login: true });
		const wanted = AddressSet.fromText([[lease(1), lease(3)]]);
		const { neverAsked, neverAnswered } = await neverScanned(store, wanted);
		expect([neverAsked.size, neverAnswered.size]).toEqual([1, 0]);
	});

	test("two that swap their addresses stay two", () => {
		const store = memoryStore();
		const [a, b] = [machineOf("a"), machineOf("b")];
		const first = [see(store, a, lease(1), { scan: 1, at: t0 }), see(store, b, lease(2), { scan: 1, at: t0 })];
		const later = [
			see(store, a, lease(2), { scan: 2, at: t0 + day }),
			see(store, b, lease(1), { scan: 2, at: t0 + day }),
		];
		expect(later).toEqual(first);
		expect(first.map((asset) => addressesOf(store, asset))).toEqual([1, 1]);
	});
});

describe("copies of one machine", () => {
	const golden = machineOf("golden");

	test("clones with one hardware UUID and keys of their own are two, and the UUID is poisoned", () => {
		const store = memoryStore();
		const clone = (n: string) => machineOf(n, { dmiUuid: golden.dmiUuid });
		const [a, b] = [clone("a"), clone("b")];
		expect(see(store, a, lease(1), { scan: 1, at: t0, login: true })).not.toBe(
			see(store, b, lease(2), { scan: 1, at: t0, login: true }),
		);
		expect(poisonedKinds(store)).toEqual(["dmi-uuid"]);
	});

	test.each([
		["other adapters", (n: string) => ({ ...golden, macs: machineOf(n).macs, dmiUuid: null })],
		["other hardware UUIDs", (n: string) => ({ ...golden, macs: [], dmiUuid: machineOf(n).dmiUuid })],
		[
			"other starts",
			(n: string) => ({ ...golden, macs: [], dmiUuid: null, bootedAt: t0 - Number.parseInt(n, 10) * day }),
		],
	])("a golden image with everything in it, told apart by %s: poisoned", (_, copy) => {
		const store = memoryStore();
		const copies = ["1", "2", "3"].map((n) => copy(n));
		const look = (machine: Machine, n: number, scan: number) =>
			see(store, machine, lease(n), { scan, at: t0 + scan * hour + n, login: true });
		const first = copies.map((machine, n) => look(machine, n, 1));
		expect(new Set(first).size).toBe(3);
		expect(poisonedKinds(store)).toEqual(["host-id", "machine-id", "ssh-host-key"]);
		expect(copies.map((machine, n) => look(machine, n, 2))).toEqual(first);
	});

	test("without a login another NetBIOS name at another address shows them; at its own address it is renamed", () => {
		const store = memoryStore();
		const named = (netbios: string) => ({ ...golden, netbios });
		const look = (netbios: string, n: number, scan: number) =>
			see(store, named(netbios), lease(n), { scan, at: t0 + scan * hour });
		const [one, other] = [look("FILES", 1, 1), look("PRINTS", 2, 1)];
		expect(one).not.toBe(other);
		expect(poisonedKinds(store)).toEqual(["ssh-host-key"]);
		expect([look("ARCHIVE", 1, 2), look("PRINTS", 2, 2)]).toEqual([one, other]);
	});

	test("containers see the hardware of their host, and are not it", () => {
		const store = memoryStore();
		const inside = (n: string) =>
			machineOf(n, { dmiUuid: golden.dmiUuid, macs: [], hostId: null, sshKeys: [], virtualization: "lxc" });
		const seen = ["a", "b", "c"].map((n, index) =>
			see(store, inside(n), lease(index), { scan: 1, at: t0, login: true }),
		);
		expect(new Set(seen).size).toBe(3);
		expect(poisonedKinds(store)).toEqual([]);
	});

	test("values that makers leave blank join nobody", () => {
		const store = memoryStore();
		const blank = {
			dmiUuid: "03000200-0400-0500-0006-000700080009",
			machineId: "0".repeat(32),
			hostId: null,
			sshKeys: [],
			hostname: "localhost",
		};
		const seen = ["a", "b"].map((n, index) =>
			see(store, machineOf(n, { ...blank, macs: ["00:00:5e:00:01:07"] }), lease(index), {
				scan: 1,
				at: t0,
				login: true,
			}),
		);
		expect(new Set(seen).size).toBe(2);
		expect(poisonedKinds(store)).toEqual([]);
	});
});

describe("one machine in many guises", () => {
	test("a router with seven addresses is one, and what is inside it is kept once", () => {
		const store = memoryStore();
		const router = machineOf("router", { macs: [1, 2, 3, 4, 5, 6, 7].map((n) => `00:1b:21:00:00:0${n}`) });
		const own = [1, 2, 3, 4, 5, 6, 7].map(lease);
		for (const scan of [1, 2])
			for (const [index, address] of own.entries())
				see(store, router, address, {
					scan,
					at: t0 + scan * day + index,
					login: true,
					own,
					arp: router.macs[index] as string,
				});
		expect(assetCount(store)).toBe(1);
		expect(addressesOf(store, 1)).toBe(7);
		expect(rows(store.db, "SELECT count(*) AS n FROM record WHERE kind = 'system'")).toEqual([{ n: 1 }]);
		expect(rows(store.db, "SELECT count(*) AS n FROM record WHERE kind = 'ssh'")).toEqual([{ n: 7 }]);
		const unseen = see(store, router, lease(3), { scan: 3, at: t0 + 3 * day });
		expect(unseen).toBe(1);
	});

	test("without a login its host key joins them", () => {
		const store = memoryStore();
		const router = machineOf("router");
		for (let n = 0; n < 7; n++) see(store, router, lease(n), { scan: 1, at: t0 + n, arp: `00:1b:21:00:01:0${n}` });
		expect(assetCount(store)).toBe(1);
		expect(addressesOf(store, 1)).toBe(7);
	});

	test("renamed it is the same, and called by its new name", () => {
		const store = memoryStore();
		const before = machineOf("a");
		const asset = see(store, before, lease(1), { scan: 1, at: t0, login: true });
		const after = { ...before, hostname: "new.example.org" };
		expect(see(store, after, lease(1), { scan: 2, at: t0 + day, login: true })).toBe(asset);
		expect(rows(store.db, "SELECT name FROM asset")).toEqual([{ name: "new.example.org" }]);
	});

	test.each([
		["the same hardware", { hostname: "other.example.org" }],
		["the same name at the same address", { macs: [], dmiUuid: null }],
	])("installed anew it is the same by %s", (_, rest) => {
		const store = memoryStore();
		const before = machineOf("a");
		const asset = see(store, before, lease(1), { scan: 1, at: t0, login: true });
		const { machineId, sshKeys, hostId } = machineOf("installed anew");
		const after = { ...before, machineId, sshKeys, hostId, ...rest };
		expect(see(store, after, lease(1), { scan: 2, at: t0 + day, login: true, freshHostId: true })).toBe(asset);
		expect(see(store, after, lease(9), { scan: 3, at: t0 + 2 * day, login: true })).toBe(asset);
		expect(poisonedKinds(store)).toEqual([]);
	});

	test("another machine at its address is another asset, and the old one has the address no more", () => {
		const store = memoryStore();
		const old = see(store, machineOf("a"), lease(1), { scan: 1, at: t0, login: true });
		const now = see(store, machineOf("b"), lease(1), { scan: 2, at: t0 + day, login: true });
		expect(now).not.toBe(old);
		expect([old, now].map((asset) => addressesOf(store, asset))).toEqual([0, 1]);
	});

	test("an adapter and a name together follow a machine without SSH; an adapter alone does not", () => {
		const store = memoryStore();
		const plain = machineOf("a", { sshKeys: [] });
		const asset = see(store, plain, lease(1), { scan: 1, at: t0, login: true });
		const named = { ...plain, machineId: null, dmiUuid: null, hostId: null };
		expect(see(store, named, lease(2), { scan: 2, at: t0 + day, login: true, arp: true })).toBe(asset);
		expect(see(store, plain, lease(3), { scan: 3, at: t0 + 2 * day, arp: true })).not.toBe(asset);
	});
});

describe("networks", () => {
	test("the same addresses and names in two networks are two machines", () => {
		const store = memoryStore();
		store.db.exec("INSERT INTO network (id, name, created_at, created_by) VALUES (2, 'plant', 0, 'test')");
		const [a, b] = [machineOf("a"), { ...machineOf("b"), hostname: "host-a.example.org" }];
		const bare = { sshKeys: [] };
		const seen = [
			see(store, { ...a, ...bare }, lease(1), { scan: null, at: t0, network: 1, name: "host-a.example.org" }),
			see(store, { ...b, ...bare }, lease(1), { scan: null, at: t0, network: 2, name: "host-a.example.org" }),
		];
		expect(new Set(seen).size).toBe(2);
		expect(seen.map((asset) => addressesOf(store, asset))).toEqual([1, 1]);
		expect(see(store, { ...a, ...bare }, lease(1), { scan: null, at: t0 + day, network: 1 })).toBe(seen[0]);
		expect(see(store, { ...b, ...bare }, lease(1), { scan: null, at: t0 + day, network: 2 })).toBe(seen[1]);
	});

	test("one machine in both, seen by its host id, is one", () => {
		const store = memoryStore();
		store.db.exec("INSERT INTO network (id, name, created_at, created_by) VALUES (2, 'plant', 0, 'test')");
		const machine = machineOf("a");
		const own = [lease(1), "192.0.2.7"];
		const one = see(store, machine, lease(1), { scan: null, at: t0, network: 1, login: true, own });
		expect(see(store, machine, "192.0.2.7", { scan: null, at: t0, network: 2, login: true, own })).toBe(one);
		expect(see(store, machine, "192.0.2.7", { scan: null, at: t0 + day, network: 2 })).toBe(one);
	});
});

describe("laws", () => {
	const fleet = Array.from({ length: 6 }, (_, n) => machineOf(`m${n}`));
	const sight = fc.record({
		machine: fc.nat({ max: 5 }),
		address: fc.nat({ max: 7 }),
		login: fc.boolean(),
		arp: fc.boolean(),
	});

	test("machines with host keys are never mixed up, whatever is seen where and when", () => {
		fc.assert(
			fc.property(fc.array(sight, { maxLength: 25 }), (week) => {
				const store = memoryStore();
				try {
					const owner = new Map<number, number>();
					const asset = new Map<number, number>();
					for (const [n, { machine, address, login, arp }] of week.entries()) {
						const id = see(store, fleet[machine] as Machine, lease(address), {
							scan: n + 1,
							at: t0 + n * day,
							login,
							arp,
						});
						expect(owner.get(id) ?? machine).toBe(machine);
						expect(asset.get(machine) ?? id).toBe(id);
						owner.set(id, machine);
						asset.set(machine, id);
					}
				} finally {
					store.close();
				}
			}),
			{ numRuns: 60 },
		);
	});

	test("the order within a scan does not matter, and a scan again changes no asset", () => {
		const everything = fleet.map((machine, n) => ({ machine, address: lease(n) }));
		fc.assert(
			fc.property(fc.shuffledSubarray(everything, { minLength: 6 }), (order) => {
				const store = memoryStore();
				try {
					const look = (scan: number) =>
						new Map(
							order.map(({ machine, address }) => [
								address,
								see(store, machine, address, { scan, at: t0 + scan, login: true }),
							]),
						);
					const first = look(1);
					expect(look(2)).toEqual(first);
					expect(new Set(first.values()).size).toBe(6);
				} finally {
					store.close();
				}
			}),
			{ numRuns: 30 },
		);
	});
});

test("a store that is opened again knows them still", () => {
	const store = openStore(":memory:", { clock: { now: () => t0 } });
	const asset = see(store, machineOf("a"), lease(1), { scan: 1, at: t0, login: true });
	const why = rows(store.db, "SELECT asset, body FROM resolution");
	expect(why).toMatchObject([{ asset }]);
	expect(JSON.parse(String(why[0]?.body))).toMatchObject({ rule: "new" });
	store.close();
});
