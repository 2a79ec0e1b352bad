/** All shells: opened through node-pty where it could be built, each its opener's own, ended when nobody looks. */
import { AppError } from "../../protocol/errors.ts";
import type { Shell } from "../../protocol/model/shell.ts";
import { LiveShell } from "./shell.ts";
import { type ShellPlace, shellCommand } from "./shell-command.ts";

export interface ShellWish extends ShellPlace {
	readonly asset: Shell["asset"];
	/** Identity of who opens it. */
	readonly by: string;
	readonly columns: number;
	readonly rows: number;
}

export interface ShellsOptions {
	/** What ssh inherits. */
	readonly env: NodeJS.ProcessEnv;
	now(): number;
	/** Before it is started; what it throws, the opener gets, and nothing is started. */
	onOpening(wish: ShellWish): void;
	onEnded(shell: Shell): void;
}

const mostShells = 16;
/** Unwatched or ended for this long, a shell goes. Milliseconds. */
const aloneMs = 600_000;
const lookEveryMs = 15_000;

export class Shells {
	readonly #options: ShellsOptions;
	readonly #shells = new Map<number, LiveShell>();
	#nextId = 0;
	#timer: NodeJS.Timeout | undefined;

	constructor(options: ShellsOptions) {
		this.#options = options;
	}

	/** Raises `unavailable` without node-pty, `busy` beyond sixteen. */
	async open(wish: ShellWish): Promise<Shell> {
		if (this.#shells.size >= mostShells) {
			throw new AppError("busy", `${mostShells} shells are open.`, { hint: "Close one of them first." });
		}
		const pty = await import("node-pty").catch((cause: unknown) => {
			throw new AppError("unavailable", "Shells need node-pty, which was not built when Vedette was installed.", {
				hint: "Install python3, make and g++, then run: npm rebuild node-pty",
				cause,
			});
		});
		this.#options.onOpening(wish);
		const { asset, address, port, user, by, columns, rows } = wish;
		const [program, args] = shellCommand(wish);
		const child = pty.spawn(program, args, { cols: columns, rows, name: "xterm-256color", env: this.#env() });
		const id = ++this.#nextId;
		const info: Shell = {
			...{ id, asset, address, port, user, by },
			openedAt: new Date(this.#options.now()).toISOString(),
			exit: null,
		};
		const shell = new LiveShell(child, info, (ended) => this.#options.onEnded(ended.info));
		this.#shells.set(id, shell);
		this.#timer ??= setInterval(() => this.#tidy(), lookEveryMs).unref();
		return shell.info;
	}

	/** Those of one user, newest first. */
	list(by: string): Shell[] {
		return [...this.#shells.values()]
			.map(({ info }) => info)
			.filter((info) => info.by === by)
			.reverse();
	}

	/** Raises `not-found` for one that is gone, and for somebody else's. */
	get(id: number, by: string): LiveShell {
		const shell = this.#shells.get(id);
		if (shell?.info.by === by) return shell;
		throw new AppError("not-found", `There is no shell ${id} of yours.`, { hint: "Open one on an asset, with $." });
	}

	close(id: number, by: string): void {
		const shell = this.get(id, by);
		shell.end();
		this.#shells.delete(id);
	}

	/** Ends those of everybody who may have none any more. */
	closeUnless(mayHave: (by: string) => boolean): void {
		for (const [id, shell] of this.#shells) {
			if (mayHave(shell.info.by)) continue;
			shell.end();
			this.#shells.delete(id);
		}
	}

	/** Ends them all; the daemon goes. */
	closeAll(): void {
		clearInterval(this.#timer);
		for (const shell of this.#shells.values()) shell.end();
		this.#shells.clear();
	}

	#tidy(): void {
		for (const [id, shell] of this.#shells) {
			if (shell.aloneSince === undefined || performance.now() - shell.aloneSince < aloneMs) continue;
			shell.end();
			this.#shells.delete(id);
		}
		if (this.#shells.size > 0) return;
		clearInterval(this.#timer);
		this.#timer = undefined;
	}

	/** Nothing of ours goes along: a token or a key file's name is none of the far side's business. */
	#env(): Record<string, string> {
		const own = Object.entries(this.#options.env).filter(
			(entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith("VEDETTE_"),
		);
		return { ...Object.fromEntries(own), TERM: "xterm-256color" };
	}
}
