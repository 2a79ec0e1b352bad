/**
 * Names from the DNS, asked of one name server (or those of the machine) through an interface, so that a test hands in a
 * server of its own. Bounded in rate, time and number; a server that never answers is given up.
 */
import { Resolver } from "node:dns/promises";
import { TokenBucket } from "../packets/token-bucket.ts";
import { addressBytes, parseAddress } from "../scope/address.ts";

/** Questions to the DNS. Each gives nothing for "there is none" and rejects with `NameServerSilent` when nobody answers. */
export interface NameServer {
	/** Canonical or not, IPv4 and IPv6. */
	addressesOf(name: string): Promise<string[]>;
	namesOf(address: string): Promise<string[]>;
	/** Hosts that a domain's NS and MX records name. */
	serversOf(domain: string): Promise<string[]>;
	/** What was wrong with the last question for this name's addresses; null: nothing, or it was not asked. */
	problemWith(name: string): NameProblem | null;
	/** Questions that were answered by a refusal. */
	readonly refused: number;
	/** Ends what is being asked; it gives nothing. */
	cancel(): void;
}

/** `no-name`: there is no such name. `no-address`: there is, without an address. `refused`: it will not, or cannot, say. */
export type NameProblem = "no-name" | "no-address" | "refused" | "silent";

const problems: Readonly<Record<string, NameProblem>> = {
	...{ ENOTFOUND: "no-name", ENODATA: "no-address", ETIMEOUT: "silent", ECONNREFUSED: "silent", ENONAME: "silent" },
	...{ EREFUSED: "refused", ESERVFAIL: "refused", ENOTIMP: "refused", EFORMERR: "refused" },
};

export class NameServerSilent extends Error {}

export interface NameServerOptions {
	/** `address:port`; null: the servers this machine uses. */
	readonly resolver: string | null;
	readonly ratePerSecond: number;
	readonly timeoutMs?: number;
}

/** More records in one answer are a server making them up. */
const mostRecords = 64;
const silentCodes = new Set(["ETIMEOUT", "ECONNREFUSED", "ENONAME"]);

export function openNameServer(options: NameServerOptions): NameServer {
	const resolver = new Resolver({ timeout: options.timeoutMs ?? 1_000, tries: 2, maxTimeout: 2_000 });
	if (options.resolver !== null) resolver.setServers([options.resolver]);
	const bucket = new TokenBucket(options.ratePerSecond, performance.now());
	let cancelled = false;
	let refused = 0;
	const asked = new Map<string, NameProblem | null>();

	const ask = async <T>(question: () => Promise<T[]>, name?: string): Promise<T[]> => {
		for (let wait = bucket.waitMs(performance.now()); wait > 0; wait = bucket.waitMs(performance.now()))
			await new Promise((resolve) => setTimeout(resolve, Math.ceil(wait)));
		if (cancelled) return [];
		bucket.take();
		try {
			const found = (await question()).slice(0, mostRecords);
			if (name !== undefined) asked.set(name, null);
			return found;
		} catch (err) {
			const { code = "" } = err as NodeJS.ErrnoException;
			const problem = problems[code];
			if (problem === "refused") refused++;
			// Of two questions for one name, for either family, one that brings something is enough.
			if (name !== undefined && problem !== undefined && asked.get(name) !== null) asked.set(name, problem);
			if (!cancelled && silentCodes.has(code)) throw new NameServerSilent(code);
			return [];
		}
	};
	return {
		async addressesOf(name) {
			const both = await Promise.all([
				ask(() => resolver.resolve4(name), name),
				ask(() => resolver.resolve6(name), name),
			]);
			return both.flat();
		},
		async namesOf(address) {
			// RFC 6303: what is this machine's own is not asked of the network's servers.
			if (options.resolver === null && isOwn(address)) return [];
			const question = reverseName(address);
			if (question === null) return [];
			// Not `reverse`, which goes on to this machine's hosts file and hides that nobody answered.
			return (await ask(() => resolver.resolvePtr(question))).map(printableName).filter((name) => name !== "");
		},
		async serversOf(domain) {
			const [servers, mail] = await Promise.all([
				ask(() => resolver.resolveNs(domain)),
				ask(() => resolver.resolveMx(domain)),
			]);
			return [...servers, ...mail.map(({ exchange }) => exchange)].map(printableName).filter((name) => name !== "");
		},
		problemWith: (name) => asked.get(name) ?? null,
		get refused() {
			return refused;
		},
		cancel() {
			cancelled = true;
			resolver.cancel();
		},
	};
}

