/** Finding hosts and asking UDP ports for real: over a wire with hosts that keep silent, real servers, and without privileges. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createDatagramEngine } from "../../daemon/packets/datagram-engine.ts";
import { askDatagrams } from "../../daemon/packets/datagrams/ask.ts";
import type { DatagramAnswer, DatagramEngine, DatagramJob, DatagramNote } from "../../daemon/packets/datagrams/job.ts";
import type { AssetDetail } from "../../protocol/model/asset.ts";
import type { MapHost } from "../../protocol/model/map.ts";
import { Household } from "../support/vedette.ts";
import { Lab } from "./processes.ts";
import { RawNetwork, routerHardwareAddress } from "./raw-network.ts";

const limits = { ratePerSecond: 50_000, inFlight: 5_000, inFlightPerHost: 500, timeoutMs: 1_000, retries: 2 };

async function ask(engine: DatagramEngine, job: Omit<DatagramJob, "limits">) {
	const answers: DatagramAnswer[] = [];
	const note = await askDatagrams(engine, { limits, ...job }, new AbortController().signal, (batch) => {
		answers.push(...batch.answers);
	});
	return { answers, note };
}

const shown = ({ address, kind, port, state }: DatagramAnswer) =>
	`${address} ${kind}${port === 0 ? "" : ` ${port}`} ${state}`;

describe("over a wire", () => {
	const household = new Household();
	let network: RawNetwork;
	let engine: DatagramEngine;

	beforeAll(async () => {
		engine = createDatagramEngine();
		network = await RawNetwork.create({
			onLink: ["10.99.0.10", "10.99.0.11", "10.99.0.12", "10.99.0.13"],
			ip6: ["fd99::10", "fd99::11"],
			routed: ["198.18.4.0/24"],
			rules: [
				"ip daddr 10.99.0.11 drop",
				"ip daddr 10.99.0.12 meta l4proto != icmp drop",
				"ip daddr 10.99.0.13 icmp type echo-request drop",
				"ip daddr 10.99.0.13 tcp flags & (syn|ack) == syn drop",
				"ip6 daddr fd99::11 meta l4proto != ipv6-icmp drop",
				"ip6 daddr fd99::11 icmpv6 type echo-request drop",
				"ip daddr 198.18.4.9 counter name denied drop",
				"ip daddr 198.18.4.10 udp dport 9 reject with icmp type admin-prohibited",
			],
		});
	});
	afterAll(async () => {
		await engine.close();
		await household.end();
		await network.end();
	});

	test("who drops everything is found by ARP, with the hardware address; where nobody is, nothing else is sent", async () => {
		const addresses = Array.from({ length: 16 }, (_, i) => `10.99.0.${i + 2}`);
		const { answers, note } = await ask(engine, { addresses, probes: { link: true, echo: true } });
		expect(note?.skipped).toEqual([]);
		const linked = answers.filter(({ kind, alive }) => kind === "link" && alive);
		expect(linked.map(({ address }) => address).sort()).toEqual([
			...["10.99.0.10", "10.99.0.11", "10.99.0.12", "10.99.0.13"],
		]);
		expect(new Set(linked.map(({ mac }) => mac))).toEqual(new Set([routerHardwareAddress]));
		expect(answers.filter(({ kind }) => kind === "link").length).toBe(addresses.length);
		const echoes = answers.filter(({ kind }) => kind === "echo").map(({ address }) => address);
		expect(echoes.sort()).toEqual(["10.99.0.10", "10.99.0.12"]);
	});

	test("IPv6 neighbours answer a solicitation", async () => {
		const addresses = ["fd99::10", "fd99::11", "fd99::12"];
		const { answers } = await ask(engine, { addresses, probes: { link: true, echo: true } });
		expect(answers.map(shown).sort()).toEqual([
			...["fd99::10 echo open", "fd99::10 link open", "fd99::11 link open", "fd99::12 link unreachable"],
		]);
		expect(answers.find(({ kind }) => kind === "link")?.mac).toBe(routerHardwareAddress);
	});

	test("a reset answers an ACK where SYNs are dropped; beyond a router the link is not asked", async () => {
		const addresses = ["10.99.0.13", "198.18.4.20", "fd99::10"];
		const probes = { link: true, echo: true, ackPorts: [80] };
		const { answers } = await ask(engine, { addresses, probes });
		expect(answers.map(shown).sort()).toEqual([
			...["10.99.0.13 ack 80 open", "10.99.0.13 link open", "198.18.4.20 ack 80 open", "198.18.4.20 echo open"],
			...["fd99::10 ack 80 open", "fd99::10 echo open", "fd99::10 link open"],
		]);
	});

	test("what a filter says is no closed port, and an address that is denied gets no packet of any kind", async () => {
		const addresses = ["198.18.4.8", "198.18.4.9", "198.18.4.10"];
		const deny = [["198.18.4.9", "198.18.4.9"]] as const;
		const guard = { allow: [["198.18.4.0", "198.18.4.255"]] as const, deny };
		const { answers } = await ask(engine, {
			...{ addresses, guard },
			probes: { link: true, echo: true, ackPorts: [80, 443], udpPorts: [9] },
		});
		expect(
			answers
				.filter(({ kind }) => kind === "udp")
				.map(shown)
				.sort(),
		).toEqual([...["198.18.4.10 udp 9 filtered", "198.18.4.8 udp 9 closed"]]);
		expect(answers.some(({ address }) => address === "198.18.4.9")).toBe(false);
		expect(network.counter("denied")).toBe(0);
	});

	test("a map tells how each host was found, and a scan takes up a host that only ARP knows", async () => {
		const { maps } = await household.json<{ maps: { items: MapHost[] }[] }>(
			...["map", "10.99.0.10-14", "--no-dns", "--tcp", "80", "--udp", "53"],
		);
		const found = maps[0]?.items.map(({ address, discovery }) => [
			address,
			[...new Set(discovery.map(({ method }) => method))],
		]);
		expect(found).toEqual([
			["10.99.0.10", ["ARP", "TCP RST", "TCP ACK", "ICMP"]],
			["10.99.0.11", ["ARP"]],
			["10.99.0.12", ["ARP", "ICMP"]],
			["10.99.0.13", ["ARP", "TCP ACK", "ICMP"]],
		]);
		await household.json("scan", "10.99.0.11", "--ports", "80", "--udp", "none");
		const { stdout } = await household.run(["call", "assets.get", '{"name":"10.99.0.11"}']);
		expect(stdout).toContain(`arp ${routerHardwareAddress}`);
	});
});

describe("real servers", () => {
	const address = "127.0.88.1";
	const lab = new Lab("datagrams");
	const household = new Household();
	const expected = [53, 69, 111, 123, 161, 11_211];

	beforeAll(async () => {
		// BIND listens on addresses that an interface has by name.
		execFileSync("ip", ["address", "replace", `${address}/32`, "dev", "lo"]);
		const folder = lab.path("named", "x").replace(/\/x$/, "");
		const named = lab.write(
			"named/named.conf",
			`options { directory "${folder}"; listen-on { ${address}; }; listen-on-v6 { none; }; recursion no; pid-file none; session-keyfile none; };`,
		);
		await lab.start("named", ["-f", "-u", "root", "-c", named], []);
		const snmpd = lab.write("snmpd.conf", `rocommunity public\nagentaddress udp:${address}:161\n`);
		await lab.start("snmpd", ["-f", "-Lf", "/dev/null", "-C", "-c", snmpd, "-p", lab.path("snmpd.pid")], []);
		await lab.start("memcached", ["-u", "nobody", "-l", address, "-p", "11211", "-U", "11211"], []);
		const files = lab.path("tftp", "x").replace(/\/x$/, "");
		const tftp = ["--enable-tftp", `--tftp-root=${files}`, `--listen-address=${address}`, "--bind-interfaces"];
		await lab.start("dnsmasq", ["-k", "-p", "0", ...tftp, "--pid-file=", "-C", "/dev/null", "--user=root"], []);
		await lab.start("rpcbind", ["-f", "-h", address], []);
		const time = `allow all\nlocal stratum 5\nbindaddress ${address}\npidfile ${lab.path("chrony.pid")}\nbindcmdaddress /\ncmdport 0\n`;
		await lab.start("chronyd", ["-d", "-x", "-u", "root", "-f", lab.write("chrony.conf", time)], []);
		const engine = createDatagramEngine();
		const job = { addresses: [address], probes: { udpPorts: expected } };
		while ((await ask(engine, job)).answers.filter(({ state }) => state === "open").length < expected.length);
		await engine.close();
	});
	afterAll(async () => {
		await household.end();
		await lab.end();
		execFileSync("ip", ["address", "del", `${address}/32`, "dev", "lo"]);
	});

	test("a scan of the light set finds them all, closed ports are no services, and each is named", async () => {
		await household.json("scan", address, "--ports", "none", "--udp", "light");
		const { stdout } = await household.run(["call", "assets.get", JSON.stringify({ name: address })]);
		const { services } = JSON.parse(stdout) as AssetDetail;
		const seen = services.filter(({ protocol }) => protocol === "udp").map(({ port, name }) => `${port} ${name}`);
		expect(seen).toEqual(["53 dns", "69 tftp", "111 rpcbind", "123 ntp", "161 snmp", "11211 memcached"]);
	});
});

describe("without privileges", () => {
	const range = "net.ipv4.ping_group_range";
	const sysctl = (value: string) => execFileSync("sysctl", ["-q", "-w", `${range}=${value}`]);
	const before = execFileSync("sysctl", ["-n", range]).toString().trim();
	const client = fileURLToPath(new URL("datagram-client.ts", import.meta.url));
	afterEach(() => sysctl(before));

	function askAsNobody(): { answers: DatagramAnswer[]; note: DatagramNote } {
		const probes = { link: true, echo: true, ackPorts: [80], udpPorts: [9] };
		const job: DatagramJob = { addresses: ["127.0.88.7", "::1"], limits, probes };
		const nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"];
		const output = execFileSync("setpriv", [...nobody, process.execPath, client, JSON.stringify(job)], {
			env: { PATH: process.env.PATH ?? "" },
		});
		return JSON.parse(output.toString());
	}

	test("echo and UDP work where the administrator lets them, and what does not is said", () => {
		sysctl("0 2147483647");
		const { answers, note } = askAsNobody();
		expect(answers.map(shown).sort()).toEqual([
			...["127.0.88.7 echo open", "127.0.88.7 udp 9 closed", "::1 echo open", "::1 udp 9 closed"],
		]);
		expect(note.skipped.map(({ kind }) => kind)).toEqual(["link", "ack"]);
		expect(note.skipped[0]?.reason).toContain("CAP_NET_RAW");
	});

	test("without leave for echo requests UDP is what remains", () => {
		sysctl("1 0");
		const { answers, note } = askAsNobody();
		expect(answers.map(shown).sort()).toEqual(["127.0.88.7 udp 9 closed", "::1 udp 9 closed"]);
		expect(note.skipped.map(({ kind }) => kind)).toEqual(["link", "echo", "ack"]);
		expect(note.skipped[1]?.reason).toContain(range);
	});
});
