/**
 * Runs the benchmarks and prints each figure as a ratio to a peer measured in the same run. `npm run bench [name…]`
 * picks some; `--smoke` keeps each short. Never a test: machines are noisy, so a slow figure fails nothing.
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
	lag: () => import("./lag/bench.ts"),
	store: () => import("./store/bench.ts"),
	identity: () => import("./identity/bench.ts"),
	console: () => import("./console/bench.ts"),
	attach: () => import("./attach/bench.ts"),
	start: () => import("./start/bench.ts"),
	packets: () => import("./packets/bench.ts"),
	knowledge: () => import("./knowledge/bench.ts"),
	tags: () => import("./tags/bench.ts"),
	duplicates: () => import("./duplicates/bench.ts"),
	rejudge: () => import("./rejudge/bench.ts"),
	exceptions: () => import("./exceptions/bench.ts"),
	exports: () => import("./exports/bench.ts"),
	tickets: () => import("./tickets/bench.ts"),
	imports: () => import("./imports/bench.ts"),
};

const smoke = process.argv.includes("--smoke");
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
	process.stderr.write(`No benchmark ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}.\n`);
	process.exit(2);
}

const lines = Object.fromEntries(
	["top", "bottom", "mid", "left-mid", "mid-mid", "right-mid"].flatMap((part) =>
		part.includes("mid")
			? [[part, ""]]
			: [part, `${part}-mid`, `${part}-left`, `${part}-right`].map((name) => [name, ""]),
	),
);
const table = new Table({
	head: ["what", "ours", "peer", "ratio", "unit", "note"],
	style: { head: [], border: [], "padding-left": 0, "padding-right": 1 },
	chars: { ...lines, left: "", right: "", middle: " " },
});
const failures: string[] = [];
for (const [name, load] of Object.entries(benches)) {
	if (wanted.length > 0 && !wanted.includes(name)) continue;
	if (process.stderr.isTTY) process.stderr.write(`${name} …\n`);
	try {
		const rows = await (await load()).run({ smoke });
		for (const row of rows) table.push([row.name, row.ours, row.peer, row.ratio, row.unit, row.note]);
	} catch (err) {
		failures.push(`${name}: ${err instanceof Error ? (err.stack ?? err.message) : String(err)}`);
		table.push([name, "failed", "", "", "", "see below"]);
	}
}
process.stdout.write(`${table.toString()}\n`);
for (const failure of failures) process.stderr.write(`\n${failure}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
