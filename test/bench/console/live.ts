/** The built console in a real terminal on a real daemon: what of a processor it takes while a scan runs, and idle. */
import { readFileSync } from "node:fs";
import * as scans from "../../../protocol/methods/scans.ts";
import { fakeRedis, serve } from "../../support/fake-host.ts";
import { hasPty, openPty, type PtyScreen } from "../../support/pty.ts";
import { Household, program } from "../../support/vedette.ts";
import { quantile } from "../figures.ts";
import { pause } from "./counting-screen.ts";

export interface Live {
	/** Parts of one processor. */
	readonly whileScanning: number;
	readonly idle: number;
	/** From a key typed to the screen showing it, through the terminal and back; milliseconds. */
	readonly keyP50: number;
	readonly keyP95: number;
	/** How long the console was looked at while the scan ran; milliseconds. */
	readonly scannedMs: number;
}

/** Null without node-pty. */
export async function measureLive(seconds: number): Promise<Live | null> {
	if (!hasPty) return null;
	const household = new Household();
	const service = await serve("127.0.93.1", 0, fakeRedis({ password: () => false }));
	try {
		const { client } = await household.daemon();
		const env = { ...household.env, NO_COLOR: undefined, TERM: "xterm-256color" };
		const screen = await openPty([process.execPath, program], { columns: 200, rows: 50, env });
		try {
			await screen.until((lines) => lines.some((line) => line.includes("Dashboard")), "the first frame");
			// What moves at first, ages of seconds and a welcome, has come to rest.
			await pause(seconds < 20 ? 3_000 : 20_000);
			const idle = await loadOf(screen.pid, seconds * 1_000, () => true);
			const { id } = await client.call(scans.start, {
				targets: ["127.0.93.0/24"],
				ports: `1-20000,${service.port}`,
				confirm: true,
			});
			screen.type("2");
			await screen.until((lines) => lines.some((line) => line.includes("running")), "the scan in the list");
			screen.type("\r");
			await screen.until((lines) => lines.some((line) => /LIVE|Live results/.test(line)), "the live view");
			let isRunning = true;
			const watching = (async () => {
				while (isRunning) {
					isRunning = ["queued", "running"].includes((await client.call(scans.get, { scan: id })).status);
					await pause(200);
				}
			})();
			const busy = await loadOf(screen.pid, seconds * 1_000, () => isRunning);
			isRunning = false;
			await watching;
			const keys = await timeKeys(screen);
			return {
				...{ whileScanning: busy.part, idle: idle.part, scannedMs: busy.ms },
				...{ keyP50: quantile(keys, 0.5), keyP95: quantile(keys, 0.95) },
			};
		} finally {
			screen.kill();
			await screen.ended;
		}
	} finally {
		await household.end();
		await service.close();
	}
}

/** Help opens and closes: the screen says which. */
async function timeKeys(screen: PtyScreen): Promise<number[]> {
	const times: number[] = [];
	const isOpen = (lines: string[]) => lines.some((line) => line.includes("Esc closes"));
	for (let n = 0; n < 40; n++) {
		const wanted = n % 2 === 0;
		const from = performance.now();
		screen.type(wanted ? "?" : "\u001b[27u");
		await screen.until((lines) => isOpen(lines) === wanted, wanted ? "help" : "no help");
		times.push(performance.now() - from);
		await pause(50);
	}
	return times;
}

async function loadOf(pid: number, atMostMs: number, goesOn: () => boolean): Promise<{ part: number; ms: number }> {
	const [from, before] = [performance.now(), processorMs(pid)];
	while (performance.now() - from < atMostMs && goesOn()) await pause(100);
	const ms = performance.now() - from;
	return { part: (processorMs(pid) - before) / ms, ms };
}

/** User and system time of a process, milliseconds; the kernel counts in hundredths of a second (proc(5)). */
function processorMs(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	return (Number(fields[11]) + Number(fields[12])) * 10;
}
