/** Nessus' files (NessusClientData_v2), read host by host; of the policy only which plugins ran is kept. Pure. */
import { canonicalAddress } from "../../protocol/target/address.ts";
import type { DataOf, EvidenceRecord } from "../evidence/record.ts";
import { childrenOf, childText, ElementGatherer, type XmlElement } from "../xml/element.ts";
import type { XmlEvent } from "../xml/reader.ts";
import { NessusSeams } from "./nessus-damage.ts";
import { NessusHost, type NessusReport } from "./nessus-host.ts";
import { signatureOfPlugin } from "./nessus-plugin.ts";
import { type FromScanFile, longestOutput, longestText, type Reported, type ScanFileFormat } from "./scan-file.ts";

/** What one host can have; more is a file out to fill the memory. */
const mostReports = 20_000;
const mostPlugins = 1_000_000;
const scanInformation = 19_506;

export class NessusFormat implements ScanFileFormat {
	readonly #now: number;
	readonly #pieces = new ElementGatherer(["preference", "HostProperties", "ReportItem"]);
	readonly #seams = new NessusSeams();
	/** Plugins whose texts were handed on. */
	readonly #told = new Set<number>();
	#host: NessusHost | null = null;
	/** Of hosts that were refused: the next one brings them. */
	#texts: NessusHost["signatures"] = [];
	#scanner: string | null = null;
	#tooMany = 0;
	#tooManyPlaces = 0;
	#notEnded = 0;
	#damaged = 0;
	#cutOutputs = 0;

	/** `now` in milliseconds. */
	constructor(now: number) {
		this.#now = now;
	}

	get scanner(): string {
		return this.#scanner ?? "Nessus";
	}

