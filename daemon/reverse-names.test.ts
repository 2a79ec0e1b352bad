import { afterEach, expect, test } from "vitest";
import { ingestHost } from "./assess/ingest.ts";
import { memoryStore, sampleHost, sampleKnowledge } from "./assess/testdata/hosts.ts";
import { trackAsset } from "./identity/track.ts";
import { serveDns } from "./maps/dns-server.test-support.ts";
import { openReverseNames } from "./reverse-names.ts";
import { Tally } from "./store/counters.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

test("names are asked for where what is tracked by one is, and near it, as it moves; a silent server says nothing", async () => {
	const store = memoryStore(1_000);
	closers.push(() => store.close());
	for (const address of ["127.0.5.1", "127.0.5.2", "127.0.6.1", "fd00::1"]) {
		const hostname = `h${address.replaceAll(/\W/g, "")}.example.org`;
		ingestHost(store, sampleKnowledge, { ...sampleHost(address, 1, 1_000), hostname });
	}
	expect(trackAsset(store.db, new Tally(), 1, "DNSNAME")).toMatchObject({ outcome: "changes" });
	const dns = await serveDns({
		names: { "127.0.5.1": ["h1.example.org"], "127.0.5.200": ["h2.example.org"], "127.0.6.1": ["no"] },
	});
	closers.push(dns.close);
	let resolver = dns.resolver;
	const names = openReverseNames(store.db, () => resolver);
	closers.push(() => names.close());
	expect(await names.of(1, "127.0.5.1")).toEqual(["h1.example.org"]);
	expect(await names.of(1, "127.0.5.200")).toEqual(["h2.example.org"]);
	for (const elsewhere of ["127.0.6.1", "127.0.4.255", "fd00::1"]) expect(await names.of(1, elsewhere)).toEqual([]);
	expect(dns.asked.every((question) => question.includes(".5.0.127"))).toBe(true);
	expect(names.isNetbios(1, "127.0.5.1")).toBe(false);
	resolver = "127.0.0.1:1";
	expect(await names.of(1, "127.0.5.1")).toEqual([]);
});

test("of IPv6 the neighbours are those of the same /64, and another network is another place", () => {
	const store = memoryStore(1_000);
	closers.push(() => store.close());
	ingestHost(store, sampleKnowledge, { ...sampleHost("fd00::1", 1, 1_000), hostname: "h.example.org" });
	store.db.exec("UPDATE asset SET tracking = 'NETBIOS', tracked_name = 'H'");
	const names = openReverseNames(store.db, () => "127.0.0.1:1");
	closers.push(() => names.close());
	const asked = ["fd00::1", "fd00::ffff:1", "fd00:0:0:1::1", "127.0.0.1"].map((address) => names.isNetbios(1, address));
	expect(asked).toEqual([true, true, false, false]);
	store.db.exec(
		"INSERT INTO network (id, name, created_at, created_by) VALUES (7, 'plant', 0, 'ana'); UPDATE asset SET network = 7",
	);
	expect(names.isNetbios(1, "fd00::1")).toBe(false);
});
