import { describe, expect, test } from "vitest";
import type { RecordOf } from "../evidence/record.ts";
import { readContent } from "./read.test-support.ts";
import type { ImportedHost } from "./scan-file.ts";
import { nmapEnd, nmapHead, nmapHost, scannedAt } from "./testdata/files.ts";

const read = async (hosts: string, head = nmapHead) => readContent(head + hosts + nmapEnd);
const one = async (host: string, head = nmapHead) => (await read(host, head)).hosts[0] as ImportedHost;
const about = <K extends "host" | "ports">(host: ImportedHost, kind: K) =>
	host.records.find((record) => record.kind === kind) as RecordOf<K>;
const details = (host: ImportedHost, port: number) =>
	(host.records.find((record) => record.kind === "nmap" && record.port === port) as RecordOf<"nmap">).data;

describe("a host in nmap's XML", () => {
	test("is evidence as of when it was scanned", async () => {
		const more = `<os><osmatch name="Linux 5.0 - 6.2" accuracy="97"/><osmatch name="Linux 4" accuracy="90"/></os>
<uptime seconds="86400" lastboot="x"/><distance value="2"/>
<trace port="22" proto="tcp"><hop ttl="1" ipaddr="127.0.0.1" rtt="0.40"/><hop ttl="2" ipaddr="127.0.0.9" rtt="--"/></trace>
<hostscript><script id="nbstat" output="NetBIOS name: FILES, NetBIOS user: &lt;unknown&gt;, NetBIOS MAC: (unknown)"/></hostscript>`;
		const mac = '<address addr="00:11:22:AA:BB:CC" addrtype="mac" vendor="Example &amp; Co"/>';
		const host = await one(nmapHost("127.0.0.9", mac + more));
		expect(host).toMatchObject({ address: "127.0.0.9", hostname: null, finishedAt: scannedAt * 1_000, openPorts: 2 });
		expect(
			host.records.every(({ observedAt, source }) => observedAt === scannedAt * 1_000 && source === "import"),
		).toBe(true);
		expect(about(host, "host").data).toMatchObject({
			names: ["web.example.org"],
			mac: "00:11:22:aa:bb:cc",
			rttMs: 1.5,
			os: { name: "Linux 5.0 - 6.2", basis: "nmap -O", confidence: 0.97 },
			portsProbed: 1_000,
		});
		expect(details(host, 0)).toMatchObject({
			version: "7.94",
			host: { vendor: "Example & Co", netbios: "FILES", uptimeSeconds: 86_400, distance: 2 },
		});
		expect(details(host, 0).host?.route).toEqual([
			{ ttl: 1, address: "127.0.0.1", rttMs: 0.4 },
			{ ttl: 2, address: "127.0.0.9", rttMs: null },
		]);
		expect(details(host, 22)).toMatchObject({
			service: { product: "OpenSSH", cpes: ["cpe:/a:openbsd:openssh:9.2p1"] },
		});
	});

	test("names a service only where it was asked, not by the port's number", async () => {
		const host = await one(nmapHost("127.0.0.9"));
		expect(about(host, "ports").data.open.map(({ port, service, version }) => [port, service, version])).toEqual([
			[22, "ssh", "9.2p1"],
			[80, null, null],
		]);
	});

	test("has ports proved closed only where every one that is not listed refused", async () => {
		const closed = async (extra: string) => {
			const host = nmapHost("127.0.0.9").replace(/<extraports[\s\S]*?<\/extraports>/, extra);
			return (await one(host)).coverage.closedTcp;
		};
		const refused = '<extrareasons reason="reset" count="997"/>';
		expect(await closed(`<extraports state="closed" count="997">${refused}</extraports>`)).toEqual([
			[1, 21],
			[23, 79],
			[82, 1_000],
		]);
		expect(
			await closed('<extraports state="closed" count="997"><extrareasons reason="no-response"/></extraports>'),
		).toEqual([]);
		expect(
			await closed(
				`<extraports state="closed" count="90">${refused}</extraports><extraports state="filtered" count="907"/>`,
			),
		).toEqual([]);
		const named = `<extraports state="closed" count="90"><extrareasons reason="reset" proto="tcp" count="90" ports="1-50,60-99"/></extraports>
			<extraports state="filtered" count="3"><extrareasons reason="no-response" proto="tcp" count="3" ports="51-53"/></extraports>`;
		expect(await closed(named)).toEqual([
			[1, 50],
			[60, 99],
		]);
		expect(await closed("")).toEqual([]);
	});

	test("of a scan for hosts alone says nothing of ports", async () => {
		const host = '<host><status state="up" reason="arp-response"/><address addr="127.0.0.9" addrtype="ipv4"/></host>';
		const found = await one(host, nmapHead.replace(/<scaninfo.*\n/, ""));
		expect(found.records.map(({ kind }) => kind)).toEqual(["host", "nmap"]);
		expect(found.coverage.hostKinds).not.toContain("ports");
	});

	test("is recognised by the keys a script printed", async () => {
		const key = "AAAAC3NzaC1lZDI1NTE5AAAAIJEL5T9HQ3TK4tvCWk7zNpjwdQP2kMmBOPzhrPgqUwlJ";
		const port = `<port protocol="tcp" portid="2222"><state state="open"/><script id="ssh-hostkey" output="x"><table><elem key="key">${key}</elem><elem key="type">ssh-ed25519</elem></table><table><elem key="key">no key</elem></table></script></port>`;
		const { hostKeys, scripts } = details(await one(nmapHost("127.0.0.9", "", port)), 2_222);
		expect(hostKeys).toEqual([{ type: "ssh-ed25519", fingerprint: expect.stringMatching(/^SHA256:.{43}$/) }]);
		expect(scripts).toEqual([{ id: "ssh-hostkey", output: "x" }]);
	});

	test("that was down, or has no address or time, is not taken in", async () => {
		const hosts = [
			'<host><status state="down"/><address addr="127.0.0.1" addrtype="ipv4"/></host>',
			'<host><status state="up"/><hostnames><hostname name="nowhere" type="user"/></hostnames></host>',
			nmapHost("127.0.0.3"),
		].join("");
		const {
			hosts: found,
			others,
			end,
		} = await read(`<hosthint><status state="up"/><address addr="127.0.0.7" addrtype="ipv4"/></hosthint>${hosts}`);
		expect(found.map(({ address }) => address)).toEqual(["127.0.0.3"]);
		expect(others).toEqual([
			{ kind: "down" },
			{ kind: "refused", host: "nowhere", reason: "the file has no address of it" },
		]);
		expect(end).toMatchObject({ format: "nmap", scanner: "nmap 7.94", cut: null, notes: [] });
		const timeless = await read(
			nmapHost("127.0.0.3").replace(/ endtime="\d+"/, ""),
			nmapHead.replace(/ start="\d+"/, ""),
		);
		expect(timeless.others).toEqual([
			{ kind: "refused", host: "127.0.0.3", reason: "the file does not say when it was scanned" },
		]);
	});

	test("of another protocol than TCP and UDP is left to nmap", async () => {
		const port =
			'<port protocol="sctp" portid="36412"><state state="open"/></port><port protocol="tcp" portid="70000"><state state="open"/></port>';
		expect((await one(nmapHost("127.0.0.9", "", port))).openPorts).toBe(2);
	});

	test("that is larger than is kept proves no port closed, and its records are not complete", async () => {
		const closed = '<port protocol="tcp" portid="23"><state state="closed" reason="reset"/></port>';
		const large = `<port protocol="tcp" portid="90"><state state="open" reason="syn-ack"/><script id="x" output="${"y".repeat(8_000_000)}"/></port>`;
		const more = large.replace('"90"', '"91"');
		const behind = '<port protocol="tcp" portid="92"><state state="open" reason="syn-ack"/></port>';
		const whole = await one(nmapHost("127.0.0.9", "", closed + behind));
		expect(whole.coverage.closedTcp).not.toEqual([]);
		const { hosts, end } = await read(nmapHost("127.0.0.9", "", closed + large + more + behind));
		const [host] = hosts;
		expect(host?.coverage.closedTcp).toEqual([]);
		expect(host?.coverage.hostKinds).toEqual([]);
		expect(host?.coverage.ports.filter(({ outcome, kinds }) => outcome === "closed" || kinds.length > 0)).toEqual([]);
		expect(host?.coverage.ports.map(({ port }) => port)).toContain(22);
		expect(host?.records.filter(({ complete }) => complete)).toEqual([]);
		expect(end.notes).toEqual(["1 host of which a part is more than is kept."]);
	});
});
