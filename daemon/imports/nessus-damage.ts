/**
 * Tells by what a Nessus file repeats that a piece of it is missing, though what is left is whole XML: a report that began as
 * one and ends as another. Pure.
 */
import { hash } from "node:crypto";
import { childOf, childrenOf, childText, type XmlElement } from "../xml/element.ts";

/** Of which a report has one each. */
const once = ["fname", "plugin_name", "risk_factor", "synopsis"];
const texts = ["description", "solution", "synopsis"];
/** What each report has in files that name the plugin's script (Nessus 5 and later). */
const always = ["fname", "plugin_name", "risk_factor"];
/** A report of this family is one check of a policy: what describes it is what was found. */
const ofPolicy = "Policy Compliance";
/** Of which the texts are remembered. */
const mostPlugins = 100_000;

/** The reports of one file. */
export class NessusSeams {
	#namesScripts = false;
	/** What each plugin is described by, by feed. */
	readonly #texts = new Map<string, Map<string, string>>();
	#remembered = 0;
	/** The same of the host that is being read: which feed it was is told somewhere in it. */
	readonly #ofHost = new Map<string, string>();

	beginHost(): void {
		this.#ofHost.clear();
	}

	/** It names no plugin or place, or is made of two, the end of the one and the beginning of the other being lost. */
	isTorn(item: XmlElement): boolean {
		const isNumber = (name: string) => /^\d{1,9}$/.test(item.attributes.get(name) ?? "");
		if (!isNumber("pluginID") || !isNumber("port")) return true;
		const has = (name: string) => childOf(item, name) !== undefined;
		// An open port, and nothing that a script reported.
		if (Number(item.attributes.get("pluginID")) === 0) return has("fname");
		if (once.some((name) => childrenOf(item, name).length > 1)) return true;
		this.#namesScripts ||= has("fname");
		if (!this.#namesScripts) return !isNamedAlike(item);
		if (!always.every(has) || !isNamedAlike(item)) return true;
		if (item.attributes.get("pluginFamily") === ofPolicy) return false;
		return !texts.every(has) || !this.#isDescribedAlike(item);
	}

	/** A plugin is described otherwise in the host that was read than in another one, scanned with the same feed. */
	isOdd(feed: string): boolean {
		const known = this.#texts.get(feed) ?? new Map<string, string>();
		let isOdd = false;
		for (const [plugin, text] of this.#ofHost) {
			const before = known.get(plugin);
			isOdd ||= before !== undefined && before !== text;
			if (before === undefined && this.#remembered++ >= mostPlugins) continue;
			// The last one, whichever of the two is damaged: of those that come behind only the next one pays for it.
			known.set(plugin, text);
			this.#texts.set(feed, known);
		}
		return isOdd;
	}

	/** Such files describe a plugin in the same words wherever it reports on a host. */
	#isDescribedAlike(item: XmlElement): boolean {
		const plugin = item.attributes.get("pluginID") ?? "";
		const text = hash("sha1", texts.map((name) => childText(item, name)).join("\n"), "base64");
		const before = this.#ofHost.get(plugin);
		if (before === undefined && this.#ofHost.size < mostPlugins) this.#ofHost.set(plugin, text);
		return before === undefined || before === text;
	}
}

/** The name is in the tag, and again behind the description. */
function isNamedAlike(item: XmlElement): boolean {
	const [tag, within] = [item.attributes.get("pluginName"), childText(item, "plugin_name")];
	return tag === undefined || within === null || spaced(tag) === spaced(within);
}

function spaced(text: string): string {
	return text.trim().replace(/\s+/g, " ");
}

const minute = 60_000;
/** The beginning is told by the minute, rounded down, and what still runs on a host then takes seconds, on a busy scanner minutes. */
const latest = 5 * minute;
/** Two clocks are read one after the other. */
const earliest = minute / 2;
/** Clocks that are put forward and back, and zones, differ by these: Nepal is three quarters of an hour off. */
const zones = 15 * minute;

/**
 * What plugin 19506 printed (`told`, its lines by name) belongs to the host that is said to have ended at `ended`, as `Tue Jun 25
 * 10:42:42 2013`: both are by the scanner's own clock. True also where one of them is missing.
 */
export function isOfTheSameScan(told: ReadonlyMap<string, string>, ended: string | null): boolean {
	const start = scanStartOf(told);
	const seconds = /^(\d{1,8}) sec/.exec(told.get("scan duration") ?? "")?.[1];
	const end = ended === null ? Number.NaN : Date.parse(`${ended} UTC`);
	if (start === null || seconds === undefined || !Number.isFinite(end)) return true;
	const apart = (end - start - Number(seconds) * 1_000) % zones;
	const after = apart < 0 ? apart + zones : apart;
	return after <= latest || after >= zones - earliest;
}

/** When the whole scan began, by the scanner's own clock read as UTC. Milliseconds; null when it is not told. */
export function scanStartOf(told: ReadonlyMap<string, string>): number | null {
	const [, year, month, day, hour, of] =
		/^(\d{4})\/(\d{1,2})\/(\d{1,2}) (\d{1,2}):(\d{2})\b/.exec(told.get("scan start date") ?? "") ?? [];
	return of === undefined ? null : Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(of));
}
