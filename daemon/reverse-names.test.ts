import { afterEach, expect, test } from "vitest";
import { ingestHost } from "./assess/ingest.ts";
import { memoryStore, sampleHost, sampleKnowledge } from "./assess/testdata/hosts.ts";
import { trackAsset } from "./identity/track.ts";
import { serveDns } from "./maps/dns-server.test-support.ts";
import { openReverseNames } from "./reverse-names.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

test("only the names of what is tracked by one are asked for, and a silent server says nothing", async () => {
	const store = memoryStore(1_000);
	closers.push(() => store.close());
	for (const n of [1, 2]) {
		ingestHost(store, sampleKnowledge, { ...sampleHost(`127.0.5.${n}`, 1, 1_000), hostname: `h${n}.example.org` });
	}
	expect(trackAsset(store.db, 1, "DNSNAME", { dryRun: false, taken: new Set() })).toMatchObject({ outcome: "changes" });
	const dns = await serveDns({ names: { "127.0.5.1": ["h1.example.org"], "127.0.5.2": ["h2.example.org"] } });
	closers.push(dns.close);
	let resolver = dns.resolver;
	const names = openReverseNames(store.db, () => resolver);
	closers.push(() => names.close());
	expect(await names.of(1, "127.0.5.1")).toEqual(["h1.example.org"]);
	expect(await names.of(1, "127.0.5.2")).toEqual([]);
	expect(dns.asked.every((question) => question.includes("1.5.0.127"))).toBe(true);
	resolver = "127.0.0.1:1";
	expect(await names.of(1, "127.0.5.1")).toEqual([]);
});
