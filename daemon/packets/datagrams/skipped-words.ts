/** What could not be sent, in sentences for people. Pure. */
import type { ProbeKind, SkippedProbe } from "./job.ts";

/** How a way of asking is called where people read of it. */
export const probeWords: Readonly<Record<ProbeKind, string>> = {
	link: "ARP and neighbour discovery",
	echo: "ICMP echo requests",
	ack: "TCP ACKs",
	udp: "UDP datagrams",
};

/** A sentence for each reason. */
export function skippedWords(skipped: readonly SkippedProbe[]): string[] {
	const byReason = Map.groupBy(skipped, ({ reason }) => reason);
	return [...byReason].map(([reason, all]) => {
		const words = all.map(({ kind }) => probeWords[kind]);
		const list = words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words.join();
		return `No ${list} could be sent: ${reason}. vedette doctor says what to do.`;
	});
}
