/**
 * One measurement of the console in a process of its own, printed as one JSON line; bundled and started by bench.ts.
 * The console is the real one, on canned answers of a daemon.
 */
import * as findings from "../../../protocol/methods/findings.ts";
import * as scans from "../../../protocol/methods/scans.ts";
import { createFakeClient } from "../../../tui/connect/fake-client.test-support.ts";
import { scanOf } from "../../../tui/connect/sample-scans.test-support.ts";
import { openConsole } from "../../../tui/console.tsx";
import { measureChanges } from "./change.tsx";
import { CountingOutput, type KeyTimes, openKeyboard, pause, size, timeKeys } from "./counting-screen.ts";
import { openInkTable } from "./ink-table.tsx";

const updatesMs = 1_000 / 30;
const slowLine = 100_000;
/** A screen that a key opens is there once nothing was written for this long; what the daemon answers is painted 80 ms later, a filter asks after 150. Milliseconds. */
const layoutMs = 20;
/** Into a finding and back, a filter typed and left, another screen, help, a mark, a sort. */
const anything = ["\r", "\u001b[27u", "/", "o", "s", "\u001b[27u", "3", "4", "?", "\u001b[27u", " ", "s", "j"];

export interface Growth {
	/** Of one round. */
	readonly frames: number;
	readonly screens: number;
	/** Megabytes after a collection, before the first round and after each. */
	readonly rounds: readonly { readonly heap: number; readonly rss: number }[];
}

const [what = "", rows = "5000", amount = "1"] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await measured())}\n`);
process.exit(0);

async function measured(): Promise<unknown> {
	switch (what) {
		case "ink-keys": {
			const [keyboard, output] = [openKeyboard(), new CountingOutput()];
			openInkTable(keyboard, output, updatesMs);
			return timeKeys(keyboard, output, moves(200));
		}
		case "keys":
			return ourKeys(new CountingOutput(), moves(200));
		case "pages":
			return ourKeys(
				new CountingOutput(),
				Array.from({ length: 100 }, (_, at) => (at % 20 < 10 ? "\u0006" : "\u0002")),
			);
		case "anything":
			return anyKeys(Array.from({ length: 10 }).flatMap(() => anything));
		case "slow-line":
			return ourKeys(new CountingOutput(slowLine), moves(100));
		case "scroll":
			return scrollBytes(rows === "thrifty");
		case "growth":
			return growth(Number(amount));
		default:
			return measureChanges(what === "ink-changes" ? "ink" : "ours");
	}
}

/** Down and up in turns of sixty, so that the list scrolls too. */
function moves(count: number): string[] {
	return Array.from({ length: count }, (_, at) => (Math.floor(at / 60) % 2 === 0 ? "j" : "k"));
}

async function ourKeys(output: CountingOutput, keys: readonly string[]): Promise<KeyTimes> {
	const keyboard = openKeyboard();
	const client = open(output, keyboard);
	let count = 0;
	const updates = setInterval(() => {
		count++;
		client.push(scans.watch, { kind: "scan", scan: { ...scanOf(7, {}), progress: (count % 100) / 100 } });
		if (count % 30 === 0) client.push(findings.watch, { kind: "changed", total: Number(rows) });
	}, updatesMs);
	const result = await timeKeys(keyboard, output, keys);
	clearInterval(updates);
	return result;
}

/** Nothing comes in while a list with a pane beside it is scrolled, each key at the pace of a held one. */
async function scrollBytes(isThrifty: boolean): Promise<KeyTimes> {
	const [keyboard, output] = [openKeyboard(), new CountingOutput()];
	const now = Date.now();
	open(output, keyboard, () => now, 5_000);
	await pause(1_000);
	if (isThrifty) keyboard.write("\u0005");
	for (let row = 0; row < size.rows; row++) keyboard.write("j");
	return timeKeys(
		keyboard,
		output,
		Array.from({ length: 200 }, () => "j"),
	);
}

/** Nothing comes in meanwhile and the clock stands, so that what is written is what the key did. */
async function anyKeys(keys: readonly string[]): Promise<KeyTimes> {
	const [keyboard, output] = [openKeyboard(), new CountingOutput()];
	const now = Date.now();
	open(output, keyboard, () => now);
	return timeKeys(keyboard, output, keys, layoutMs);
}

function open(
	output: CountingOutput,
	keyboard: ReturnType<typeof openKeyboard>,
	now = Date.now,
	findingCount = Number(rows),
) {
	const client = createFakeClient({ findings: findingCount });
	void openConsole({
		client,
		stdin: keyboard,
		stdout: output,
		daemonLabel: "local",
		initialScreen: { to: "findings" },
		colourDepth: "truecolor",
		env: {},
		now,
	});
	return client;
}

/** Three rounds of ten thousand frames and two thousand changes of screen, or of that part of them: the first brings everything in. */
async function growth(part: number): Promise<Growth> {
	const [output, keyboard] = [new CountingOutput(), openKeyboard()];
	const client = open(output, keyboard);
	const [frames, screens] = [Math.round(10_000 * part), Math.round(2_000 * part)];
	await work(output, keyboard, frames / 10, screens / 10);
	const rounds = [weigh()];
	for (let round = 0; round < 3; round++) {
		await work(output, keyboard, frames, screens);
		// What the daemon that is not there was asked is the measurement's own.
		client.calls.length = 0;
		rounds.push(weigh());
	}
	return { frames, screens, rounds };
}

async function work(
	output: CountingOutput,
	keyboard: ReturnType<typeof openKeyboard>,
	frames: number,
	screens: number,
) {
	for (const key of moves(frames)) await painted(output, () => keyboard.write(key));
	for (let n = 0; n < screens; n++) await painted(output, () => keyboard.write("1234"[n % 4] ?? "1"));
	await painted(output, () => keyboard.write("4"));
}

function painted(output: CountingOutput, act: () => void): Promise<void> {
	return new Promise((resolve) => {
		output.onTaken = () => setImmediate(resolve);
		act();
	});
}

function weigh(): { heap: number; rss: number } {
	const collect = (globalThis as { gc?: () => void }).gc;
	collect?.();
	collect?.();
	const { heapUsed, rss } = process.memoryUsage();
	return { heap: heapUsed / 1e6, rss: rss / 1e6 };
}
