/** What a scan sent to each network and what came back, summed over the whole scan. Bounded. */
import type { ScanCoverage } from "../../protocol/model/scan-coverage.ts";
import type { NetworkFigures } from "../packets/engine.ts";

type NetworkCoverage = ScanCoverage["networks"][number];
export type NetworkSums = Map<string, NetworkCoverage>;

/** Networks summed apart; of further ones nothing is kept. */
const mostSummed = 4_096;
/** Networks told. */
const mostTold = 64;

export function readNetworks(told: readonly NetworkCoverage[]): NetworkSums {
	return new Map(told.map((one) => [one.network, one]));
}

export function addFigures(sums: NetworkSums, figures: readonly NetworkFigures[]): void {
	for (const { network, sent, answers, lost, rttMs } of figures) {
		const known = sums.get(network);
		if (known === undefined && sums.size >= mostSummed) continue;
		const before = known ?? { network, sent: 0, answers: 0, lost: 0, rttMs: null };
		sums.set(network, {
			network,
			sent: before.sent + sent,
			answers: before.answers + answers,
			lost: before.lost + lost,
			rttMs: rttMs === null ? before.rttMs : Math.round(rttMs * 100) / 100,
		});
	}
}

/** Most packets first. */
export function networksOf(sums: NetworkSums): NetworkCoverage[] {
	return [...sums.values()].sort((a, b) => b.sent - a.sent).slice(0, mostTold);
}
