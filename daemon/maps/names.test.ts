/** Names asked of a server of our own on loopback: what is found, what is made harmless, what is given up. */
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { type FakeDns, type FakeZone, serveDns } from "./dns-server.test-support.ts";
import { lookUpNames, Silence } from "./look-up-names.ts";
import {
	commonLabels,
	type NameServer,
	NameServerSilent,
	openNameServer,
	printableName,
	reverseName,
} from "./names.ts";

let dns: FakeDns;
let server: NameServer;
const closers: (() => Promise<void> | void)[] = [];

async function open(zone: FakeZone, timeoutMs = 400): Promise<void> {
	dns = await serveDns(zone);
	server = openNameServer({ resolver: dns.resolver, ratePerSecond: 5_000, timeoutMs });
	closers.push(dns.close, () => server.cancel());
}
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

const lookUp = (domain: string, silence = new Silence()) =>
	lookUpNames(
		domain,
		server,
		silence,
		(address) => address.startsWith("127.0.1."),
		() => undefined,
	);

test("a domain's own name, its servers and common names lead to hosts", async () => {
	await open({
		addresses: {
			"example.test": ["127.0.1.1"],
			"www.example.test": ["127.0.1.1"],
			"relay-7.example.test": ["127.0.1.2"],
			"vpn.example.test": ["127.0.2.3"],
			"mx.elsewhere.test": ["127.0.2.9"],
		},
		mail: { "example.test": ["relay-7.example.test", "mx.elsewhere.test"] },
	});
	const found = await lookUp("example.test");
	expect(found.map(({ address, names, inNetblock }) => [address, names, inNetblock]).sort()).toEqual([
		["127.0.1.1", ["example.test", "www.example.test"], true],
		["127.0.1.2", ["relay-7.example.test"], true],
		["127.0.2.3", ["vpn.example.test"], false],
	]);
	expect(found.every(({ discovery }) => discovery[0]?.method === "DNS")).toBe(true);
	expect(dns.asked, "a server of another domain is not this domain's host").not.toContain("A mx.elsewhere.test");
});

test("a domain that answers for every name is not taken at its word", async () => {
	await open({ addresses: { "*.example.test": ["127.0.1.50"], "www.example.test": ["127.0.1.7"] } });
	expect((await lookUp("example.test")).map(({ address }) => address)).toEqual(["127.0.1.7"]);
});

test("a server that says nothing is given up after a few questions", async () => {
	await open({ silent: true }, 60);
	const silence = new Silence();
	expect(await lookUp("example.test", silence)).toEqual([]);
	expect(silence.givenUp).toBe(true);
	expect(silence.lastCode).toBe("ETIMEOUT");
	expect(new Set(dns.asked).size).toBeLessThan(commonLabels.length);
});

test("names of an address, and none for one that has none", async () => {
	await open({ names: { "127.0.1.4": ["Printer.Example.TEST"] } });
	expect(await server.namesOf("127.0.1.4")).toEqual(["printer.example.test"]);
	expect(await server.namesOf("127.0.1.5")).toEqual([]);
});

test("addresses are turned round as the DNS keeps them", () => {
	expect(reverseName("192.0.2.17")).toBe("17.2.0.192.in-addr.arpa");
	// RFC 3596 section 2.5
	expect(reverseName("4321:0:1:2:3:4:567:89ab")).toBe(
		"b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa",
	);
	expect(reverseName("nowhere")).toBeNull();
});

test("a question after cancel gives nothing and asks nobody", async () => {
	await open({ silent: true }, 5_000);
	const asked = server.namesOf("127.0.1.4");
	server.cancel();
	expect(await asked).toEqual([]);
	expect(await server.namesOf("127.0.1.5")).toEqual([]);
	expect(dns.asked.filter((question) => question.includes("5.1.0.127"))).toEqual([]);
});

test("the machine's own addresses are not asked of the network's servers", async () => {
	await open({});
	const system = openNameServer({ resolver: null, ratePerSecond: 100 });
	expect(await system.namesOf("127.0.0.1")).toEqual([]);
	expect(await system.namesOf("::1")).toEqual([]);
	system.cancel();
});

test("answers of broken bytes are no names and no fault", async () => {
	const replies = fc.sample(fc.uint8Array({ minLength: 2, maxLength: 200 }), 40);
	let next = 0;
	await open({ raw: () => Buffer.from(replies[next++ % replies.length] ?? []) }, 50);
	for (let last = 1; last <= 10; last++) {
		const names = await server.namesOf(`127.0.1.${last}`).catch((err: unknown) => {
			expect(err).toBeInstanceOf(NameServerSilent);
			return [];
		});
		expect(names).toEqual([]);
	}
});

test("whatever a name holds, what is kept is short printable ASCII", () => {
	expect(printableName("web\u001b[2J.example.org.")).toBe("web\\027[2j.example.org");
	expect(printableName("b\u00fccher.example")).toBe("b\\195\\188cher.example");
	fc.assert(
		fc.property(fc.string({ unit: "binary", maxLength: 400 }), (name) => {
			expect(printableName(name)).toMatch(/^[\x21-\x7e]{0,253}$/);
		}),
	);
});
