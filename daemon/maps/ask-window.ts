/**
 * One window of a map's addresses, each asked with every probe there is: connection attempts, datagrams and the name server, side
 * by side. Nothing stops at the first answer.
 */
import type { Discovery, NetworkMap } from "../../protocol/model/map.ts";
import { readNodeStatus } from "../identity/netbios.ts";
import { askDatagrams } from "../packets/datagrams/ask.ts";
import type { DatagramAnswer, DatagramEngine, SkippedProbe } from "../packets/datagrams/job.ts";
import { eachBatch } from "../packets/each-batch.ts";
import type { NetworkFigures, PortEngine } from "../packets/engine.ts";
import type { DiscoveryProbes, ScanLimits } from "../scan/plan.ts";
import type { Scope } from "../scope/scope.ts";
import type { FoundHost } from "../store/maps.ts";
import type { Silence } from "./look-up-names.ts";
import type { NameServer } from "./names.ts";

export interface WindowParts {
	readonly map: Pick<NetworkMap, "id" | "tcpPorts" | "udpPorts">;
	readonly engine: PortEngine;
	/** Absent: nothing but TCP is tried. */
	readonly datagrams?: DatagramEngine | undefined;
	readonly discovery: Pick<DiscoveryProbes, "icmp" | "arp" | "ackPorts">;
	readonly limits: ScanLimits;
	readonly scope: Scope;
	readonly fragilePorts: ReadonlySet<number>;
	/** Null: no name is asked for. */
	readonly server: NameServer | null;
	readonly silence: Silence;
	readonly signal: AbortSignal;
	readonly onSent: (by: "tcp" | "datagrams", packets: number, networks: readonly NetworkFigures[]) => void;
	/** Ways of asking that this machine is not allowed. */
	readonly onSkipped: (skipped: readonly SkippedProbe[]) => void;
	/** A question to the name server; and its answer: whether there is a name. */
	readonly onAsked: () => void;
	readonly onNamed: (hasName: boolean) => void;
}

/** What a window has learned of an address. */
interface Sighting {
	readonly discovery: Discovery[];
	names: string[];
	netbios: string | null;
	rttMs: number | null;
}
type Seen = ReadonlyMap<string, Sighting>;

const questionsAtOnce = 32;

/** The addresses that are there, as far as is known when the signal comes. */
export async function askWindow(addresses: readonly string[], parts: WindowParts): Promise<FoundHost[]> {
	if (addresses.length === 0) return [];
	const seen: Seen = new Map(
		addresses.map((address) => [address, { discovery: [], names: [], netbios: null, rttMs: null }]),
	);
	await Promise.all([connect(seen, parts), sendDatagrams(seen, parts), askNames(seen, parts)]);
	return [...seen]
		.filter(([, sighting]) => sighting.discovery.length > 0)
		.map(([address, { discovery, names, netbios, rttMs }]) => ({
			...{ address, discovery, names, netbios, rttMs },
			inNetblock: true,
		}));
}

async function connect(seen: Seen, { map, engine, limits, scope, signal, onSent }: WindowParts): Promise<void> {
	const run = engine.run({
		addresses: [...seen.keys()],
		ports: map.tcpPorts,
		limits,
		guard: scope.guard(),
		group: `map-${map.id}`,
	});
	await eachBatch(run, signal, ({ answers, networks = [] }, sent) => {
		onSent("tcp", sent, networks);
		for (const { address, port, state, rttMs } of answers) {
			if (state !== "open" && state !== "closed") continue;
			note(seen.get(address), { method: state === "open" ? "TCP" : "TCP RST", port }, rttMs);
		}
	});
}

async function sendDatagrams(seen: Seen, parts: WindowParts): Promise<void> {
	const { map, datagrams, discovery, limits, scope, fragilePorts, signal, onSent, onSkipped } = parts;
	if (datagrams === undefined) return;
	const { icmp: echo, arp: link, ackPorts } = discovery;
	const job = {
		addresses: [...seen.keys()],
		probes: { echo, link, ackPorts, udpPorts: map.udpPorts },
		...{ limits, fragilePorts: [...fragilePorts], guard: scope.guard(), group: `map-${map.id}` },
	};
	const asked = await askDatagrams(datagrams, job, signal, ({ answers, networks }, sent) => {
		onSent("datagrams", sent, networks ?? []);
		for (const answer of answers) hear(seen.get(answer.address), answer);
	});
	onSkipped(asked?.skipped ?? []);
}

function hear(sighting: Sighting | undefined, answer: DatagramAnswer): void {
	if (sighting === undefined || !answer.alive) return;
	const { kind, port, state, rttMs, mac, reply, address } = answer;
	if (kind === "link") {
		const method = address.includes(":") ? "ND" : "ARP";
		note(sighting, { method, port: null, ...(mac === null ? {} : { mac }) }, rttMs);
	} else if (kind === "echo") note(sighting, { method: "ICMP", port: null }, rttMs);
	else if (kind === "ack") note(sighting, { method: "TCP ACK", port }, rttMs);
	else note(sighting, { method: state === "open" ? "UDP" : "ICMP", port }, rttMs);
	if (kind === "udp" && port === 137 && reply !== null) sighting.netbios ??= readNodeStatus(reply)?.name ?? null;
}

/** Also of addresses that answer no probe: a name says that somebody means a host to be there. */
async function askNames(seen: Seen, { server, silence, signal, onAsked, onNamed }: WindowParts): Promise<void> {
	if (server === null) return;
	const waiting = [...seen];
	const lane = async () => {
		for (let one = waiting.shift(); one !== undefined && !signal.aborted; one = waiting.shift()) {
			const [address, sighting] = one;
			onAsked();
			sighting.names = await silence.ask(() => server.namesOf(address));
			onNamed(sighting.names.length > 0);
			if (sighting.names.length > 0) note(sighting, { method: "DNS", port: null }, null);
		}
	};
	await Promise.all(Array.from({ length: questionsAtOnce }, lane));
}

function note(sighting: Sighting | undefined, discovery: Discovery, rttMs: number | null): void {
	if (sighting === undefined) return;
	sighting.discovery.push(discovery);
	if (rttMs !== null) sighting.rttMs = Math.min(sighting.rttMs ?? Number.POSITIVE_INFINITY, rttMs);
}
