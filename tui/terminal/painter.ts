/**
 * Stands between Ink and the terminal. Ink hands over whole frames (its `debug` contract), dense regions are drawn by
 * surfaces; the painter lays the surfaces over the frame and writes what differs, once per frame, never blocking.
 */
import { EventEmitter } from "node:events";
import type { LetterWidth } from "../text/letters.ts";
import { setAmbiguousWide } from "../text/width.ts";
import { blankRow, type Row, readRow, trimCells } from "./cells.ts";
import { type Background, type ColourDepth, type Rendering, renderingOf } from "./colour.ts";
import { type DiffPart, encodeDiff } from "./diff.ts";
import {
	type Draw,
	type Layer,
	layOver,
	overlayLevel,
	partsAt,
	refresh,
	type Surface,
	type SurfacePlace,
	sameLayer,
} from "./layers.ts";
import { createLineRate, type LineRate, rowsInTurn } from "./line-rate.ts";
import { mouseOff, mouseOn } from "./mouse.ts";
import { enterSequence, type TerminalOutput, unblock, writeLast } from "./output.ts";

export interface PainterOptions {
	readonly output: TerminalOutput;
	readonly depth: ColourDepth;
	/** Default: dark. */
	readonly background?: Background;
	/** Default: narrow. */
	readonly letters?: LetterWidth;
	/** Data may repaint this often, keys at once. Milliseconds. */
	readonly dataIntervalMs?: number;
	/** Default: measured. */
	readonly rate?: LineRate;
}

export interface PainterFigures {
	frames: number;
	dropped: number;
	bytes: number;
	/** Milliseconds the last frame took. */
	lastMs: number;
}

/** How often data repaint over a slow line: five times a second. Milliseconds. */
const thriftyIntervalMs = 200;
/** A terminal that has not taken a frame by then is not waited for. Milliseconds. */
const restMs = 5_000;

/** Looks like a terminal to Ink: give it as `stdout` together with `debug: true`. */
export class Painter extends EventEmitter {
	readonly isTTY = true;
	readonly figures: PainterFigures = { frames: 0, dropped: 0, bytes: 0, lastMs: 0 };
	private readonly output: TerminalOutput;
	private depth: ColourDepth;
	private isThrifty = false;
	private readonly fullDepth: ColourDepth;
	private rendering: Rendering;
	private seenBackground: Background;
	/** What the user wants whatever the terminal says; undefined: as it says. */
	private paper: { readonly background: Background | undefined; readonly isStrong: boolean };
	private letters: LetterWidth;
	private hasMouse = false;
	private dataIntervalMs: number;
	private readonly fullIntervalMs: number;
	private readonly surfaces = new Map<string, Surface>();
	private base: { text: string; rows: Row[] } = { text: "", rows: [] };
	/** Surfaces by level, the lowest first; undefined: they have come, gone or moved since. */
	private ordered: readonly Surface[] | undefined;
	/** What the terminal shows; undefined: unknown, everything must be written. */
	private shown: Row[] | undefined;
	/** What it is to show: the same, unless the last frame went out in part. */
	private wanted: Row[] = [];
	private readonly rate: LineRate;
	/** The row that the next part begins with. */
	private nextRow = 0;
	/** What each row was last made of. */
	private layers: Layer[] = [];
	private cursor: { x: number; y: number } | undefined;
	private shownCursor = "";
	private started = false;
	/** The screen is about to be given back. */
	private isResting = false;
	private stale = false;
	private scheduled = false;
	private waiting = false;
	private dataTimer: NodeJS.Timeout | undefined;
	/** What goes on now is painted at its end anyway. */
	private isActing = false;
	/** Ink will hand over a frame because of what goes on now. */
	private isLayoutComing = false;
	private lastFrameAt = 0;

	/** False where the terminal has none, or NO_COLOR takes them away; the line's speed is no reason. */
	get hasColours(): boolean {
		return this.fullDepth !== "none";
	}

