/** Port lists: what is accepted, what is refused and why, and how large our sets are. */
import { expect, test } from "vitest";
import { parsePorts, parseUdpPorts } from "./ports.ts";

test.each([
	["22,80,8000-8002", [22, 80, 8000, 8001, 8002]],
	["80 22, 22", [22, 80]],
	["65535", [65535]],
	["5-5", [5]],
])("%s", (text, expected) => {
	expect(parsePorts(text)).toEqual(expected);
});

test.each([
	["", "empty"],
	["0", "1 to 65535"],
	["65536", "1 to 65535"],
	["80-22", "backwards"],
	["1-70000", "1 to 65535"],
	["ssh", "not a port"],
	["22-", "not a port"],
	["-22", "not a port"],
	["1-2-3", "not a port"],
	["99999999999999999999", "not a port"],
])("refuses %j", (text, reason) => {
	expect(() => parsePorts(text)).toThrow(expect.objectContaining({ code: "invalid", hint: expect.any(String) }));
	expect(() => parsePorts(text)).toThrow(reason);
});

test("the sets nest, and have the sizes the documentation states", () => {
	const [light, standard, full] = [parsePorts("light"), parsePorts("standard"), parsePorts("FULL")];
	expect(light.length).toBeGreaterThanOrEqual(150);
	expect(light.length).toBeLessThanOrEqual(170);
	expect(standard.length).toBeGreaterThanOrEqual(1_900);
	expect(standard.length).toBeLessThanOrEqual(2_800);
	expect(full.length).toBe(65_535);
	expect(light.filter((port) => !standard.includes(port))).toEqual([]);
	expect(parsePorts("light,8999")).toEqual([...light, 8999].sort((a, b) => a - b));
	const [lightUdp, standardUdp] = [parseUdpPorts("light"), parseUdpPorts("standard")];
	expect(lightUdp).toEqual(expect.arrayContaining([53, 123, 161]));
	expect(lightUdp.length).toBeGreaterThanOrEqual(28);
	expect(lightUdp.length).toBeLessThanOrEqual(34);
	expect(standardUdp.length).toBeGreaterThanOrEqual(170);
	expect(standardUdp.length).toBeLessThanOrEqual(200);
	expect(lightUdp.filter((port) => !standardUdp.includes(port))).toEqual([]);
	expect(parseUdpPorts("53, 5000-5001")).toEqual([53, 5000, 5001]);
	expect(() => parseUdpPorts("full")).toThrow(/not a port/);
});

test("ports of the services we probe for are in the light set", () => {
	const wanted =
		"21,22,23,25,80,110,143,389,443,465,587,636,873,993,995,3306,3389,5432,5900,6379,8080,9200,11211,27017";
	expect(parsePorts("light")).toEqual(expect.arrayContaining(wanted.split(",").map(Number)));
});

/** What people look for first, met on most networks. */
const everyday = {
	...{ ftp: 21, ssh: 22, telnet: 23, smtp: 25, tacacs: 49, dns: 53, finger: 79, http: 80, kerberos: 88, pop3: 110 },
	...{
		rpcbind: 111,
		ident: 113,
		nntp: 119,
		msrpc: 135,
		netbios: 139,
		imap: 143,
		bgp: 179,
		ldap: 389,
		https: 443,
		smb: 445,
	},
	...{
		smtps: 465,
		rexec: 512,
		rlogin: 513,
		rsh: 514,
		lpd: 515,
		afp: 548,
		rtsp: 554,
		submission: 587,
		ipp: 631,
		ldaps: 636,
	},
	...{ rsync: 873, vmware: 902, ftps: 990, imaps: 993, pop3s: 995, socks: 1080, rmi: 1099, openvpn: 1194, mssql: 1433 },
	...{ oracle: 1521, pptp: 1723, mqtt: 1883, nfs: 2049, zookeeper: 2181, docker: 2375, etcd: 2379, squid: 3128 },
	...{ iscsi: 3260, globalCatalogue: 3268, mysql: 3306, rdp: 3389, subversion: 3690, erlang: 4369, smartInstall: 4786 },
	...{
		sip: 5060,
		xmpp: 5222,
		postgresql: 5432,
		adb: 5555,
		kibana: 5601,
		nrpe: 5666,
		amqp: 5672,
		vnc: 5900,
		couchdb: 5984,
	},
	...{ winrm: 5985, winrmTls: 5986, x11: 6000, redis: 6379, kubernetes: 6443, irc: 6667, weblogic: 7001, ajp: 8009 },
	...{ tomcat: 8080, splunk: 8089, consul: 8500, mqttTls: 8883, cassandra: 9042, prometheus: 9090, kafka: 9092 },
	...{ jetdirect: 9100, elasticsearch: 9200, git: 9418, webmin: 10_000, zabbix: 10_050, kubelet: 10_250 },
	...{ memcached: 11_211, rabbitmq: 15_672, mongodb: 27_017, s7: 102, modbus: 502, ipmi: 623 },
};
/** Defaults of software and devices that are met less often. */
const lessOften = {
	...{
		cpanel: 2083,
		sapGui: 3200,
		sapMessages: 3600,
		firebird: 3050,
		nats: 4222,
		salt: 4505,
		opcUa: 4840,
		radmin: 4899,
	},
	...{
		synology: 5001,
		asterisk: 5038,
		vertica: 5433,
		teamviewer: 5938,
		syslogTls: 6514,
		bittorrent: 6881,
		neo4j: 7687,
	},
	...{ tr069: 7547, proxmox: 8006, clickhouse: 8123, puppet: 8140, vault: 8200, mikrotik: 8291, bitcoin: 8333 },
	...{ ethereum: 8545, airflow: 8793, solr: 8983, tor: 9050, veeam: 9392, splunkForwarder: 9997, graylog: 12_201 },
	...{
		istio: 15_010,
		amt: 16_992,
		dnp3: 20_000,
		fluentd: 24_224,
		minecraft: 25_565,
		cockroach: 26_257,
		rethink: 28_015,
	},
	...{ hana: 30_015, plex: 32_400, dahua: 37_777, ethernetIp: 44_818, activemq: 61_616 },
};

test("light has what people look for first, standard the rest of what is met", () => {
	const [light, standard] = [new Set(parsePorts("light")), new Set(parsePorts("standard"))];
	const missing = (services: Readonly<Record<string, number>>, set: ReadonlySet<number>) =>
		Object.entries(services).flatMap(([name, port]) => (set.has(port) ? [] : `${name} ${port}`));
	expect(missing(everyday, light)).toEqual([]);
	expect(missing(lessOften, standard)).toEqual([]);
	expect(new Set(Object.values({ ...everyday, ...lessOften })).size).toBeGreaterThan(110);
});
