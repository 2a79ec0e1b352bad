/** nmap's XML (-oX; xmloutputversion 1.04 and 1.05), read host by host. Pure. */
import { canonicalAddress } from "../../protocol/target/address.ts";
import type { HostCoverage } from "../evidence/coverage.ts";
import type { DataOf, EvidenceRecord } from "../evidence/record.ts";
import { childOf, childrenOf, ElementGatherer, type XmlElement } from "../xml/element.ts";
import type { XmlEvent } from "../xml/reader.ts";
import { type AskedPorts, portsOf } from "./nmap-ports.ts";
import { netbiosOf, scriptsOf } from "./nmap-scripts.ts";
import { type FromScanFile, longestText, macOf, momentOf, type ScanFileFormat } from "./scan-file.ts";

const mostNames = 64;
const mostHops = 64;

export class NmapFormat implements ScanFileFormat {
	readonly #now: number;
	readonly #hosts = new ElementGatherer(["host"]);
	readonly #asked: AskedPorts = { tcp: null, udp: null };
	#version: string | null = null;
	#arguments: string | null = null;
	#startedAt: number | null = null;
	#damageBefore = 0;
	#damaged = 0;

	/** `now` in milliseconds. */
	constructor(now: number) {
		this.#now = now;
	}

	get scanner(): string {
		return `nmap ${this.#version ?? "of an unknown version"}`;
	}