/**
 * A name in lower case, without its final dot, at most 253 characters, with everything that is not printable ASCII as
 * RFC 1035 section 5.1 writes it (`\DDD`), so that it is harmless wherever it goes. Empty when nothing is left.
 */
export function printableName(name: string): string {
	let text = "";
	for (const byte of Buffer.from(name.replace(/\.$/, ""))) {
		text += byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, "0")}`;
		if (text.length > 253) break;
	}
	return text.slice(0, 253).toLowerCase();
}

/** Where the names of an address are kept (RFC 1035 section 3.5, RFC 3596 section 2.5); null when it is none. */
export function reverseName(address: string): string | null {
	const parsed = parseAddress(address);
	if (parsed === null) return null;
	const bytes = [...addressBytes(parsed)].reverse();
	if (parsed.family === 4) return `${bytes.join(".")}.in-addr.arpa`;
	return `${bytes.map((byte) => `${(byte & 15).toString(16)}.${(byte >> 4).toString(16)}`).join(".")}.ip6.arpa`;
}

function isOwn(address: string): boolean {
	const parsed = parseAddress(address);
	if (parsed === null) return true;
	return parsed.family === 4 ? parsed.value >> 24n === 127n : parsed.value === 1n;
}

/** Names that many domains have: machines, services and the places they are put. */
export const commonLabels: readonly string[] = [
	...["www", "web", "mail", "mail1", "mail2", "smtp", "imap", "pop", "pop3", "mx", "mx1", "mx2", "relay", "webmail"],
	...["autodiscover", "autoconfig", "exchange", "owa", "ns", "ns1", "ns2", "ns3", "dns", "dns1", "dns2", "ntp", "time"],
	...["ftp", "sftp", "files", "file", "fileserver", "nas", "backup", "storage", "print", "printer", "scan", "cups"],
	...["dc", "dc1", "dc2", "ad", "ldap", "ldap1", "kdc", "kerberos", "radius", "sso", "auth", "login", "id", "idp"],
	...["vpn", "vpn1", "remote", "gateway", "gw", "gw1", "router", "fw", "firewall", "switch", "wifi", "proxy", "cache"],
	...["api", "app", "apps", "portal", "intranet", "extranet", "wiki", "docs", "help", "support", "status", "blog"],
	...["shop", "cms", "cdn", "static", "img", "media", "m", "mobile", "admin", "cpanel", "panel", "manage", "console"],
	...["dev", "devel", "test", "testing", "stage", "staging", "qa", "uat", "demo", "beta", "preprod", "prod", "sandbox"],
	...[
		"git",
		"gitlab",
		"svn",
		"jenkins",
		"ci",
		"build",
		"registry",
		"repo",
		"artifactory",
		"nexus",
		"jira",
		"confluence",
	],
	...[
		"db",
		"db1",
		"db2",
		"mysql",
		"postgres",
		"sql",
		"mssql",
		"oracle",
		"mongo",
		"redis",
		"elastic",
		"search",
		"kibana",
	],
	...["monitor", "monitoring", "nagios", "zabbix", "grafana", "prometheus", "log", "logs", "syslog", "siem", "snmp"],
	...["vcenter", "esx", "esx1", "esxi", "hyperv", "kvm", "xen", "proxmox", "k8s", "kube", "docker", "swarm", "node1"],
	...[
		"server",
		"server1",
		"srv",
		"srv1",
		"host",
		"host1",
		"pc",
		"ws",
		"ts",
		"rdp",
		"citrix",
		"term",
		"jump",
		"bastion",
	],
	...["sip", "voip", "pbx", "phone", "meet", "chat", "conf", "video", "cam", "camera", "erp", "crm", "hr", "sap"],
	...["ipmi", "idrac", "ilo", "bmc", "mgmt", "oob", "wsus", "sccm", "av", "mdm", "pki", "ca", "crl", "ocsp", "cloud"],
];
