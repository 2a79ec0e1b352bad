/**
 * Asks a host that somebody tracks by its NetBIOS name for that name (node status, RFC 1002 section 4.2.17), where the scan's own
 * ports do not. It is evidence of the name alone: nothing follows from silence, and no port counts as asked by it.
 */
import type { EvidenceRecord } from "../evidence/record.ts";
import { askDatagrams } from "../packets/datagrams/ask.ts";
import type { NetworkFigures } from "../packets/engine.ts";
import { escapeBytes } from "../probes/banner-text.ts";
import type { HostTask } from "./host.ts";

const netbiosPort = 137;

/** Null where it did not answer, is not to be asked, or cannot be asked from here. */
export async function askNetbiosName(
	task: Pick<
		HostTask,
		"target" | "limits" | "guard" | "group" | "fragilePorts" | "udpPorts" | "datagrams" | "signal" | "now"
	>,
	sent: (packets: number, networks: readonly NetworkFigures[]) => void,
): Promise<EvidenceRecord | null> {
	const { target, limits, guard, group, fragilePorts, datagrams, signal } = task;
	if (datagrams === undefined || fragilePorts.has(netbiosPort) || task.udpPorts.includes(netbiosPort)) return null;
	const { address } = target;
	const probes = { udpPorts: [netbiosPort] };
	const job = { addresses: [address], limits, guard, group, fragilePorts: [...fragilePorts], probes };
	let reply: Uint8Array | null = null;
	await askDatagrams(datagrams, job, signal, (batch, packets) => {
		sent(packets, batch.networks ?? []);
		for (const answer of batch.answers) if (answer.state === "open") ({ reply } = answer);
	});
	if (reply === null) return null;
	return {
		...{ address, source: "network", observedAt: task.now(), kind: "banner", port: netbiosPort, protocol: "udp" },
		...{ complete: true, data: { text: escapeBytes(Buffer.from(reply)), trigger: "netbios-ns" } },
	};
}
