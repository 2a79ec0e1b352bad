/**
 * What it costs to know who is who: hosts with identifiers of every kind against the same hosts with none, which are told by
 * their address alone. Both take turns, host by host, in the same run.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { type HostEvidence, ingestHost } from "../../../daemon/assess/ingest.ts";
import { type Machine, machineOf, sightingOf } from "../../../daemon/assess/testdata/machines.ts";
import { openStore, type Store } from "../../../daemon/store/store.ts";
import type { BenchOptions, BenchRow } from "../main.ts";
import { benchHost, benchKnowledge, findingsPerHost } from "../store/hosts.ts";

const nobody = { hostname: null, machineId: null, dmiUuid: null, hostId: null, macs: [], sshKeys: [] };

export async function run(options: BenchOptions = { smoke: false }): Promise<BenchRow[]> {
	const hosts = options.smoke ? 150 : 1_500;
	const folder = mkdtempSync(join(tmpdir(), "vedette-bench-"));
	const clock = { now: () => Date.now() };
	const ours = openStore(join(folder, "ours.db"), { clock });
	const plain = openStore(join(folder, "plain.db"), { clock });
	try {
		const fleet = Array.from({ length: hosts }, (_, n) => machineOf(`bench-${n}`));
		const round = (scan: number, moved: number) => ingestBoth(ours, plain, fleet, scan, moved);
		const first = await round(1, 0);
		const again = await round(2, 0);
		const steady = await round(3, 0);
		const moved = await round(4, 7);
		const right = Number(ours.db.prepare("SELECT count(*) AS n FROM asset").get()?.n);
		return [
			rateRow("host seen first", first),
			rateRow("changed evidence", again),
			rateRow("changed evidence, third scan", steady),
			rateRow("all have another's address", moved),
			{
				...{ name: "assets after it", ours: String(right), peer: String(hosts), ratio: (right / hosts).toFixed(2) },
				...{ unit: "assets", note: "peer: machines there are; 1 is right" },
			},
		];
	} finally {
		ours.close();
		plain.close();
		rmSync(folder, { recursive: true });
	}
}

/** Hosts a second of either. */
async function ingestBoth(ours: Store, plain: Store, fleet: readonly Machine[], scan: number, moved: number) {
	const at = Date.now();
	const spent = { ours: 0, plain: 0 };
	for (const [n, machine] of fleet.entries()) {
		const shown = hostOf(machine, (n + moved) % fleet.length, scan, at);
		const blank = hostOf({ ...machine, ...nobody }, n, scan, at);
		const turns = [
			() => (spent.ours += seconds(() => ingestHost(ours, benchKnowledge, shown))),
			() => (spent.plain += seconds(() => ingestHost(plain, benchKnowledge, blank))),
		];
		for (const turn of n % 2 === 0 ? turns : turns.reverse()) turn();
		if (n % 10 === 9) await setImmediate();
	}
	return { ours: fleet.length / spent.ours, plain: fleet.length / spent.plain };
}

/** Ten services with three findings each, and what a login sees; its start is another one in every scan. */
function hostOf(machine: Machine, place: number, scan: number, at: number): HostEvidence {
	const services = benchHost(place, scan, at);
	const { address } = services.coverage;
	const inside = sightingOf({ ...machine, bootedAt: at - scan }, address, { scan, at, login: true, arp: true });
	return {
		...services,
		records: [...services.records, ...inside.records],
		coverage: {
			...services.coverage,
			ports: [...services.coverage.ports, ...inside.coverage.ports],
			hostKinds: inside.coverage.hostKinds,
		},
	};
}

function rateRow(name: string, { ours, plain }: { ours: number; plain: number }): BenchRow {
	return {
		...{ name, ours: ours.toFixed(0), peer: plain.toFixed(0), ratio: (ours / plain).toFixed(2), unit: "hosts/s" },
		note: `${findingsPerHost} findings and 14 records a host; the peer is told by its address alone; more is better`,
	};
}

function seconds(work: () => void): number {
	const start = performance.now();
	work();
	return (performance.now() - start) / 1000;
}
