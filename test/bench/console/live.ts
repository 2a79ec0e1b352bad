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
	readonly keys: LiveKeys;
	/** The same of a program that writes as much and does nothing else: what the terminal and the machine take by themselves. */
	readonly echo: LiveKeys;
	/** How long the console was looked at while the scan ran; milliseconds. */
	readonly scannedMs: number;
}

/** Through a terminal and back; milliseconds. */
export interface LiveKeys {
	/** From a key typed to the program's first byte. */
	readonly byteP50: number;
	readonly byteP95: number;
	/** To the screen showing what it did. */
	readonly screenP50: number;
	readonly screenP95: number;
	/** What the program wrote for a key, the mean. */
	readonly bytes: number;
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
			const echo = await timeEcho(env, keys.bytes);
			return { whileScanning: busy.part, idle: idle.part, scannedMs: busy.ms, keys, echo };
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
async function timeKeys(screen: PtyScreen): Promise<LiveKeys> {
	const shown: number[] = [];
	const begun: number[] = [];
	const before = screen.bytes();
	const isOpen = (lines: string[]) => lines.some((line) => line.includes("Esc closes"));
	for (let n = 0; n < 40; n++) {
		const wanted = n % 2 === 0;
		const from = performance.now();
		const written = screen.output().then(() => begun.push(performance.now() - from));
		screen.type(wanted ? "?" : "\u001b[27u");
		await screen.until((lines) => isOpen(lines) === wanted, wanted ? "help" : "no help");
		shown.push(performance.now() - from);
		await written;
		await pause(50);
	}
	return {
		...{ byteP50: quantile(begun, 0.5), byteP95: quantile(begun, 0.95) },
		...{ screenP50: quantile(shown, 0.5), screenP95: quantile(shown, 0.95) },
		bytes: (screen.bytes() - before) / shown.length,
	};
}

/** Fills the screen with so many bytes for each key, the words that are waited for last. */
const echoProgram = `
const row = "\\r\\n" + "x".repeat(150);
const filler = row.repeat(Number(process.argv[1]) / row.length).slice(0, 48 * row.length);
process.stdin.setRawMode(true);
process.stdin.on("data", (key) =>
	process.stdout.write("\\x1b[2J\\x1b[H" + filler + (String(key) === "?" ? " Esc closes" : "")));
process.stdout.write("ready");
`;

async function timeEcho(env: NodeJS.ProcessEnv, bytes: number): Promise<LiveKeys> {
	const program = [process.execPath, "-e", echoProgram, String(Math.round(bytes))];
	const screen = await openPty(program, { columns: 200, rows: 50, env });
	if (screen === null) throw new Error("node-pty was there a moment ago");
	try {
		await screen.until((lines) => lines.some((line) => line.includes("ready")), "the program that only writes");
		return await timeKeys(screen);
	} finally {
		screen.kill();
		await screen.ended;
	}
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
