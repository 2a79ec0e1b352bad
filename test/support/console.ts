/** Opens the console on a fake daemon in a test terminal, and closes it when the test is over. */
import { onTestFinished } from "vitest";
import type { Method } from "../../protocol/define.ts";
import { createFakeClient, type FakeClient } from "../../tui/connect/fake-client.test-support.ts";
import { sampleNow } from "../../tui/connect/sample-data.test-support.ts";
import { openConsole } from "../../tui/console.tsx";
import type { Rebinding } from "../../tui/keys/rebinding.ts";
import type { Route } from "../../tui/screens/view.ts";
import type { LikingStore } from "../../tui/terminal/appearance.ts";
import { TestTerminal, type TestTerminalSize } from "./terminal.ts";

export interface TestConsole {
	readonly terminal: TestTerminal;
	readonly client: FakeClient;
	/** Resolves when the console has been left. */
	readonly left: Promise<void>;
	/** Types keys one after the other, the last of them shown before it resolves. */
	press(...keys: readonly string[]): Promise<void>;
	/** Presses a key a moment later: a question takes none in the first moment it is there. With `now` move that on instead. */
	answer(key: string): Promise<void>;
	/** What a method was called with last. */
	paramsOf(method: Method): unknown;
	/** Leaves it before the test is over. */
	close(): Promise<void>;
}

const bytes: Readonly<Record<string, string>> = {
	enter: "\r",
	esc: "\u001b[27u",
	tab: "\t",
	down: "\u001b[B",
	up: "\u001b[A",
	left: "\u001b[D",
	right: "\u001b[C",
	"ctrl-c": "\u0003",
	"ctrl-g": "\u0007",
	"ctrl-k": "\u000b",
	"ctrl-l": "\f",
	"ctrl-u": "\u0015",
	"ctrl-t": "\u0014",
	"ctrl-z": "\u001a",
	"shift-tab": "\u001b[Z",
	backspace: "\u007f",
};

export function openTestConsole(options: {
	size?: TestTerminalSize;
	client?: FakeClient;
	screen?: Route;
	/** `local` by itself. */
	daemonLabel?: string;
	readOnly?: boolean;
	now?: () => number;
	env?: Readonly<Record<string, string>>;
	stopProcess?: () => void;
	keys?: Rebinding;
	likings?: LikingStore;
	startDaemon?: () => Promise<void>;
}): TestConsole {
	const terminal = new TestTerminal(options.size ?? { columns: 80, rows: 24 });
	const client = options.client ?? createFakeClient();
	let passedMs = 0;
	const left = openConsole({
		client,
		stdin: terminal.stdin,
		stdout: terminal.stdout,
		daemonLabel: options.daemonLabel ?? "local",
		env: options.env ?? {},
		colourDepth: "truecolor",
		readOnly: options.readOnly ?? false,
		now: options.now ?? (() => sampleNow + passedMs),
		...(options.stopProcess === undefined ? {} : { stopProcess: options.stopProcess }),
		...(options.keys === undefined ? {} : { keys: options.keys }),
		...(options.startDaemon === undefined ? {} : { startDaemon: options.startDaemon }),
		...(options.likings === undefined ? {} : { likings: options.likings }),
		...(options.screen === undefined ? {} : { initialScreen: options.screen }),
	});
	let hasLeft = false;
	const leaves = () => {
		hasLeft = true;
	};
	left.then(leaves, leaves);
	async function close(): Promise<void> {
		if (hasLeft) return left;
		// A shell pane takes every other key for itself.
		terminal.type("\u001d");
		terminal.type("\u0003");
		terminal.type("\u0003");
		await left;
	}
	onTestFinished(close);
	async function press(...keys: readonly string[]): Promise<void> {
		for (const key of keys) terminal.type(bytes[key] ?? key);
		await terminal.settled();
	}
	return {
		...{ terminal, client, left, press, close },
		async answer(key) {
			passedMs += 1_000;
			await press(key);
		},
		paramsOf: ({ name }) => client.calls.findLast((call) => call.name === name)?.params,
	};
}