	constructor(options: PainterOptions) {
		super();
		this.setMaxListeners(50);
		this.output = options.output;
		this.depth = options.depth;
		this.fullDepth = options.depth;
		this.seenBackground = options.background ?? "dark";
		this.paper = { background: undefined, isStrong: false };
		this.letters = options.letters ?? "narrow";
		this.rendering = this.wantedRendering();
		this.fullIntervalMs = options.dataIntervalMs ?? 80;
		this.dataIntervalMs = this.fullIntervalMs;
		this.rate = options.rate ?? createLineRate();
	}

	get columns(): number {
		return Math.max(1, this.output.columns ?? 80);
	}

	get rows(): number {
		return Math.max(1, this.output.rows ?? 24);
	}

	/** Takes the screen over, for the first time or again after `stop`; the size may be another one. */
	start(): void {
		unblock(this.output);
		this.started = true;
		this.output.on("resize", this.resized);
		this.isResting = false;
		this.tell(enterSequence + (this.hasMouse ? mouseOn : ""));
		this.shownCursor = "";
		if (this.base.text !== "") this.resized();
	}

	/** Clicks and the wheel come as mouse events, or stay the terminal's own. */
	setMouse(isOn: boolean): void {
		if (isOn === this.hasMouse) return;
		this.hasMouse = isOn;
		this.tell(isOn ? mouseOn : mouseOff);
	}

	/** Says something to the terminal beside the picture: a question, or the clipboard. */
	tell(sequence: string): void {
		if (this.started) this.output.write(sequence, this.written);
	}

