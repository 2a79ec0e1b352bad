/**
 * Tells the hosts a map has found from ghosts, a window at a time. A map does not listen to what ports say, so that only
 * what accepts whatever it is asked is condemned: addresses of which some port was open and none refused are asked canary
 * ports. What is condemned is kept beside the map's hosts and can never be added to the inventory.
 */
import { type GhostSighting, sightingOf } from "../evidence/ghost-sighting.ts";
import { type AskContext, askCanaries } from "../ghosts/ask.ts";
import type { GhostRules } from "../ghosts/rules.ts";
import { unitOf } from "../ghosts/unit.ts";
import type { FoundHost } from "../store/maps.ts";

export interface SortedHosts {
	readonly hosts: FoundHost[];
	readonly ghosts: { readonly network: string; readonly sighting: GhostSighting }[];
}

export interface GhostQuestion extends AskContext {
	readonly map: number;
	readonly rules: GhostRules;
	readonly tcpPorts: readonly number[];
	readonly fragilePorts: ReadonlySet<number>;
	/** All addresses of the window. */
	readonly asked: readonly string[];
}

/** Addresses asked their canaries at once. */
const atOnce = 64;

export async function sortOutGhosts(found: readonly FoundHost[], question: GhostQuestion): Promise<SortedHosts> {
	const { asked, signal } = question;
	const perNetwork = new Map<string, number>();
	for (const address of asked) perNetwork.set(unitOf(address), (perNetwork.get(unitOf(address)) ?? 0) + 1);
	const hosts: FoundHost[] = [];
	const ghosts: SortedHosts["ghosts"] = [];
	const waiting = [...found];
	const lane = async () => {
		for (let host = waiting.shift(); host !== undefined && !signal.aborted; host = waiting.shift()) {
			const sighting = await judge(host, question);
			if (sighting === null) hosts.push(host);
			else {
				const network = unitOf(host.address);
				const askedInNetwork = Math.max(1, perNetwork.get(network) ?? 1);
				ghosts.push({ network, sighting: { ...sighting, askedInNetwork } });
				// A name says that somebody means a host to be there; that it answers says nothing.
				const named = host.discovery.filter(({ method }) => method === "DNS");
				if (named.length > 0) hosts.push({ ...host, discovery: named, rttMs: null });
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(atOnce, found.length) }, lane));
	return { hosts, ghosts };
}

async function judge(host: FoundHost, question: GhostQuestion): Promise<GhostSighting | null> {
	const { address, discovery, rttMs } = host;
	const { rules, map, tcpPorts, fragilePorts } = question;
	const answered = discovery.filter(({ method }) => method !== "DNS");
	if (answered.length === 0 || rules.real.has(address)) return null;
	const [first] = answered;
	const how = first === undefined ? null : [first.method, first.port].filter((part) => part !== null).join(" ");
	if (rules.ghosts.has(address)) return sightingOf({ address, kind: "told", how, rttMs });
	const open = discovery.some(({ method }) => method === "TCP");
	const refused = discovery.some(
		({ method, port }) => method === "TCP RST" && port !== null && tcpPorts.includes(port),
	);
	if (!open || refused) return null;
	const asked = new Set(tcpPorts);
	const answer = await askCanaries({ salt: map, address, rttMs, asked, fragile: fragilePorts }, question);
	if (answer?.verdict !== "accepts") return null;
	return sightingOf({ address, kind: "accepts-any-port", how, rttMs, canaries: answer.tally });
}
