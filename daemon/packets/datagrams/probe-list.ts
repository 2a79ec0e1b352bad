/** The questions of a job in the order they are asked, and where in it an answer belongs. Pure. */
import { type DatagramProbes, type ProbeKind, probeKinds } from "./job.ts";
import { payloadsOf } from "./payloads/index.ts";

export interface DatagramProbe {
	readonly kind: ProbeKind;
	readonly port: number;
	/** Which of the datagrams there are for the port. */
	readonly variant: number;
}

export class ProbeList {
	readonly probes: readonly DatagramProbe[];
	private readonly places = new Map<number, { first: number; count: number }>();

	/** The cheapest and surest first: who has answered one may not need to be asked the others. */
	constructor(wanted: DatagramProbes, fragilePorts: ReadonlySet<number>) {
		const probes: DatagramProbe[] = [];
		const add = (kind: ProbeKind, port: number, count: number) => {
			if (fragilePorts.has(port) || this.places.has(placeKey(kind, port))) return;
			this.places.set(placeKey(kind, port), { first: probes.length, count });
			for (let variant = 0; variant < count; variant++) probes.push({ kind, port, variant });
		};
		if (wanted.link === true) add("link", 0, 1);
		if (wanted.echo === true) add("echo", 0, 1);
		for (const port of wanted.ackPorts ?? []) add("ack", port, 1);
		for (const port of wanted.udpPorts ?? []) add("udp", port, payloadsOf(port).length);
		this.probes = probes;
	}

	/** The probes an answer is to: those of one kind and port; null when that was not asked. */
	find(kind: ProbeKind, port: number): { readonly first: number; readonly count: number } | null {
		return this.places.get(placeKey(kind, port)) ?? null;
	}
}

function placeKey(kind: ProbeKind, port: number): number {
	return probeKinds.indexOf(kind) * 0x10000 + port;
}
