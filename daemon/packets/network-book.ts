/**
 * What running scans and maps meet in each network, added up from the batches of all engines: counts since the run began and
 * rates over the last seconds. Only of networks that were busy of late. Pure: the time is handed in.
 */
import type { NetworkFigures as ModelFigures } from "../../protocol/model/network-figures.ts";
import type { NetworkFigures } from "./engine.ts";

/** Networks kept of one sender; of more, those that were busy last. */
export const mostKept = 4_096;
const secondsKept = 5;
/** What slows sending down is told for so long after it did. */
const slowedForMs = 3_000;

type Counts = Pick<NetworkFigures, "sent" | "answers" | "resets" | "prohibited" | "lost">;
interface Page {
	readonly all: Counts;
	/** By second modulo `secondsKept`; `second` says which one it is. */
	readonly recent: ({ second: number } & Counts)[];
	readonly firstMs: number;
	rttMs: number | null;
}
type Writable = { -readonly [K in keyof Counts]: number };

export class NetworkBook {
	private readonly pages = new Map<string, Page>();
	private readonly slowed = new Map<string, number>();

	add(networks: readonly NetworkFigures[], nowMs: number): void {
		const second = Math.floor(nowMs / 1_000);
		for (const one of networks) {
			const page = this.pages.get(one.network) ?? { all: none(), recent: [], firstMs: nowMs, rttMs: null };
			// Taken out and put back, it is the last one again: the first in the map was busy longest ago.
			this.pages.delete(one.network);
			this.pages.set(one.network, page);
			count(page.all, one);
			let slot = page.recent[second % secondsKept];
			if (slot === undefined || slot.second !== second) {
				slot = { second, ...none() };
				page.recent[second % secondsKept] = slot;
			}
			count(slot, one);
			page.rttMs = one.rttMs ?? page.rttMs;
		}
		while (this.pages.size > mostKept) this.pages.delete(this.pages.keys().next().value ?? "");
	}

	/** Sentences about what held sending back just now. */
	slow(sentences: readonly string[], nowMs: number): void {
		for (const sentence of sentences) this.slowed.set(sentence, nowMs);
	}

	/** The busiest first. */
	figures(nowMs: number, limit: number): { items: ModelFigures[]; total: number; slowedBy: string[] } {
		const items = [...this.pages].map(([network, page]) => figuresOf(network, page, nowMs));
		items.sort((a, b) => b.packetsPerSecond - a.packetsPerSecond || b.sent - a.sent);
		const slowedBy = [...this.slowed].filter(([, at]) => nowMs - at < slowedForMs).map(([sentence]) => sentence);
		return { items: items.slice(0, limit), total: items.length, slowedBy };
	}
}

function figuresOf(network: string, { all, recent, firstMs, rttMs }: Page, nowMs: number): ModelFigures {
	const second = Math.floor(nowMs / 1_000);
	const late = none();
	for (const slot of recent) if (slot !== undefined && second - slot.second < secondsKept) count(late, slot);
	// The present second has only begun: the stretch that the counts are from is that much shorter.
	const seconds = Math.max(1, Math.min(secondsKept - 1 + (nowMs / 1_000 - second), (nowMs - firstMs) / 1_000));
	const rate = (value: number) => Math.round((value / seconds) * 10) / 10;
	const answered = late.answers + late.lost;
	return {
		network,
		packetsPerSecond: rate(late.sent),
		answersPerSecond: rate(late.answers),
		resetsPerSecond: rate(late.resets),
		rttMs: rttMs === null ? null : Math.round(rttMs * 100) / 100,
		loss: answered === 0 ? null : Math.min(1, late.lost / answered),
		...{ sent: all.sent, answers: all.answers, resets: all.resets, prohibited: all.prohibited },
	};
}

function none(): Writable {
	return { sent: 0, answers: 0, resets: 0, prohibited: 0, lost: 0 };
}

function count(into: Writable, { sent, answers, resets, prohibited, lost }: Counts): void {
	into.sent += sent;
	into.answers += answers;
	into.resets += resets;
	into.prohibited += prohibited;
	into.lost += lost;
}
