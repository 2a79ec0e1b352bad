/**
 * Measures key to paint, and bytes, of one console in this process: `ours` is the real console on canned answers, `ink`
 * a table of the same size through stock Ink. Prints one JSON line. Bundled and started by bench.ts.
 */
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { Box, render, Text, useInput } from "ink";
import { useEffect, useState } from "react";
import * as findings from "../../../protocol/methods/findings.ts";
import * as scans from "../../../protocol/methods/scans.ts";
import { createFakeClient } from "../../../tui/connect/fake-client.test-support.ts";
import { scanOf } from "../../../tui/connect/sample-data.test-support.ts";
import { openConsole } from "../../../tui/console.tsx";

const size = { columns: 200, rows: 50 };
const keyCount = 200;
const updatesMs = 1_000 / 30;

/** A terminal that takes everything at once and remembers when and how much. */
class CountingOutput extends EventEmitter {
	readonly isTTY = true;
	readonly columns = size.columns;
	readonly rows = size.rows;
	readonly writableLength = 0;
	bytes = 0;
	writes = 0;
	onWrite: (() => void) | undefined;
	write(text: string, done?: () => void): boolean {
		this.bytes += Buffer.byteLength(text);
		this.writes++;
		this.onWrite?.();
		if (done) queueMicrotask(done);
		return true;
	}
}

export interface Measured {
	readonly p50: number;
	readonly p95: number;
	readonly bytesPerKey: number;
}

const input = Object.assign(new PassThrough(), {
	isTTY: true,
	setRawMode: () => input,
	ref: () => input,
	unref: () => input,
});
const output = new CountingOutput();
const measured = process.argv[2] === "ink" ? await measureInk() : await measureOurs();
process.stdout.write(`${JSON.stringify(measured)}\n`);
process.exit(0);

async function measureOurs(): Promise<Measured> {
	const client = createFakeClient({ findings: 5_000 });
	void openConsole({
		client,
		stdin: input,
		stdout: output,
		daemonLabel: "local",
		initialScreen: { to: "findings" },
		colourDepth: "truecolor",
	});
	let count = 0;
	const updates = setInterval(() => {
		count++;
		client.push(scans.watch, { kind: "scan", scan: { ...scanOf(7, {}), progress: (count % 100) / 100 } });
		if (count % 30 === 0) client.push(findings.watch, { kind: "changed", total: 5_000 });
	}, updatesMs);
	const result = await pressKeys();
	clearInterval(updates);
	return result;
}

async function measureInk(): Promise<Measured> {
	render(<Table />, {
		stdout: output as unknown as NodeJS.WriteStream,
		stdin: input as unknown as NodeJS.ReadStream,
		interactive: true,
		alternateScreen: true,
		incrementalRendering: true,
		exitOnCtrlC: false,
		patchConsole: false,
	});
	return pressKeys();
}

/** 46 rows of one string each, the cheapest layout in Ink, a cursor, and a figure that changes 30 times a second. */
function Table() {
	const [cursor, setCursor] = useState(0);
	const [tick, setTick] = useState(0);
	useEffect(() => {
		const timer = setInterval(() => setTick((count) => count + 1), updatesMs);
		return () => clearInterval(timer);
	}, []);
	useInput((key) => {
		if (key === "j" || key === "k") setCursor((now) => now + (key === "j" ? 1 : -1));
	});
	return (
		<Box flexDirection="column" width={size.columns} height={size.rows}>
			<Text wrap="truncate">vedette 1 Dashboard 2 Scans 3 Assets 4 Findings</Text>
			{Array.from({ length: 46 }, (_, row) => `row-${row}`).map((id, row) => (
				<Text key={id} wrap="truncate" inverse={row === cursor}>
					{`\u001b[38;2;255;92;138m◆U5\u001b[39m  ${id} OpenSSH - Terrapin prefix truncation  \u001b[38;2;159;201;243mweb-${row}.corp.example\u001b[39m  ${"confirmed  22/tcp  active  ".repeat(4)}`}
				</Text>
			))}
			<Text wrap="truncate">{`local │ ${cursor + 1}/46 │ scan ${tick % 100} %`}</Text>
		</Box>
	);
}

/** Presses `j` and `k`, twenty of each in turn, at uneven times; the time from the key's arrival to the end of the write that shows it. */
async function pressKeys(): Promise<Measured> {
	await pause(1_500);
	const times: number[] = [];
	const before = output.bytes;
	for (let key = 0; key < keyCount; key++) {
		await pause(23 + ((key * 17) % 31));
		const from = performance.now();
		const painted = new Promise<void>((resolve) => {
			output.onWrite = resolve;
		});
		input.write(Math.floor(key / 20) % 2 === 0 ? "j" : "k");
		await painted;
		times.push(performance.now() - from);
		output.onWrite = undefined;
	}
	times.sort((one, other) => one - other);
	const at = (part: number) => times[Math.floor(times.length * part)] ?? 0;
	return { p50: at(0.5), p95: at(0.95), bytesPerKey: (output.bytes - before) / keyCount };
}

function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
