/**
 * The stdin Ink reads: it yields one token per `read()`, so glued keys stay apart and split sequences stay whole.
 * What is not a key or a paste is emitted as `mouse`, `focus` or `reply` and never reaches Ink.
 */
import { EventEmitter } from "node:events";
import { cutTokens, type Token } from "./tokens.ts";

/** What is needed of a terminal to read from; `process.stdin` is one. */
export interface TerminalInput {
	readonly isTTY?: boolean;
	setRawMode?(raw: boolean): unknown;
	setEncoding(encoding: "utf8"): unknown;
	on(event: "data", listener: (chunk: string) => void): unknown;
	off(event: "data", listener: (chunk: string) => void): unknown;
	resume(): unknown;
	pause(): unknown;
	ref?(): unknown;
	unref?(): unknown;
}

/** Kitty's spelling of Escape: Ink takes it at once, without waiting for more of a sequence. */
const decidedEscape = "\u001b[27u";

export class TokenInput extends EventEmitter {
	readonly isTTY = true;
	private readonly source: TerminalInput;
	private readonly escapeMs: number;
	private readonly queue: string[] = [];
	/** Takes a key or paste as the terminal sent it, instead of Ink; true when it was used. */
	divert: ((text: string) => boolean) | undefined;
	private rest = "";
	private timer: NodeJS.Timeout | undefined;

	/** `escapeMs`: how long a lone Escape may be the start of something; longer over SSH, where sequences arrive split. */
	constructor(source: TerminalInput, escapeMs: number) {
		super();
		this.setMaxListeners(50);
		this.source = source;
		this.escapeMs = escapeMs;
		// Keys that came before anybody listened are still there to be read.
		this.on("newListener", (event) => {
			if (event === "readable") setImmediate(() => this.queue.length > 0 && this.emit("readable"));
		});
	}

	open(): void {
		this.source.setEncoding("utf8");
		this.source.setRawMode?.(true);
		this.source.on("data", this.received);
		this.source.resume();
		this.source.ref?.();
	}

	close(): void {
		clearTimeout(this.timer);
		this.source.off("data", this.received);
		this.source.setRawMode?.(false);
		this.source.pause();
		this.source.unref?.();
	}

	read(): string | null {
		return this.queue.shift() ?? null;
	}

	// Ink asks for these; opening and closing decide instead.
	setEncoding(): void {}
	setRawMode(): this {
		return this;
	}
	ref(): void {}
	unref(): void {}
	resume(): this {
		return this;
	}
	pause(): this {
		return this;
	}

	private readonly received = (chunk: string): void => {
		if (this.rest === "" && /^[ -~]$/.test(chunk)) {
			this.pass({ kind: "key", text: chunk });
			return;
		}
		clearTimeout(this.timer);
		const cut = cutTokens(this.rest + chunk);
		this.rest = cut.rest;
		for (const token of cut.tokens) this.pass(token);
		if (this.rest !== "" && !this.rest.startsWith("\u001b[200~")) this.wait();
	};

	private wait(): void {
		const isLone = this.rest === "\u001b";
		this.timer = setTimeout(() => this.decide(), isLone ? this.escapeMs : this.escapeMs * 4);
	}

	/** Nothing more came: a lone Escape is the key, anything longer is a sequence that lost its end and is dropped. */
	private decide(): void {
		const isLone = this.rest === "\u001b";
		this.rest = "";
		if (isLone) this.pass({ kind: "key", text: "\u001b" });
	}

	private pass(token: Token): void {
		if (token.kind !== "key" && token.kind !== "paste") {
			this.emit(token.kind, token.text);
			return;
		}
		const text = token.kind === "key" ? token.text : `\u001b[200~${token.text}\u001b[201~`;
		if (this.divert?.(text)) return;
		this.give(text === "\u001b" ? decidedEscape : text);
	}

	private give(text: string): void {
		this.queue.push(text);
		this.emit("readable");
	}
}
