/** One host of a Nessus file while it is read: its properties, and what was reported of it, by place. */

import type { Signature } from "../../protocol/model/signature.ts";
import type { Transport } from "../../protocol/model/transport.ts";
import type { DataOf } from "../evidence/record.ts";
import { isOfTheSameScan, scanStartOf } from "./nessus-damage.ts";
import { longestOutput, longestText, macOf, momentOf } from "./scan-file.ts";

export interface NessusReport {
	readonly plugin: number;
	readonly port: number;
	readonly protocol: Transport;
	readonly name: string;
	readonly severity: number;
	readonly output: string;
	readonly service: string;
	readonly byVersion: boolean;
}

type Stored = DataOf<"nessus">["reports"][number];

interface Place {
	readonly port: number;
	readonly protocol: Transport;
	service: string | null;
	readonly reports: Map<number, NessusReport>;
}

const mostTags = 300;
/** Each is a place of its own, with what is open there. More answer on a host that says yes to everything. */
const mostPlaces = 5_000;
const ping = 10_180;
/** Of all that is kept of one host. Characters. */
const mostText = 12 << 20;

export class NessusHost {
	readonly name: string;
	readonly #damageBefore: number;
	/** Texts of plugins that were not told before. */
	readonly signatures: Omit<Signature, "qid">[] = [];
	reports = 0;
	portRange: string | null = null;
	readonly #places = new Map<string, Place>();
	readonly #information = new Map<string, string>();
	#isDead = false;
	#isShort = false;
	#isDamaged = false;
	#tags: ReadonlyMap<string, string> = new Map();
	#text = 0;

	/** `damage`: in how many places the file was damaged before it. */
	constructor(name: string, damage: number) {
		this.name = name;
		this.#damageBefore = damage;
	}

	describe(tags: ReadonlyMap<string, string>): void {
		this.#tags = new Map([...this.#tags, ...tags]);
	}

	tag(name: string): string | null {
		return this.#tags.get(name) || null;
	}

