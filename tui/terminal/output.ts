/** The terminal as a place to write: the modes the console needs, and how they are taken and given back. */
import { writeSync } from "node:fs";
import { mouseOff } from "./mouse.ts";

/** What the painter needs of a terminal; `process.stdout` is one. */
export interface TerminalOutput {
	readonly columns?: number;
	readonly rows?: number;
	/** Bytes not yet taken by the terminal. */
	readonly writableLength?: number;
	readonly fd?: number;
	write(text: string, written?: () => void): boolean;
	on(event: "resize", listener: () => void): unknown;
	off(event: "resize", listener: () => void): unknown;
}

/**
 * Alternate screen, no cursor, no automatic wrap (a full last column must not scroll), bracketed paste, focus told. The wheel
 * comes as arrow keys also without a mouse mode (1007); some terminals do that by themselves, so what it was is put back.
 */
export const enterSequence =
	"\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[?2004h\u001b[?1004h\u001b[?1007s\u001b[?1007h\u001b[m\u001b[2J";
const leaveSequence = `\u001b[?2026l\u001b[r\u001b[m${mouseOff}\u001b[?1007r\u001b[?1004l\u001b[?2004l\u001b[?7h\u001b[?25h\u001b[?1049l`;

/** A slow line must not stop the process: Node makes terminals blocking, and nothing public undoes it. */
export function unblock(output: TerminalOutput): void {
	const handle = (output as { _handle?: { setBlocking?(blocking: boolean): void } })._handle;
	handle?.setBlocking?.(false);
}

/** A line that is full for longer is taken for gone. Milliseconds. */
const fullMs = 1_000;
/** Nothing is ever told here: waiting for it is a pause. */
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Gives the terminal back by a synchronous write, as an asynchronous one would be lost when the process exits. */
export function writeLast(output: TerminalOutput): void {
	if (typeof output.fd !== "number") {
		output.write(leaveSequence);
		return;
	}
	const until = performance.now() + fullMs;
	for (let left: Buffer = Buffer.from(leaveSequence); left.length > 0; ) {
		try {
			left = left.subarray(writeSync(output.fd, left));
		} catch (err) {
			// The terminal is gone, and there is nobody left to tell; a line that is full takes more in a moment.
			if ((err as NodeJS.ErrnoException).code !== "EAGAIN" || performance.now() > until) return;
			Atomics.wait(pause, 0, 0, 10);
		}
	}
}
