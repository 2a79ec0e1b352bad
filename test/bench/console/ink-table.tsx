/** A table through stock Ink, the cheapest layout it has: the peer for keys. */
import { Box, render, Text, useInput } from "ink";
import { useEffect, useState } from "react";
import { type CountingOutput, type Keyboard, size } from "./counting-screen.ts";

export function openInkTable(keyboard: Keyboard, output: CountingOutput, updatesMs: number): void {
	render(<Table updatesMs={updatesMs} />, {
		stdout: output as unknown as NodeJS.WriteStream,
		stdin: keyboard as unknown as NodeJS.ReadStream,
		interactive: true,
		alternateScreen: true,
		incrementalRendering: true,
		exitOnCtrlC: false,
		patchConsole: false,
	});
}

/** 46 rows of one string each, a cursor, and a figure that changes 30 times a second. */
function Table({ updatesMs }: { readonly updatesMs: number }) {
	const [cursor, setCursor] = useState(0);
	const [tick, setTick] = useState(0);
	useEffect(() => {
		const timer = setInterval(() => setTick((count) => count + 1), updatesMs);
		return () => clearInterval(timer);
	}, [updatesMs]);
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
