/**
 * Runs the benchmarks and prints each figure as a ratio to a peer measured in the same run. `npm run bench [name…]`
 * picks some; `--smoke` keeps each short. Never a test: machines are noisy.
 */
import Table from "cli-table3";

/** One printed figure. `ratio` is ours to the peer's; whether small or large is good stands in `note`. */
export interface BenchRow {
	readonly name: string;
	readonly ours: string;
	readonly peer: string;
	readonly ratio: string;
	readonly unit: string;
	readonly note: string;
}
export interface BenchOptions {
	readonly smoke: boolean;
}

const benches: Record<string, () => Promise<{ run(options: BenchOptions): Promise<readonly BenchRow[]> }>> = {
	ports: () => import("./ports/bench.ts"),
	services: () => import("./services/bench.ts"),
	store: () => import("./store/bench.ts"),
	console: () => import("./console/bench.ts"),
	start: () => import("./start/bench.ts"),
};

const smoke = process.argv.includes("--smoke");
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const table = new Table({ head: ["what", "ours", "peer", "ratio", "unit", "note"] });
let failed = 0;
for (const [name, load] of Object.entries(benches)) {
	if (wanted.length > 0 && !wanted.includes(name)) continue;
	try {
		const rows = await (await load()).run({ smoke });
		for (const row of rows) table.push([row.name, row.ours, row.peer, row.ratio, row.unit, row.note]);
	} catch (err) {
		failed++;
		table.push([name, "failed", "", "", "", err instanceof Error ? err.message.split("\n")[0] : String(err)]);
	}
}
process.stdout.write(`${table.toString()}\n`);
process.exitCode = failed > 0 ? 1 : 0;
