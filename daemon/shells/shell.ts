/** One shell: a pseudo terminal with ssh in it, the last of what it printed, and whoever looks at it. */
import type { IPty } from "node-pty";
import type { Shell } from "../../protocol/model/shell.ts";

export type ShellEvent = { kind: "output"; text: string; position: number } | { kind: "ended"; shell: Shell };

/** Kept for a console that comes back. Characters. */
const replayed = 262_144;
/** ssh is not read while so much is on its way to a console, and again when most of it has been shown. Characters. */
const onTheWay = { most: 524_288, again: 131_072 } as const;
/** Output that comes at once is sent at once; a flood in bunches. Milliseconds. */
const bunchMs = 12;

export class LiveShell {
	readonly #pty: IPty;
	readonly #listeners = new Set<(event: ShellEvent) => void>();
	readonly #onEnd: (shell: LiveShell) => void;
	#info: Shell;
	#kept: string[] = [];
	#keptLength = 0;
	#position = 0;
	#heard = 0;
	#paused = false;
	#waiting = "";
	#timer: NodeJS.Timeout | undefined;
	/** Steady milliseconds since when nobody looks; undefined while somebody does. */
	aloneSince: number | undefined;

	constructor(pty: IPty, info: Shell, onEnd: (shell: LiveShell) => void) {
		this.#pty = pty;
		this.#info = info;
		this.#onEnd = onEnd;
		this.aloneSince = performance.now();
		pty.onData((text) => this.#printed(text));
		pty.onExit(({ exitCode, signal }) => {
			this.#flush();
			clearTimeout(this.#timer);
			this.#info = { ...this.#info, exit: { code: exitCode, signal: signal || null } };
			this.#tell({ kind: "ended", shell: this.#info });
			this.#onEnd(this);
		});
	}

	get info(): Shell {
		return this.#info;
	}

	get pid(): number {
		return this.#pty.pid;
	}

	/** Begins to listen; what was printed before is in `replay`, up to and including `position`. */
	follow(listener: (event: ShellEvent) => void): { replay: string; position: number; close(): void } {
		this.#flush();
		this.#listeners.add(listener);
		this.aloneSince = undefined;
		// A new console has shown all of the replay or nothing: what an older one still owed does not hold ssh up.
		this.#heard = this.#position;
		this.#letGoOn();
		return {
			replay: this.#kept.join(""),
			position: this.#position,
			close: () => {
				this.#listeners.delete(listener);
				if (this.#listeners.size > 0) return;
				this.aloneSince = performance.now();
				// With nobody to wait for, the program there must not stand still.
				this.#heard = this.#position;
				this.#letGoOn();
			},
		};
	}

	write(text: string): void {
		if (this.#info.exit === null) this.#pty.write(text);
	}

	resize(columns: number, rows: number): void {
		if (this.#info.exit === null) this.#pty.resize(columns, rows);
	}

	heard(position: number): void {
		this.#heard = Math.max(this.#heard, Math.min(position, this.#position));
		this.#letGoOn();
	}

	/** As when a terminal is closed. */
	end(): void {
		if (this.#info.exit === null) this.#pty.kill("SIGHUP");
	}

	#printed(text: string): void {
		this.#waiting += text;
		if (this.#timer !== undefined) return;
		this.#flush();
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			this.#flush();
		}, bunchMs);
	}

	#flush(): void {
		const text = this.#waiting;
		if (text === "") return;
		this.#waiting = "";
		this.#position += text.length;
		this.#keep(text);
		if (this.#listeners.size === 0) {
			this.#heard = this.#position;
			return;
		}
		this.#tell({ kind: "output", text, position: this.#position });
		if (!this.#paused && this.#position - this.#heard > onTheWay.most) {
			this.#paused = true;
			this.#pty.pause();
		}
	}

	#letGoOn(): void {
		if (!this.#paused || this.#position - this.#heard > onTheWay.again) return;
		this.#paused = false;
		this.#pty.resume();
	}

	#keep(text: string): void {
		this.#kept.push(text);
		this.#keptLength += text.length;
		while (this.#keptLength > replayed) {
			const first = this.#kept[0] ?? "";
			const excess = this.#keptLength - replayed;
			// At the start of a line: half a sequence would be shown as text.
			const cut = first.length <= excess ? first.length : first.indexOf("\n", excess) + 1 || first.length;
			if (cut === first.length) this.#kept.shift();
			else this.#kept[0] = first.slice(cut);
			this.#keptLength -= cut;
		}
	}

	#tell(event: ShellEvent): void {
		for (const listener of [...this.#listeners]) listener(event);
	}
}