	get leftOut(): ReadonlyMap<string, number> {
		const counts = new Map([
			["reports of hosts that have more than are kept", this.#tooMany],
			["reports at ports of hosts that have more of them than are kept", this.#tooManyPlaces],
			[
				"hosts whose scan did not end by what the file says of it: what is not reported there is not over",
				this.#notEnded,
			],
			["hosts in which the file is damaged: what is not reported there is not over", this.#damaged],
			["reports larger than is kept", this.#pieces.leftOut],
			["outputs of plugins on hosts with more text than is kept", this.#cutOutputs],
		]);
		return new Map([...counts].filter(([, count]) => count > 0));
	}

	take(event: XmlEvent, damage: number): FromScanFile[] {
		if (event.kind === "open" && event.name === "ReportHost") return this.#beginHost(nameOf(event.attributes), damage);
		if (event.kind === "close" && event.name === "ReportHost" && !this.#pieces.isWithin) return this.#endHost(damage);
		const piece = this.#pieces.take(event);
		if (piece === null) return [];
		if (piece.name === "preference") return pluginsOf(piece);
		if (piece.name === "HostProperties") this.#host?.describe(tagsOf(piece));
		else this.#takeReport(piece);
		return [];
	}

	/** Hosts are never within each other: the end of the one before is missing. */
	#beginHost(name: string, damage: number): FromScanFile[] {
		const before = this.#host;
		this.#host = new NessusHost(name, damage);
		this.#seams.beginHost();
		this.#pieces.abandon();
		if (before === null) return [];
		this.#texts.push(...before.signatures);
		return [{ kind: "refused", host: before.name, reason: "the file is damaged in it" }];
	}

	#takeReport(item: XmlElement): void {
		const host = this.#host;
		const report = reportOf(item);
		if (host === null) return;
		if (this.#seams.isTorn(item)) host.tear();
		if (report === null) return;
		if (host.reports >= mostReports) {
			this.#tooMany++;
			host.leaveOut();
			return;
		}
		const isKept = host.takes(report.output.length + report.name.length);
		if (!isKept) this.#cutOutputs++;
		if (!host.add(isKept ? report : { ...report, output: "" })) {
			this.#tooManyPlaces++;
			return;
		}
		if (report.plugin === scanInformation)
			this.#scanner = host.readScanInformation(report.output || descriptionOf(item));
		if (this.#told.has(report.plugin) || this.#told.size >= mostPlugins) return;
		const signature = signatureOfPlugin(item, report);
		// It comes with the next host, or stays without its text.
		if (this.#texts.length > mostReports || !host.takes(signature.description.length + signature.solution.length))
			return;
		this.#told.add(report.plugin);
		host.signatures.push(signature);
	}

	#endHost(damage: number): FromScanFile[] {
		const host = this.#host;
		this.#host = null;
		if (host === null) return [];
		if (this.#seams.isOdd(host.feed)) host.tear();
		if (host.end(damage)) this.#damaged++;
		this.#texts.push(...host.signatures);
		if (host.isDead) return [{ kind: "down" }];
		const refused = (reason: string): FromScanFile[] => [{ kind: "refused", host: host.name, reason }];
		const address = canonicalAddress(host.tag("host-ip") ?? "") ?? canonicalAddress(host.name);
		if (address === null) return refused("the file has no address of it");
		const times = host.times(this.#now);
		if (times === null) return refused("the file does not say when it was scanned");
		const { startedAt, finishedAt } = times;
		const { credentialed, portRange, isWhole } = host;
		if (!host.isEnded) this.#notEnded++;
		const scanStartedAt = host.scanStartedAt(startedAt);
		const reported: Reported = { isWhole, credentialed, portRange, scanStartedAt, signatures: this.#texts };
		this.#texts = [];
		const hostname = host.givenName();
		const { records, coverage, openPorts } = evidenceOf(host, address, times);
		return [
			{
				kind: "host",
				host: {
					...{ name: host.name, address, hostname, startedAt, finishedAt },
					...{ records, coverage, openPorts, reported },
				},
			},
		];
	}
}

function nameOf(attributes: ReadonlyMap<string, string>): string {
	return attributes.get("name")?.trim().slice(0, 255) || "a host without a name";
}

function tagsOf(properties: XmlElement): Map<string, string> {
	return new Map(
		childrenOf(properties, "tag").flatMap(({ attributes, text }) => {
			const name = attributes.get("name") ?? "";
			return name === "" ? [] : [[name.slice(0, 100), text.trim().slice(0, longestText * 4)]];
		}),
	);
}

function descriptionOf(item: XmlElement): string {
	return childText(item, "description") ?? "";
}

/** Which plugins ran, as the policy lists them: `19506;10863;…`. */
function pluginsOf(preference: XmlElement): FromScanFile[] {
	if (preference.isCut || childText(preference, "name") !== "plugin_set") return [];
	const numbers = (childText(preference, "value") ?? "").split(";").map(Number);
	const plugins = numbers.filter((one) => Number.isSafeInteger(one) && one > 0).slice(0, mostPlugins);
	return plugins.length === 0 ? [] : [{ kind: "plugins", plugins }];
}

/** How Nessus says that it has compared versions and tested nothing. */
const byVersion = /self-reported version|according to (?:its|the)\s+(?:\w+\s+){0,3}(?:banner|version)/i;

/** Null for what names no plugin or no place. */
function reportOf(item: XmlElement): NessusReport | null {
	const number = (name: string) => {
		const text = item.attributes.get(name) ?? "";
		return /^\d{1,9}$/.test(text) ? Number(text) : null;
	};
	const [plugin, port] = [number("pluginID"), number("port")];
	if (plugin === null || plugin === 0 || port === null || port > 65_535) return null;
	const told = Math.min(4, number("severity") ?? 0);
	// Before version 5 what is only information was of severity 1, often without a word on its risk.
	const risk = childText(item, "risk_factor");
	const severity = risk === "None" || (risk === null && told === 1) ? 0 : told;
	const isUdp = item.attributes.get("protocol") === "udp" && port > 0;
	return {
		...{ plugin, port, severity, protocol: isUdp ? "udp" : "tcp" },
		name: (item.attributes.get("pluginName") ?? childText(item, "plugin_name") ?? `Plugin ${plugin}`).slice(0, 300),
		output: (childText(item, "plugin_output") ?? "").slice(0, longestOutput),
		service: item.attributes.get("svc_name")?.slice(0, 100) ?? "",
		byVersion: byVersion.test(descriptionOf(item)),
	};
}

type Evidence = Pick<Extract<FromScanFile, { kind: "host" }>["host"], "records" | "coverage" | "openPorts">;

function evidenceOf(
	host: NessusHost,
	address: string,
	{ startedAt, finishedAt }: { startedAt: number; finishedAt: number },
): Evidence {
	const place = { address, source: "import", complete: true, observedAt: finishedAt } as const;
	const whole = { ...place, port: 0, protocol: "tcp" } as const;
	const open = host.openPorts();
	const about: DataOf<"nessus">["host"] = host.about();
	const placed = host.byPlace(finishedAt);
	const records: EvidenceRecord[] = [
		{
			...whole,
			kind: "host",
			data: {
				aliveBy: "Nessus reported on it",
				...{ targetName: host.givenName(), names: host.names(), rttMs: null, os: host.system() },
				...(about.macs.length === 1 && about.macs[0] !== undefined ? { mac: about.macs[0] } : {}),
				scanSeconds: (finishedAt - startedAt) / 1_000,
				portsProbed: 0,
			},
		},
		// Which ports it asked in vain nobody can tell from the file.
		{ ...whole, kind: "ports", complete: false, data: { open, probed: 0, closed: 0, filtered: 0 } },
		{ ...whole, kind: "nessus", data: { reports: placed.get("0/tcp")?.reports ?? [], host: about } },
		...[...placed.values()]
			.filter(({ port }) => port > 0)
			.map(({ port, protocol, reports }) => ({
				...{ ...place, port, protocol, kind: "nessus" as const, data: { reports, host: null } },
			})),
	];
	return {
		records,
		openPorts: open.length,
		coverage: {
			...{ address, alive: true, closedTcp: [], hostKinds: ["host", "nessus"] },
			ports: open.map(({ port, protocol }) => ({ port, protocol, outcome: "unknown", kinds: ["nessus"], failed: [] })),
		},
	};
}
