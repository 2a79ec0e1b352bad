/** What held a job back since it was last told, as sentences for the one who watches. Pure. */
import type { Gate, HeldBy } from "./gate.ts";

/** What this machine may lack. */
export type Shortage = "descriptors" | "local ports" | "buffers";

const shortages: Readonly<Record<Shortage, string>> = {
	descriptors:
		"This machine lacks open files or socket memory: fewer connects are open at once. Raise the limit with: ulimit -n",
	"local ports": "This machine has no free local port towards some hosts: their connects wait for one.",
	buffers: "The interface does not take packets as fast as they are sent: sending follows it.",
};

export class Slowdowns {
	private readonly sentences = new Set<string>();
	private readonly groups = new Set<number>();
	private host = false;
	private network = false;

	/** Called for each packet that is held: no text is made here. */
	by(held: HeldBy): void {
		if (held.kind === "host") this.host = true;
		else if (held.kind === "network") this.network = true;
		else if (held.kind === "group") this.groups.add(held.key);
	}

	byShortage(what: Shortage): void {
		this.sentences.add(shortages[what]);
	}

	byLink(link: string): void {
		this.sentences.add(`The interface ${link} is down, gone or without a route: what leaves by it waits.`);
	}

	drain(gate: Gate): string[] {
		if (this.host) this.sentences.add("Hosts are sent no more packets a second than the profile allows for one.");
		if (this.network) this.sentences.add("Networks are sent no more packets a second than the profile allows for one.");
		for (const slot of this.groups) {
			this.sentences.add(`The limits of the concurrency group "${gate.groupName(slot)}" are reached.`);
		}
		const drained = [...this.sentences];
		this.sentences.clear();
		this.groups.clear();
		this.host = false;
		this.network = false;
		return drained;
	}
}
