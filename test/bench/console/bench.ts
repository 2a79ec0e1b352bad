/**
 * The console at 200×50 under 30 updates a second: key to paint, bytes a change, growth, a slow line, and what it takes of a
 * processor; keys and bytes against stock Ink with incremental rendering in the same run. Times depend on the machine and
 * its load; the ratio is what counts.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { ratio } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";
import type { ChangeBytes } from "./change.tsx";
import type { KeyTimes } from "./counting-screen.ts";
import { measureLive } from "./live.ts";
import type { Growth } from "./measure.tsx";

const runFile = promisify(execFile);
/** What a change may write, bytes. */
const changes = [
	["cell", "one cell", 60],
	["scroll", "a list scrolled by one", 600],
	["bars", "ten bars", 300],
] as const;

export async function run({ smoke }: BenchOptions): Promise<BenchRow[]> {
	const folder = await mkdtemp(join(tmpdir(), "vedette-bench-"));
	try {
		await bundle(folder);
		const measure = async <Result>(...args: string[]) => {
			const env = { ...process.env, NODE_ENV: "production", FORCE_COLOR: "3", CI: "" };
			const flags = ["--expose-gc", "--max-semi-space-size=16"];
			const { stdout } = await runFile(process.execPath, [...flags, join(folder, "measure.mjs"), ...args], { env });
			return JSON.parse(stdout) as Result;
		};
		const ink = await measure<KeyTimes>("ink-keys");
		const ours = await measure<KeyTimes>("keys");
		const few = await measure<KeyTimes>("pages", "1000");
		const many = await measure<KeyTimes>("pages", "100000");
		const anything = await measure<KeyTimes>("anything");
		const slow = await measure<KeyTimes>("slow-line");
		const scrolls = await measure<KeyTimes>("scroll");
		const leaps = await measure<KeyTimes>("scroll", "thrifty");
		const [inkBytes, ourBytes] = [await measure<ChangeBytes>("ink-changes"), await measure<ChangeBytes>("changes")];
		const growth = await measure<Growth>("growth", "5000", smoke ? "0.1" : "1");
		const live = await measureLive(smoke ? 5 : 20);
		const note = "200×50, 30 updates/s; peer: Ink, incrementalRendering; smaller is better";
		const most = (name: string, value: number, limit: number, unit: string, more: string): BenchRow => ({
			...{ name, ours: short(value), peer: `${limit}`, ratio: ratio(value, limit), unit },
			note: `${more}; peer is the limit, goal <= 1`,
		});
		return [
			rowOf("console: key to paint, median", ours.p50, ink.p50, "ms", `${note}; goal < 1 ms`),
			rowOf("console: key to paint, 95 %", ours.p95, ink.p95, "ms", `${note}; goal < 5 ms`),
			rowOf(
				"console: bytes a key, a cursor that moves",
				...([ourBytes.cursor, inkBytes.cursor, "bytes"] as const),
				`the same 48 rows; the whole console, its pane of details and 30 updates/s: ${Math.round(ours.bytesPerKey)}`,
			),
			most("console: any key to paint, 95 %", anything.p95, 16, "ms", "open, back, filter, screens, help, mark, sort"),
			rowOf(
				"console: a page of 100,000 rows",
				...([many.p50, few.p50, "ms", "page keys to paint, median; peer: of 1,000 rows; goal 1"] as const),
			),
			...changes.map(([change, name, limit]) =>
				rowOf(
					`console: bytes a frame, ${name}`,
					...([ourBytes[change], inkBytes[change], "bytes"] as const),
					`peer: Ink, incrementalRendering; goals < ${limit} bytes and <= 0.2`,
				),
			),
			rowOf(
				"console: bytes a key, scrolling beside a pane over a slow line",
				...([leaps.bytesPerKey, scrolls.bytesPerKey, "bytes"] as const),
				"half a window at once, sixteen colours; peer: row by row, as over a fast one",
			),
			most(
				"console: a key over 100 kB/s, to the end of what is first written after it, 95 %",
				...([slow.p95, 50, "ms", `30 updates/s; the longest ${short(slow.max)}`] as const),
			),
			...growthRows(growth),
			...(live === null
				? []
				: [
						most(
							"console: of a processor while a scan runs",
							live.whileScanning * 100,
							5,
							"%",
							`${short(live.scannedMs / 1_000)} s`,
						),
						most(
							"console: of a processor, idle",
							live.idle * 100,
							1,
							"%",
							"it looks at the clock once a minute and asks the daemon for a sign of life every 5 s",
						),
						most(
							"console: key to a real terminal showing it, 95 %",
							live.keys.screenP95,
							16,
							"ms",
							`help opens and closes; median ${short(live.keys.screenP50)}`,
						),
						rowOf(
							"console: of that, to the first byte from the program, 95 %",
							...([live.keys.byteP95, live.echo.byteP95, "ms"] as const),
							`medians ${short(live.keys.byteP50)}; ${short(live.echo.byteP50)}; peer: a program that writes as much and does nothing else`,
						),
						rowOf(
							"console: key to a real terminal, median",
							...([live.keys.screenP50, live.echo.screenP50, "ms"] as const),
							`${Math.round(live.keys.bytes)} bytes; peer: that program, 95 % ${short(live.echo.screenP95)}: what terminal and machine take`,
						),
					]),
		];
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** What a program takes in as it warms up is no growth: the second and third rounds are to stay where the first has led. */
function growthRows({ frames, screens, rounds }: Growth): BenchRow[] {
	const [, first, , last] = rounds;
	if (first === undefined || last === undefined) return [];
	return (["heap", "rss"] as const).map((what) =>
		rowOf(
			`console: ${what === "rss" ? "RSS" : what} after three rounds of ${frames.toLocaleString("en")} frames, ${screens.toLocaleString("en")} screens`,
			...([last[what], first[what], "MB"] as const),
			`peer: after one; goal 1; from the start ${rounds.map((round) => short(round[what])).join(" -> ")}`,
		),
	);
}

async function bundle(folder: string): Promise<void> {
	const built = await rolldown({
		input: join(import.meta.dirname, "measure.tsx"),
		platform: "node",
		external: ["react-devtools-core"],
		transform: { define: { "process.env.NODE_ENV": '"production"' } },
	});
	await built.write({ dir: folder, format: "esm", entryFileNames: "measure.mjs" });
	await built.close();
}

function rowOf(name: string, ours: number, peer: number, unit: string, note: string): BenchRow {
	return { name, ours: short(ours), peer: short(peer), ratio: ratio(ours, peer), unit, note };
}

function short(value: number): string {
	return value < 100 ? value.toFixed(2) : String(Math.round(value));
}
