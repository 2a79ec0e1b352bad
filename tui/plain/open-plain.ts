/** The console without a picture: for screen readers, terminals that cannot place a cursor, and scripts that type. */
import { EventEmitter } from "node:events";
import { createInterface } from "node:readline";
import { type ConsoleOptions, openConsole } from "../console.tsx";
import { lineOf } from "../pointer.ts";
import type { Desk } from "../state/desk.ts";
import type { TerminalInput } from "../terminal/input.ts";
import type { TerminalOutput } from "../terminal/output.ts";
import type { Painter } from "../terminal/painter.ts";
import { harmless } from "../text/harmless.ts";
import { announcements } from "./announce.ts";
import { countedClient } from "./counted-client.ts";
import { createPlainSession } from "./session.ts";

export interface PlainOptions extends Omit<ConsoleOptions, "stdin" | "stdout"> {
	/** Where lines are typed; it ends when nothing more comes. */
	readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
	/** Writes one line. */
	say(line: string): void;
}

/** Wide enough for every column and most titles. */
const roomy = { columns: 240, rows: 46 } as const;
/** Less has no room for a dialog. */
const least = { columns: 60, rows: 24 } as const;
/** More rows than anybody has read out at once. */
const mostRows = 200;
/** What was asked for has come when nothing has changed for the first, and is not waited for longer than the second. Milliseconds. */
const quiet = { after: 120, most: 6_000 } as const;
/** Words of a screen that waits for the daemon. */
const waiting = /asking …|Asking the daemon/;

/** Resolves when the user has left, or nothing more is typed. */
export async function openPlain({ input, say, ...options }: PlainOptions): Promise<void> {
	const { COLUMNS, LINES } = options.env ?? {};
	const stdout = new UnseenScreen(
		within(COLUMNS, least.columns, roomy.columns) ?? roomy.columns,
		within(LINES, least.rows, mostRows) ?? roomy.rows,
	);
	let parts: { desk: Desk; painter: Painter } | undefined;
	const counted = countedClient(options.client);
	const left = openConsole({
		...options,
		client: counted.client,
		isRead: true,
		...{ stdin: new NoKeys(), stdout, colourDepth: "none" as const, env: { TERM: "unseen" } },
		onOpen: (opened) => {
			parts = opened;
		},
	});
	if (!parts) return left;
	const { desk, painter } = parts;
	const tell = (line: string) => say(harmless(line));
	const screen = () => {
		painter.flush();
		return painter.screen().map(lineOf);
	};
	const settled = () => stdout.quiet(() => counted.pending() === 0 && !screen().some((line) => waiting.test(line)));
	const session = createPlainSession({ desk, screen, settled, say: tell, quit: () => desk.leave() });
	const announce = announcements(desk, tell);
	await session.begin();
	announce();
	stdout.on("frame", announce);
	// Only now: a line that comes before somebody listens is lost.
	const lines = createInterface({ input, terminal: false });
	void left.then(() => lines.close());
	for await (const line of lines) {
		await session.take(line);
		announce();
		if (desk.hasLeft()) break;
	}
	desk.leave();
	await left;
}

/** A size as the environment says it; undefined where it says none. */
function within(text: string | undefined, low: number, high: number): number | undefined {
	return text !== undefined && /^\d{1,6}$/.test(text) ? Math.max(low, Math.min(Number(text), high)) : undefined;
}

/** A terminal that nobody looks at. It takes everything at once. */
class UnseenScreen extends EventEmitter implements TerminalOutput {
	readonly isTTY = true;
	readonly writableLength = 0;
	readonly columns: number;
	readonly rows: number;

	constructor(columns: number, rows: number) {
		super();
		this.columns = columns;
		this.rows = rows;
	}

	write(_text: string, written?: () => void): boolean {
		this.emit("frame");
		if (written) queueMicrotask(written);
		return true;
	}

	/** Resolves when no frame has come for a while and the condition holds; at last in any case. */
	quiet(holds: () => boolean): Promise<void> {
		return new Promise((resolve) => {
			const end = setTimeout(done, quiet.most);
			let timer = setTimeout(look, quiet.after);
			const again = () => {
				clearTimeout(timer);
				timer = setTimeout(look, quiet.after);
			};
			this.on("frame", again);
			function look(): void {
				if (holds()) done();
				else timer = setTimeout(look, quiet.after);
			}
			const stop = () => this.off("frame", again);
			function done(): void {
				clearTimeout(end);
				clearTimeout(timer);
				stop();
				resolve();
			}
		});
	}
}

/** Keys come as lines, not from here. */
class NoKeys extends EventEmitter implements TerminalInput {
	readonly isTTY = true;
	setEncoding(): void {}
	resume(): void {}
	pause(): void {}
}