	/** There is room for texts of so many characters; they count from now on. */
	takes(characters: number): boolean {
		if (this.#text + characters > mostText) return false;
		this.#text += characters;
		return true;
	}

	/** False: there are more places than are kept, and it was left out. */
	add(report: NessusReport): boolean {
		const { port, protocol, plugin } = report;
		const key = `${port}/${protocol}`;
		if (!this.#places.has(key) && this.#places.size >= mostPlaces) {
			this.leaveOut();
			return false;
		}
		const place = this.#places.get(key) ?? { port, protocol, service: null, reports: new Map() };
		this.#places.set(key, place);
		// A question mark: taken from the port's number.
		const known = /^[\w.-]+$/.test(report.service) && !/^(?:unknown|general)$/.test(report.service);
		if (known) place.service ??= report.service === "www" ? "http" : report.service;
		const before = place.reports.get(plugin);
		place.reports.set(plugin, before === undefined ? report : joined(before, report));
		this.#isDead ||= plugin === ping && /\bconsidered as dead\b/.test(report.output);
		this.reports++;
		return true;
	}

	/** So many places of the file are damaged where the host ends. True: one of them is within it. */
	end(damage: number): boolean {
		if (damage > this.#damageBefore || !isOfTheSameScan(this.#information, this.tag("HOST_END"))) this.tear();
		return this.#isDamaged;
	}

	/** What the file has of it is not what was written: reports may be missing. */
	tear(): void {
		this.#isDamaged = true;
	}

	/** A report is not kept. */
	leaveOut(): void {
		this.#isShort = true;
	}

	/** Nessus found nobody there, and looked no further. */
	get isDead(): boolean {
		return this.#isDead && this.openPorts().length === 0;
	}

	/** The scan of it ended and tells what it was, so that all its plugins may be taken to have been asked. */
	get isEnded(): boolean {
		return this.#information.size > 0 && (this.tag("HOST_END_TIMESTAMP") ?? this.tag("HOST_END")) !== null;
	}

	/** It ended, and all that it reported is here. */
	get isWhole(): boolean {
		return this.isEnded && !this.#isShort && !this.#isDamaged;
	}

	/** Output of plugin 19506, lines of `name : value`. Returns the scanner as it calls itself. */
	readScanInformation(text: string): string | null {
		// Each host has one: the end of the one is missing, and the beginning of the other.
		if (this.#information.size > 0) this.tear();
		for (const line of text.split("\n").slice(0, 100)) {
			const [, name, value] = /^\s*([A-Z][\w -]{2,60}?)\s*:\s*(.{1,300})$/.exec(line) ?? [];
			if (name !== undefined && value !== undefined) this.#information.set(name.toLowerCase(), value.trim());
		}
		this.portRange = this.#information.get("port range") ?? null;
		const version = this.#information.get("nessus version");
		return version === undefined ? null : `Nessus ${version.split(" ", 1)[0] ?? ""}`;
	}

	get credentialed(): boolean {
		const told = this.tag("Credentialed_Scan") ?? this.#information.get("credentialed checks");
		return told !== null && told !== undefined && /^(?:true|yes)\b/i.test(told);
	}

	/** Which plugins it was scanned with; empty where that is not told. */
	get feed(): string {
		return this.#information.get("plugin feed version") ?? "";
	}

	/** Milliseconds; null when the file does not tell. A time without a zone is read as UTC. */
	times(now: number): { startedAt: number; finishedAt: number } | null {
		const at = (name: string) => momentOf(this.tag(`${name}_TIMESTAMP`), now) ?? parsed(this.tag(name), now);
		const finishedAt = at("HOST_END") ?? at("HOST_START");
		if (finishedAt === null) return null;
		return { startedAt: Math.min(finishedAt, at("HOST_START") ?? finishedAt), finishedAt };
	}

	/** When the scan of all hosts began, or of this one where that is not told. Milliseconds. */
	scanStartedAt(startedAt: number): number {
		const start = scanStartOf(this.#information);
		const local = parsed(this.tag("HOST_START"), Number.POSITIVE_INFINITY);
		return start === null || local === null ? startedAt : Math.min(startedAt, start + (startedAt - local));
	}

	/** The name the scanner was told to scan; null when it was told an address. */
	givenName(): string | null {
		return isName(this.name) ? this.name.toLowerCase() : null;
	}

	names(): string[] {
		const told = [this.tag("host-fqdn"), this.tag("hostname"), this.tag("host-rdns")];
		return [...new Set(told.flatMap((name) => (name !== null && isName(name) ? [name.toLowerCase()] : [])))];
	}

	system(): DataOf<"host">["os"] {
		const name = this.tag("operating-system")?.split("\n", 1)[0]?.trim().slice(0, 200) ?? "";
		if (name === "") return null;
		const told = Number(this.tag("operating-system-conf") ?? "");
		const confidence = Number.isFinite(told) && told > 0 && told <= 100 ? told / 100 : 0.5;
		return { name, basis: "Nessus", confidence };
	}

	openPorts(): DataOf<"ports">["open"] {
		const places = [...this.#places.values()].filter(({ port }) => port > 0);
		return places.map(({ port, protocol, service }) => ({
			...{ port, protocol, service, product: null, version: null, tls: false },
		}));
	}

	about(): NonNullable<DataOf<"nessus">["host"]> {
		const macs = (this.tag("mac-address") ?? "").split(/\s+/).flatMap((text) => macOf(text) ?? []);
		const word = (name: string) => this.#information.get(name) ?? null;
		const version = word("nessus version");
		return {
			scanner: version === null ? null : `Nessus ${version}`,
			feed: this.feed || null,
			policy: this.tag("policy-used") ?? word("scan policy used"),
			credentialed: this.credentialed,
			portRange: this.portRange,
			netbios: this.tag("netbios-name"),
			macs: [...new Set(macs)].slice(0, 64),
			biosUuid: this.tag("bios-uuid")?.toLowerCase() ?? null,
			tags: [...this.#tags].slice(0, mostTags).map(([name, value]) => ({ name, value: value.slice(0, longestText) })),
		};
	}

	/** By `port/protocol`. */
	byPlace(
		seenAt: number,
	): Map<string, { readonly port: number; readonly protocol: Transport; readonly reports: Stored[] }> {
		const { credentialed, portRange } = this;
		const told = ({ plugin, name, severity, output, byVersion }: NessusReport): Stored => ({
			...{ plugin, name, severity, output, byVersion, credentialed, portRange, seenAt },
		});
		return new Map(
			[...this.#places].map(([key, { port, protocol, reports }]) => [
				key,
				{ port, protocol, reports: [...reports.values()].map(told) },
			]),
		);
	}
}

/** One plugin may speak several times of one port. */
function joined(one: NessusReport, other: NessusReport): NessusReport {
	const outputs = new Set([one.output, other.output].filter((text) => text !== ""));
	const output = [...outputs].join("\n").slice(0, longestOutput);
	return { ...one, output, severity: Math.max(one.severity, other.severity) };
}

function isName(text: string): boolean {
	return /[a-z]/i.test(text) && /^[\w-]{1,63}(?:\.[\w-]{1,63}){0,10}\.?$/.test(text);
}

/** `Tue Jun 25 10:42:42 2013`. */
function parsed(text: string | null, now: number): number | null {
	const isDate = text !== null && /^[A-Z][a-z]{2} +[A-Z][a-z]{2} +\d{1,2} +\d\d:\d\d:\d\d +(?:19|20)\d\d$/.test(text);
	const at = isDate ? Date.parse(`${text} UTC`) : Number.NaN;
	return Number.isFinite(at) && at > 0 ? Math.min(at, now) : null;
}
