/** The scans area of the fake daemon: what is started is listed, as long as the fake is. */
import * as governor from "../../protocol/methods/governor.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import { page } from "./sample-page.test-support.ts";
import { coverageOf, scanOf } from "./sample-scans.test-support.ts";

/** The list as it stands. */
export function answerScans(
	answer: FakeClient["answer"],
	options: SampleOptions,
	count: number,
): () => readonly Scan[] {
	let scanList: Scan[] = Array.from({ length: count }, (_, index) => scanOf(count - index, options));
	answer(scans.list, (params) => page(params, scanList.length, (index) => scanList[index] ?? scanOf(1, options)));
	answer(scans.get, ({ scan }) => scanList.find(({ id }) => id === scan) ?? scanOf(scan, options));
	answer(scans.estimate, ({ targets }) => ({
		addresses: targets.length,
		excluded: 0,
		ports: 1_000,
		probes: targets.length * 1_000,
		seconds: 2,
		needsConfirmation: false,
		warnings: [],
	}));
	answer(scans.start, ({ targets }) => {
		const scan: Scan = {
			...scanOf(count + 1, options),
			title: options.text ?? "New scan",
			targets,
			status: "running",
			progress: 0.1,
		};
		scanList = [scan, ...scanList];
		return scan;
	});
	answer(scans.coverage, ({ scan }) => coverageOf(scan));
	answer(governor.networks, () => ({
		items: [
			{
				...{ network: "10.0.3.0/24", packetsPerSecond: 812, answersPerSecond: 640, resetsPerSecond: 610, rttMs: 21.4 },
				...{ loss: 0.031, sent: 41_200, answers: 33_004, resets: 31_900, prohibited: 3 },
			},
		],
		total: 1,
		slowedBy: [options.text ?? "10.0.3.0/24 loses packets: half the pace there."],
	}));
	for (const method of [scans.pause, scans.resume, scans.cancel]) answer(method, ({ scan }) => scanOf(scan, options));
	answer(scans.stopAll, () => ({ stopped: [1], maps: [], audited: true }));
	return () => scanList;
}
