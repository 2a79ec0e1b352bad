/** What could not be sent, in sentences for people. Pure. */
import type { ProbeKind, SkippedProbe } from "./job.ts";

/** How a way of asking is called where people read of it. */
export const probeWords: Readonly<Record<ProbeKind, string>> = {
	link: "ARP and neighbour discovery",
	echo: "ICMP echo requests",
	ack: "TCP ACKs",
	udp: "UDP datagrams",
};

/** A sentence for each reason, and where to read on. */
export function skippedWords(skipped: readonly SkippedProbe[]): string[] {
	const byReason = Map.groupBy(skipped, ({ reason }) => reason);
	const sentences = [...byReason].map(([reason, all]) => {
		return `Not sent: ${all.map(({ kind }) => probeWords[kind]).join(", ")} (${reason}).`;
	});
	return sentences.length === 0 ? [] : [...sentences, "What to do about it: vedette doctor."];
}
