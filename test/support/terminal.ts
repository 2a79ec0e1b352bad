/**
 * A terminal for tests: what the console writes goes into @xterm/headless, what is typed comes out as stdin bytes.
 * Waits are for frames, never for time.
 */
import { EventEmitter } from "node:events";
import xterm from "@xterm/headless";
import stringWidth from "string-width";

const { Terminal } = xterm;

/** A wait that never ends is told with what is on the screen, before the test's own time is over. Milliseconds. */
const patienceMs = 25_000;

export interface TestTerminalSize {
	columns: number;
	rows: number;
}

export class TestTerminal {
	readonly stdout: TestOutput;
	readonly stdin = new TestInput();
	private readonly screen: InstanceType<typeof Terminal>;

	/** `isAmbiguousWide`: a terminal of East Asian settings, which gives letters of ambiguous width two columns. */
	constructor(size: TestTerminalSize, isAmbiguousWide = false) {
		this.screen = new Terminal({ cols: size.columns, rows: size.rows, allowProposedApi: true, scrollback: 0 });
		if (isAmbiguousWide) {
			this.screen.unicode.register(eastAsian);
			this.screen.unicode.activeVersion = eastAsian.version;
		}
		this.stdout = new TestOutput(size, this.screen);
	}

	/** Types keys as a terminal would send them; one call is one chunk. */
	type(text: string): void {
		this.stdin.emit("data", text);
	}

	resize(size: TestTerminalSize): void {
		this.screen.resize(size.columns, size.rows);
		this.stdout.columns = size.columns;
		this.stdout.rows = size.rows;
		this.stdout.emit("resize");
	}

	/** The rows of the screen, trailing blanks kept. */
	lines(): string[] {
		const buffer = this.screen.buffer.active;
		return Array.from(
			{ length: this.screen.rows },
			(_, row) => buffer.getLine(row)?.translateToString(false, 0, this.screen.cols) ?? "",
		);
	}

	text(): string {
		return this.lines()
			.map((line) => line.trimEnd())
			.join("\n");
	}

	/** The characters and width of one cell, as the terminal sees it. */
	cell(
		column: number,
		row: number,
	): { text: string; width: number; foreground: number; background: number; isBold: boolean; lines: string } {
		const cell = this.screen.buffer.active.getLine(row)?.getCell(column);
		return {
			text: cell?.getChars() ?? "",
			width: cell?.getWidth() ?? 1,
			foreground: cell && !cell.isFgDefault() ? cell.getFgColor() : -1,
			background: cell && !cell.isBgDefault() ? cell.getBgColor() : -1,
			isBold: (cell?.isBold() ?? 0) !== 0,
			lines: `${cell?.isUnderline() ? "under" : ""}${cell?.isStrikethrough() ? "through" : ""}${cell?.isInverse() ? "inverse" : ""}`,
		};
	}

	/** Resolves when everything written so far is on the screen. */
	async settled(): Promise<void> {
		await new Promise<void>((resolve) => this.screen.write("", resolve));
	}

	/** Resolves with the screen's text once it satisfies the condition; looked at after every write. */
	async waitFor(condition: RegExp | ((text: string) => boolean)): Promise<string> {
		const holds = typeof condition === "function" ? condition : (text: string) => condition.test(text);
		const deadline = AbortSignal.timeout(patienceMs);
		for (;;) {
			await this.settled();
			const text = this.text();
			if (holds(text)) return text;
			if (deadline.aborted) throw new Error(`The screen never showed ${condition}. It shows:\n${text}`);
			await this.stdout.nextWrite(deadline);
		}
	}

	/** True when the console has left the alternate screen. */
	get isRestored(): boolean {
		return this.screen.buffer.active.type === "normal";
	}
}

const eastAsian = {
	version: "east asian",
	wcwidth: (codePoint: number): 0 | 1 | 2 => {
		const width = stringWidth(String.fromCodePoint(codePoint), { ambiguousIsNarrow: false });
		return width > 1 ? 2 : width === 1 ? 1 : 0;
	},
	/** As xterm.js packs it: bit 0 joins what is before, bits 1 and 2 are the width. */
	charProperties(codePoint: number, before: number): number {
		const width = eastAsian.wcwidth(codePoint);
		const isJoining = width === 0 && before !== 0 && ((before >> 1) & 3) > 0;
		return ((isJoining ? (before >> 1) & 3 : width) << 1) | (isJoining ? 1 : 0);
	},
};

/** Passes writes on to the screen and keeps the bytes for those who count them. */
class TestOutput extends EventEmitter {
	readonly isTTY = true;
	columns: number;
	rows: number;
	writableLength = 0;
	/** Everything written since `written` was last cleared. */
	written: string[] = [];
	private readonly screen: InstanceType<typeof Terminal>;

	constructor(size: TestTerminalSize, screen: InstanceType<typeof Terminal>) {
		super();
		this.setMaxListeners(100);
		this.columns = size.columns;
		this.rows = size.rows;
		this.screen = screen;
	}

	write(text: string, done?: () => void): boolean {
		this.written.push(text);
		this.screen.write(text, () => {
			done?.();
			this.emit("written");
		});
		return true;
	}

	async nextWrite(deadline: AbortSignal): Promise<void> {
		await new Promise<void>((resolve) => {
			const done = () => {
				this.off("written", done);
				deadline.removeEventListener("abort", done);
				resolve();
			};
			this.on("written", done);
			deadline.addEventListener("abort", done);
		});
	}
}

class TestInput extends EventEmitter {
	readonly isTTY = true;
	isRaw = false;
	setRawMode(raw: boolean): this {
		this.isRaw = raw;
		return this;
	}
	setEncoding(): void {}
	resume(): void {}
	pause(): void {}
	ref(): void {}
	unref(): void {}
}