	/**
	 * Before `stop`: paints no more, and resolves once the terminal has taken what was written, or has not for long. What is
	 * left of a frame would come after the sequences that give the screen back.
	 */
	async rest(): Promise<void> {
		this.isResting = true;
		if ((this.output.writableLength ?? 0) === 0) return;
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, restMs);
			this.output.write("", () => {
				clearTimeout(timer);
				resolve();
			});
		});
	}

	/** Gives the screen back, synchronously: it also works while the process is exiting. */
	stop(): void {
		if (!this.started) return;
		this.started = false;
		clearTimeout(this.dataTimer);
		this.dataTimer = undefined;
		this.output.off("resize", this.resized);
		writeLast(this.output);
	}

	/** Ink's frames come in here. Control sequences without text (cursor, modes) are the painter's own business. */
	write(frame: string): boolean {
		if (!/^(\u001b\[[?>=]?[\d;]*[a-z])+$/i.test(frame)) {
			if (frame !== this.base.text) {
				this.base = { text: frame, rows: [] };
				this.ordered = undefined;
			}
			this.soon();
		}
		return true;
	}

	setSurface(id: string, place: SurfacePlace, draw: Draw): void {
		const known = this.surfaces.get(id);
		const same = known && known.place.width === place.width && known.place.height === place.height;
		const { strings, rows, read } = same ? known : { strings: [], rows: [], read: new Map<string, Row>() };
		this.surfaces.set(id, { place, draw, strings, rows, read });
		this.ordered = undefined;
		this.soon();
	}

	removeSurface(id: string): void {
		if (!this.surfaces.delete(id)) return;
		this.ordered = undefined;
		this.soon();
	}

	/** Where the real cursor stands in the frame being drawn, for text fields and input methods; hidden unless a surface says. */
	setCursor(position: { x: number; y: number }): void {
		this.cursor = position;
	}

	/** What the panes show may be out of date: they are drawn back until it is not. Lines of one row keep their looks. */
	setStale(stale: boolean): void {
		this.stale = stale;
		this.invalidate();
	}

	/** The terminal is light or dark after all: colours are chosen anew. */
	setBackground(background: Background): void {
		this.seenBackground = background;
		this.renderAnew();
	}

	/** Colours for this paper and no other, or again for what the terminal is; strong ones stand out more on light paper. */
	setPaper(background: Background | undefined, isStrong: boolean): void {
		this.paper = { background, isStrong };
		this.renderAnew();
	}

	/** Signs beyond ASCII as the terminal can draw them. */
	setLetters(letters: LetterWidth): void {
		this.letters = letters;
		setAmbiguousWide(letters === "wide");
		this.forgetRows();
		if (this.started) this.repaint();
	}

	private renderAnew(): void {
		const rendering = this.wantedRendering();
		if (rendering === this.rendering) return;
		this.rendering = rendering;
		if (this.started) this.repaint();
	}

	private wantedRendering(): Rendering {
		return renderingOf(this.depth, this.background, this.paper.isStrong);
	}

	/**
	 * Over a slow line: data repaint less often, colours are those that take fewest bytes, and what lies under a dialog stays as
	 * it is. Keys are as quick as ever.
	 */
	setThrifty(isThrifty: boolean): void {
		this.isThrifty = isThrifty;
		this.dataIntervalMs = isThrifty ? Math.max(thriftyIntervalMs, this.fullIntervalMs) : this.fullIntervalMs;
		this.depth = isThrifty && this.fullDepth !== "none" ? "16" : this.fullDepth;
		this.renderAnew();
	}

	get background(): Background {
		return this.paper.background ?? this.seenBackground;
	}

	/** Something a surface shows has changed: paint within the data interval. */
	invalidate(): void {
		if (this.isActing || this.dataTimer || !this.started) return;
		const wait = Math.max(0, this.lastFrameAt + this.dataIntervalMs - performance.now());
		this.dataTimer = setTimeout(() => {
			this.dataTimer = undefined;
			this.flush();
		}, wait);
		this.dataTimer.unref();
	}

	/** Does what a key or the mouse asks for, and paints at once: where that changes the layout, with the frame it leads to. */
	act(what: () => void): void {
		this.isActing = true;
		this.isLayoutComing = false;
		try {
			what();
		} finally {
			this.isActing = false;
		}
		if (this.isLayoutComing) this.invalidate();
		else this.flush();
	}

	/** Ink has been told to lay out anew. Half of what a key does, painted before that, would be a second write for nothing. */
	layoutComes(): void {
		this.isLayoutComing = true;
	}

	/** Paints after the present turn, so that a frame and its surfaces are shown together. */
	soon(): void {
		if (this.scheduled) return;
		this.scheduled = true;
		queueMicrotask(() => {
			this.scheduled = false;
			this.flush();
		});
	}

	/** What the terminal shows once the last frame is there. */
	screen(): readonly Row[] {
		return this.shown ? this.wanted : [];
	}

	/** Forgets what the terminal shows and writes all of it again. */
	repaint(): void {
		this.shown = undefined;
		this.flush();
	}

	/** Paints now, in one write; while the terminal has not taken the last frame, this one waits and newer ones replace it. */
	flush(): void {
		if (!this.started || this.isResting) return;
		if ((this.output.writableLength ?? 0) > 0) {
			if (this.waiting) this.figures.dropped++;
			this.waiting = true;
			return;
		}
		if (this.dataTimer) {
			clearTimeout(this.dataTimer);
			this.dataTimer = undefined;
		}
		this.lastFrameAt = performance.now();
		if (trimCells()) this.forgetRows();
		this.cursor = undefined;
		const wanted = this.compose();
		const clear = this.shown === undefined ? "\u001b[m\u001b[2J" : "";
		const shown = this.shown ?? wanted.map(() => blankRow(this.columns));
		const part = this.partOf(wanted);
		const body = clear + encodeDiff(shown, wanted, this.rendering, this.letters, part);
		this.shown = shown;
		this.wanted = wanted;
		const left = part?.order.find((row) => shown[row] !== wanted[row]);
		if (left !== undefined) {
			this.nextRow = left;
			this.waiting = true;
		}
		this.send(body, this.cursorSequence(body !== ""));
		this.figures.lastMs = performance.now() - this.lastFrameAt;
	}

	/** Undefined: a frame goes out whole. */
	private partOf(wanted: readonly Row[]): DiffPart | undefined {
		const most = this.rate.mostAtOnce;
		if (most === Number.POSITIVE_INFINITY) return undefined;
		const fresh = [...wanted.keys()].filter((row) => wanted[row] !== this.wanted[row]);
		return { most, order: rowsInTurn(wanted.length, fresh, this.nextRow) };
	}

	private readonly written = (): void => {
		if (!this.waiting) return;
		this.waiting = false;
		this.flush();
	};

	/** The size changed, perhaps to another and back before anybody could look: what the terminal shows has suffered either way. */
	readonly sizeSignalled = (): void => {
		this.shown = undefined;
		this.soon();
	};

	private readonly resized = (): void => {
		this.shown = undefined;
		this.base = { text: "", rows: [] };
		this.emit("resize");
		this.soon();
	};

	private send(body: string, cursor: string): void {
		if (body === "" && cursor === "") return;
		const frame = body + cursor;
		const whole = frame.length > 40 ? `\u001b[?2026h${frame}\u001b[?2026l` : frame;
		this.figures.frames++;
		const bytes = Buffer.byteLength(whole);
		this.figures.bytes += bytes;
		const from = performance.now();
		this.output.write(whole, () => {
			this.rate.took(bytes, performance.now() - from);
			this.written();
		});
	}

	private cursorSequence(moved: boolean): string {
		const wanted = this.cursor ? `\u001b[${this.cursor.y + 1};${this.cursor.x + 1}H\u001b[?25h` : "\u001b[?25l";
		if (wanted === this.shownCursor && !(moved && this.cursor)) return "";
		this.shownCursor = wanted;
		return wanted;
	}

	/** A row made of the same pieces as in the last frame is the same object, which tells the diff to skip it. */
	private compose(): Row[] {
		const { columns, rows, layers: before } = this;
		const base = this.baseRows(columns, rows);
		const touched = new Uint8Array(rows);
		if (this.ordered === undefined) touched.fill(1);
		this.ordered ??= [...this.surfaces.values()].sort((one, other) => one.place.level - other.place.level);
		const isUnderDialog = !this.isThrifty && (this.ordered.at(-1)?.place.level ?? 0) >= overlayLevel;
		if (before[0]?.isUnderDialog !== isUnderDialog || before[0].isStale !== this.stale) touched.fill(1);
		for (const surface of this.ordered) refresh(surface, touched);
		const layers: Layer[] = [];
		const screen: Row[] = [];
		for (let y = 0; y < rows; y++) {
			const known = before[y];
			const drawn = this.shown && this.wanted[y];
			const layer: Layer =
				known && touched[y] === 0
					? known
					: {
							row: base[y] ?? blankRow(columns),
							parts: partsAt(this.ordered, y),
							isUnderDialog,
							isStale: this.stale,
						};
			layers.push(layer);
			screen.push(drawn && known && (known === layer || sameLayer(known, layer)) ? drawn : layOver(layer));
		}
		this.layers = layers;
		return screen;
	}

	private baseRows(columns: number, rows: number): Row[] {
		if (this.base.rows.length !== rows || this.base.rows[0]?.length !== columns) {
			const lines = this.base.text.split("\n");
			this.base.rows = Array.from({ length: rows }, (_, index) => readRow(lines[index] ?? "", columns));
			this.ordered = undefined;
		}
		return this.base.rows;
	}

	private forgetRows(): void {
		this.shown = undefined;
		this.layers = [];
		this.base.rows = [];
		for (const surface of this.surfaces.values()) {
			surface.strings = [];
			surface.rows = [];
			surface.read.clear();
		}
	}
}
