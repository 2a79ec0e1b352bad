/** What the daemon has open: begun in the order it was opened in, closed in reverse. */
import type { Logger } from "pino";

/** A part that lives as long as the daemon does. */
export interface Part {
	/** Lets go of everything; resolves when nothing is under way any more. */
	close(): Promise<void> | void;
	/** Takes up its work, once the first console may have been let in. */
	begin?(): void;
}

export class OpenParts {
	readonly #log: Logger;
	readonly #parts: Part[] = [];

	constructor(log: Logger) {
		this.#log = log;
	}

	/** Holds a part until the daemon closes. Returns it. */
	hold<T extends Part>(part: T): T {
		this.#parts.push(part);
		return part;
	}

	/** For what is no part of its own: only a way to close it. */
	onClose(close: () => Promise<void> | void): void {
		this.#parts.push({ close });
	}

	begin(): void {
		for (const part of this.#parts) part.begin?.();
	}

	/** One part that fails to close does not keep the others open; the log names it. */
	async close(): Promise<void> {
		for (const part of this.#parts.splice(0).reverse()) {
			try {
				await part.close();
			} catch (err) {
				this.#log.error({ err }, "a part of the daemon could not be closed");
			}
		}
	}
}
