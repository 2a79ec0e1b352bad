/** A terminal with a program in it: types like a person, reads the screen like one. Needs node-pty, which needs a compiler. */
import xterm from "@xterm/headless";

const pty = await import("node-pty").catch(() => null);

export const hasPty = pty !== null;

/** A wait that never ends is told with what is on the screen, before the test's own time is over. Milliseconds. */
const patienceMs = 150_000;
/** Longer than a question takes no key, lest one meant for what it covers answer it. Milliseconds. */
const questionMs = 500;

/** Resolves when a question that is on the screen now takes keys. */
export const questionTakesKeys = () => new Promise<void>((resolve) => setTimeout(resolve, questionMs));

/** For `until`: some line holds the text. */
export const shows = (text: string | RegExp) => (lines: readonly string[]) =>
	lines.some((line) => (typeof text === "string" ? line.includes(text) : text.test(line)));

export interface PtyScreen {
	/** Types; each call is one burst. */
	type(keys: string): void;
	/** Resolves with the screen once it satisfies the test; rejects with what is on it when it does not for a long time. */
	until(test: (lines: string[]) => boolean, what: string): Promise<string[]>;
	lines(): string[];
	/** Resolves when the program next writes, before that is on the screen. */
	output(): Promise<void>;
	/** Bytes the program has written so far. */
	bytes(): number;
	resize(columns: number, rows: number): void;
	/** Exit code once the program has ended. */
	readonly ended: Promise<number>;
	/** Resolves when the program has ended with this code; rejects with what is on the screen when it is another. */
	endsWith(code: number): Promise<void>;
	kill(): void;
	readonly pid: number;
}

/** Throws without node-pty. With `bytesPerSecond` the terminal hangs on a line that slow. */
export async function openPty(
	command: readonly string[],
	options: { columns: number; rows: number; env: NodeJS.ProcessEnv; bytesPerSecond?: number },
): Promise<PtyScreen> {
	if (pty === null) throw new Error("node-pty is not there");
	const { columns, rows, bytesPerSecond = Number.POSITIVE_INFINITY } = options;
	const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
	const child = pty.spawn(command[0] ?? "", command.slice(1), {
		cols: columns,
		rows,
		env: options.env as Record<string, string>,
	});
	const waiting = new Set<() => void>();
	const awaited: (() => void)[] = [];
	let bytes = 0;
	child.onData((text) => {
		bytes += Buffer.byteLength(text);
		for (const tell of awaited.splice(0)) tell();
		if (bytesPerSecond < Number.POSITIVE_INFINITY) {
			child.pause();
			setTimeout(() => child.resume(), (Buffer.byteLength(text) / bytesPerSecond) * 1_000);
		}
		terminal.write(text, () => {
			for (const look of [...waiting]) look();
		});
	});
	const lines = () =>
		Array.from(
			{ length: terminal.rows },
			(_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? "",
		);
	const ended = new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
	return {
		type: (keys) => child.write(keys),
		lines,
		bytes: () => bytes,
		output: () => new Promise((resolve) => awaited.push(resolve)),
		resize(width, height) {
			terminal.resize(width, height);
			child.resize(width, height);
		},
		until(test, what) {
			return new Promise((resolve, reject) => {
				const look = () => {
					const now = lines();
					if (!test(now)) return;
					clearTimeout(timer);
					waiting.delete(look);
					resolve(now);
				};
				const timer = setTimeout(() => {
					waiting.delete(look);
					reject(new Error(`waited for ${what}, but the screen shows:\n${lines().join("\n")}`));
				}, patienceMs);
				waiting.add(look);
				look();
			});
		},
		ended,
		async endsWith(code) {
			const found = await ended;
			// What it wrote last is on the screen when the terminal has taken it.
			await new Promise<void>((resolve) => terminal.write("", resolve));
			if (found !== code) throw new Error(`ended with ${found}, and the screen shows:\n${lines().join("\n")}`);
		},
		kill: () => child.kill("SIGKILL"),
		pid: child.pid,
	};
}