	get leftOut(): ReadonlyMap<string, number> {
		const { leftOut } = this.#hosts;
		const counts = new Map([
			["hosts of which a part is more than is kept", leftOut],
			["hosts in which the file is damaged: of them nothing is taken to be over", this.#damaged],
		]);
		return new Map([...counts].filter(([, count]) => count > 0));
	}

	take(event: XmlEvent, damage: number): FromScanFile[] {
		if (event.kind === "open" && !this.#hosts.isWithin) {
			this.#damageBefore = damage;
			this.#readHead(event.name, event.attributes);
		}
		const host = this.#hosts.take(event);
		if (host === null) return [];
		const isDamaged = damage > this.#damageBefore;
		this.#damaged += Number(isDamaged);
		return [this.#hostOf(host, host.isCut || isDamaged)];
	}

	#readHead(name: string, attributes: ReadonlyMap<string, string>): void {
		if (name === "nmaprun") {
			this.#version = attributes.get("version")?.slice(0, 40) ?? null;
			this.#arguments = attributes.get("args")?.slice(0, longestText) ?? null;
			this.#startedAt = momentOf(attributes.get("start"), this.#now);
			[this.#asked.tcp, this.#asked.udp] = [null, null];
		}
		const protocol = attributes.get("protocol");
		if (name === "scaninfo" && (protocol === "tcp" || protocol === "udp")) {
			this.#asked[protocol] = attributes.get("services") ?? "";
		}
	}

	#hostOf(host: XmlElement, isPart: boolean): FromScanFile {
		const status = childOf(host, "status")?.attributes;
		if (status?.get("state") === "down") return { kind: "down" };
		const told = addressesOf(host);
		const names = namesOf(host);
		const called = told.address ?? names.given ?? names.found[0] ?? "a host without a name";
		const refused = (reason: string): FromScanFile => ({ kind: "refused", host: called, reason });
		const { address } = told;
		if (address === null) return refused("the file has no address of it");
		const finishedAt = momentOf(host.attributes.get("endtime"), this.#now) ?? this.#startedAt;
		if (finishedAt === null) return refused("the file does not say when it was scanned");
		const startedAt = Math.min(finishedAt, momentOf(host.attributes.get("starttime"), this.#now) ?? finishedAt);
		const ports = portsOf(host, this.#asked, this.#version);
		const place = { address, source: "import", complete: !isPart, observedAt: finishedAt } as const;
		const whole = { ...place, port: 0, protocol: "tcp" } as const;
		const records: EvidenceRecord[] = [
			{
				...whole,
				kind: "host",
				data: {
					aliveBy: `nmap: ${status?.get("reason")?.slice(0, 60) ?? "up"}`,
					targetName: names.given,
					names: names.found,
					rttMs: numberOf(childOf(host, "times")?.attributes.get("srtt"), 1_000),
					...(told.mac === null ? {} : { mac: told.mac }),
					os: systemOf(host),
					scanSeconds: (finishedAt - startedAt) / 1_000,
					portsProbed: ports.list.probed,
				},
			},
			...(this.#askedPorts ? [{ ...whole, kind: "ports" as const, data: ports.list }] : []),
			{ ...whole, kind: "nmap", data: this.#aboutHost(host, told.vendor) },
			...ports.details.map((one) => ({ ...place, ...one, kind: "nmap" as const })),
		];
		const coverage: HostCoverage = {
			...{ address, alive: true, closedTcp: ports.closedTcp, ports: ports.covered },
			hostKinds: this.#askedPorts ? ["host", "ports", "nmap"] : ["host", "nmap"],
		};
		return {
			kind: "host",
			host: {
				...{ name: called, address, hostname: names.given, startedAt, finishedAt, records },
				coverage: isPart ? ofPart(coverage) : coverage,
				openPorts: ports.list.open.length,
				reported: null,
			},
		};
	}

	/** A scan for hosts alone says nothing of ports. */
	get #askedPorts(): boolean {
		return this.#asked.tcp !== null || this.#asked.udp !== null;
	}

	#aboutHost(host: XmlElement, vendor: string | null): DataOf<"nmap"> {
		const scripts = childrenOf(host, "hostscript").flatMap(scriptsOf);
		return {
			...{ version: this.#version, arguments: this.#arguments, service: null, hostKeys: [], scripts },
			host: {
				vendor,
				netbios: netbiosOf(scripts),
				systems: matchesOf(host),
				uptimeSeconds: numberOf(childOf(host, "uptime")?.attributes.get("seconds")),
				distance: numberOf(childOf(host, "distance")?.attributes.get("value")),
				route: routeOf(host),
			},
		};
	}
}

/** Ports that are missing look as if they had been asked in vain: only what is open stays, gathered in part. */
function ofPart(coverage: HostCoverage): HostCoverage {
	const open = coverage.ports.filter(({ outcome }) => outcome !== "closed");
	const ports = open.map((port) => ({ ...port, kinds: [], failed: port.kinds }));
	return { ...coverage, closedTcp: [], ports, hostKinds: [] };
}

function addressesOf(host: XmlElement): { address: string | null; mac: string | null; vendor: string | null } {
	let [address, mac, vendor]: (string | null)[] = [null, null, null];
	for (const { attributes } of childrenOf(host, "address")) {
		const text = attributes.get("addr") ?? "";
		if (attributes.get("addrtype") === "mac") {
			mac ??= macOf(text);
			vendor ??= attributes.get("vendor")?.slice(0, longestText) ?? null;
		} else address ??= canonicalAddress(text);
	}
	return { address: address ?? null, mac: mac ?? null, vendor: vendor ?? null };
}

/** `given`: as it was named on nmap's command line. */
function namesOf(host: XmlElement): { given: string | null; found: string[] } {
	const listed = childrenOf(host, "hostnames").flatMap((names) => childrenOf(names, "hostname"));
	const named = listed.flatMap(({ attributes }) => {
		const name = attributes.get("name")?.toLowerCase().slice(0, 255) ?? "";
		return name === "" ? [] : [{ name, isGiven: attributes.get("type") === "user" }];
	});
	const found = new Set(named.filter(({ isGiven }) => !isGiven).map(({ name }) => name));
	return { given: named.find(({ isGiven }) => isGiven)?.name ?? null, found: [...found].slice(0, mostNames) };
}

function matchesOf(host: XmlElement): { name: string; accuracy: number }[] {
	const matches = childrenOf(host, "os").flatMap((os) => childrenOf(os, "osmatch"));
	return matches
		.flatMap(({ attributes }) => {
			const name = attributes.get("name")?.slice(0, 200) ?? "";
			const accuracy = Math.min(100, Math.max(0, numberOf(attributes.get("accuracy")) ?? 0));
			return name === "" ? [] : [{ name, accuracy }];
		})
		.slice(0, 10);
}

function systemOf(host: XmlElement): DataOf<"host">["os"] {
	const [best] = matchesOf(host);
	return best === undefined ? null : { name: best.name, basis: "nmap -O", confidence: best.accuracy / 100 };
}

function routeOf(host: XmlElement): { ttl: number; address: string; rttMs: number | null }[] {
	const hops = childrenOf(host, "trace").flatMap((trace) => childrenOf(trace, "hop"));
	return hops
		.flatMap(({ attributes }) => {
			const [ttl, address] = [numberOf(attributes.get("ttl")), canonicalAddress(attributes.get("ipaddr") ?? "")];
			const isHop = ttl !== null && Number.isInteger(ttl) && address !== null;
			return isHop ? [{ ttl, address, rttMs: numberOf(attributes.get("rtt")) }] : [];
		})
		.slice(0, mostHops);
}

/** Null for what is no number, as nmap's `--`. */
function numberOf(text: string | undefined, divisor = 1): number | null {
	if (text === undefined || !/^\d{1,15}(\.\d{1,9})?$/.test(text)) return null;
	return Number(text) / divisor;
}
