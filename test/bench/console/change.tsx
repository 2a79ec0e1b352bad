/** One picture that changes in four ways, shown by our painter or by stock Ink: what each writes for a change. */
import { Box, render, Text } from "ink";
import { type ReactElement, useEffect, useReducer } from "react";
import { Painter } from "../../../tui/terminal/painter.ts";
import { PainterContext, Surface } from "../../../tui/terminal/surface.tsx";
import { CountingOutput, openKeyboard, pause, size } from "./counting-screen.ts";

const changes = ["cell", "bars", "scroll", "cursor"] as const;
type Change = (typeof changes)[number];
export type ChangeBytes = Readonly<Record<Change, number>>;

const tableRows = size.rows - 2;
const barRows = 10;
const eighths = [..." ▏▎▍▌▋▊▉"];
const changeCount = 100;

/** What is shown: how far the list has scrolled, a figure in one cell, how full the bars are, which row has the cursor; no row at first. */
const shown = { top: 0, figure: 0, fill: 0, cursor: -1 };

function rowText(index: number): string {
	const at = index + shown.top;
	const bar = at < barRows ? barOf((shown.fill + at * 7) % 100) : " ".repeat(20);
	const figure = at === 20 ? String(shown.figure % 10) : " ";
	const text = `\u001b[38;2;255;92;138m◆U5\u001b[39m  ${String(at).padStart(6)} OpenSSH - Terrapin prefix truncation  \u001b[38;2;159;201;243mweb-${at}.corp.example\u001b[39m  ${figure} ${bar} ${"confirmed  22/tcp  active  ".repeat(2)}`;
	return index === shown.cursor ? `\u001b[7m${text}\u001b[27m` : text;
}

function statusText(): string {
	return `local │ ${shown.cursor + 1}/${tableRows}`;
}

function barOf(percent: number): string {
	const cells = (percent / 100) * 20;
	const full = Math.floor(cells);
	return `${"█".repeat(full)}${full < 20 ? (eighths[Math.floor((cells - full) * 8)] ?? " ") : ""}`.padEnd(20);
}

function act(change: Change): void {
	if (change === "cell") shown.figure++;
	else if (change === "scroll") shown.top++;
	else if (change === "cursor") shown.cursor = (shown.cursor + 1) % tableRows;
	else shown.fill++;
}

/** Bytes a change writes to a 200×50 terminal, the mean of a hundred. */
export async function measureChanges(by: "ours" | "ink"): Promise<ChangeBytes> {
	const output = new CountingOutput();
	const screen = by === "ours" ? openOurs(output) : openInk(output);
	await pause(500);
	const bytes = { cell: 0, scroll: 0, bars: 0, cursor: 0 };
	for (const change of changes) {
		const before = output.bytes;
		for (let n = 0; n < changeCount; n++) {
			act(change);
			screen.paint();
			await pause(5);
		}
		bytes[change] = (output.bytes - before) / changeCount;
	}
	screen.close();
	return bytes;
}

interface OpenScreen {
	paint(): void;
	close(): void;
}

function openOurs(output: CountingOutput): OpenScreen {
	const painter = new Painter({ output, depth: "truecolor" });
	painter.start();
	const draw = (width: number, height: number) =>
		Array.from({ length: height }, (_, row) => rowText(row)).map((text) => padded(text, width));
	const ink = render(
		<PainterContext.Provider value={painter}>
			<Box flexDirection="column" width={size.columns} height={size.rows}>
				<Text>vedette 1 Dashboard 2 Scans 3 Assets 4 Findings</Text>
				<Surface width={size.columns} height={tableRows} draw={draw} />
				<Surface width={size.columns} height={1} draw={(width) => [padded(statusText(), width)]} />
			</Box>
		</PainterContext.Provider>,
		{ ...inkOptions(painter as unknown as NodeJS.WriteStream), debug: true },
	);
	return { paint: () => painter.flush(), close: () => ink.unmount() };
}

function openInk(output: CountingOutput): OpenScreen {
	const painting: { now?: () => void } = {};
	const ink = render(<InkTable painting={painting} />, {
		...inkOptions(output as unknown as NodeJS.WriteStream),
		...{ alternateScreen: true, incrementalRendering: true, maxFps: 1_000 },
	});
	return { paint: () => painting.now?.(), close: () => ink.unmount() };
}

function inkOptions(stdout: NodeJS.WriteStream) {
	const stdin = openKeyboard() as unknown as NodeJS.ReadStream;
	return { stdout, stdin, interactive: true, exitOnCtrlC: false, patchConsole: false };
}

function InkTable({ painting }: { readonly painting: { now?: () => void } }): ReactElement {
	const [, paint] = useReducer((count: number) => count + 1, 0);
	useEffect(() => {
		painting.now = paint;
	}, [painting]);
	return (
		<Box flexDirection="column" width={size.columns} height={size.rows}>
			<Text>vedette 1 Dashboard 2 Scans 3 Assets 4 Findings</Text>
			{Array.from({ length: tableRows }, (_, row) => `row-${row}`).map((id, row) => (
				<Text key={id} wrap="truncate">
					{rowText(row)}
				</Text>
			))}
			<Text>{statusText()}</Text>
		</Box>
	);
}

function padded(text: string, width: number): string {
	const bare = text.replace(/\u001b\[[\d;]*m/g, "").length;
	return text + " ".repeat(Math.max(0, width - bare));
}
