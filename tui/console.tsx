/** The console: takes the terminal over, opens the first screen, and gives the terminal back when the user leaves. */
import { hostname } from "node:os";
import { render } from "ink";
import type { Client } from "../protocol/client.ts";
import { AppError } from "../protocol/errors.ts";
import { App } from "./app.tsx";
import type { ChromeSource } from "./components/chrome/chrome.ts";
import type { Link } from "./connect/attach.ts";
import { copyToFile } from "./connect/copied-file.ts";
import { putInForce } from "./keys/in-force.ts";
import { plainKeymap, type Rebinding } from "./keys/rebinding.ts";
import { createPointer } from "./pointer.ts";
import { openView, tabsInForce } from "./screens/index.ts";
import type { Route } from "./screens/view.ts";
import { createDesk, type Desk } from "./state/desk.ts";
import { createAppearance, type LikingStore } from "./terminal/appearance.ts";
import { backgroundOfEnv, backgroundOfReply, backgroundQuery } from "./terminal/background.ts";
import { copySequence } from "./terminal/clipboard.ts";
import { type ColourDepth, detectColourDepth } from "./terminal/colour.ts";
import { createFrameRate } from "./terminal/frame-rate.ts";
import { type TerminalInput, TokenInput } from "./terminal/input.ts";
import { LineWatch } from "./terminal/line-watch.ts";
import { focusLost, readMouse } from "./terminal/mouse.ts";
import type { TerminalOutput } from "./terminal/output.ts";
import { Painter, type PainterFigures } from "./terminal/painter.ts";
import { createPulse } from "./terminal/pulse.ts";
import { PainterContext } from "./terminal/surface.tsx";
import { plural } from "./text/format.ts";

export interface ConsoleOptions {
	/** Connected; it stays the caller's to close. */
	readonly client: Client;
	readonly stdin: TerminalInput;
	readonly stdout: TerminalOutput;
	/** Hides nothing, but refuses everything that changes something. */
	readonly readOnly?: boolean;
	/** What is drawn is read out line by line, as in plain mode. */
	readonly isRead?: boolean;
	readonly initialScreen?: Route;
	/** How the daemon is reached, for the status line: `local`, `ssh web-01`. */
	readonly daemonLabel: string;
	/** The line to a daemon elsewhere, which may need a login to come back. */
	readonly link?: Link;
	/** Starts the daemon here again, when it has stopped. */
	readonly startDaemon?: () => Promise<void>;
	/** Theme, signs and mouse as the user likes them; default: as they come, and forgotten. */
	readonly likings?: LikingStore;
	/** The keys in force; default: those of the keymap. */
	readonly keys?: Rebinding;
	/** Default: read from the environment. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly colourDepth?: ColourDepth;
	/** Stops the process group as the shell's job control would; default: SIGTSTP, where there is one. */
	readonly stopProcess?: () => void;
	/** The clock, Unix milliseconds. */
	readonly now?: () => number;
	/** Whoever drives the console otherwise than by keys is handed its parts, before it is drawn for the first time. */
	readonly onOpen?: (parts: { readonly desk: Desk; readonly painter: Painter }) => void;
	/** For measurements: called once with the painter's running figures. */
	readonly onFigures?: (figures: PainterFigures) => void;
}

/** How long a lone Escape may be the start of a sequence: near, and over SSH where sequences arrive in pieces. */
const escapeMs = { near: 25, far: 100 } as const;
/** Of a console that nobody looks at, ages and clocks move on this often. Milliseconds. */
const blurredMs = 10_000;

/**
 * Resolves when the user has left. The terminal is given back on every way out, also when the process is told to end.
 * Raises `unavailable` for a terminal that cannot place a cursor.
 */
export async function openConsole(options: ConsoleOptions): Promise<void> {
	const env = options.env ?? process.env;
	if (env.TERM === "dumb" || env.TERM === "unknown") {
		throw new AppError("unavailable", `This terminal (TERM=${env.TERM}) cannot show the console.`, {
			hint: "Use the command line (vedette --help), or set TERM to what the terminal is, for example xterm.",
		});
	}
	const now = options.now ?? Date.now;
	putInForce((options.keys ?? plainKeymap).keymap);
	const depth = options.colourDepth ?? detectColourDepth(env);
	const painter = new Painter({ output: options.stdout, depth, background: backgroundOfEnv(env) ?? "dark" });
	const input = new TokenInput(options.stdin, env.SSH_CONNECTION ? escapeMs.far : escapeMs.near);
	const stopProcess = options.stopProcess ?? (process.platform === "win32" ? undefined : stopGroup);
	const line = new LineWatch({
		isFar: Boolean(env.SSH_CONNECTION),
		now: () => performance.now(),
		tell: (sequence) => painter.tell(sequence),
		daemonMs: () => (options.link ? options.client.latencyMs : null),
		written: () => painter.figures.bytes,
		onThrift: (isThrifty) => painter.setThrifty(isThrifty),
	});
	input.on("reply", (reply: string) => {
		if (line.hear(reply)) return;
		const background = backgroundOfReply(reply);
		if (background) painter.setBackground(background);
	});
	input.on("mouse", (sequence: string) => {
		const event = readMouse(sequence);
		if (!event) return;
		painter.act(() => pointer.take(event, painter.screen()));
	});
	input.on("focus", (sequence: string) => {
		isFocused = sequence !== focusLost;
		painter.invalidate();
		pulse.wake();
	});
	let isFocused = true;
	const layoutListeners = new Set<() => void>();
	const relayout = () => {
		painter.layoutComes();
		for (const listener of [...layoutListeners]) listener();
	};
	let isLeft = false;
	let leave: () => void = () => undefined;
	let fail: (err: unknown) => void = () => undefined;
	const left = new Promise<void>((resolve, reject) => {
		leave = () => {
			isLeft = true;
			resolve();
		};
		fail = reject;
	});
	left.catch(() => undefined);
	const rate = createFrameRate(
		() => painter.figures.frames,
		() => performance.now(),
	);
	let tickedAt = 0;
	const pulse = createPulse({
		tick() {
			line.tick();
			desk.presence.tick();
			rate.tick();
			if (!isFocused && performance.now() - tickedAt < blurredMs) return false;
			tickedAt = performance.now();
			const { frames } = painter.figures;
			painter.flush();
			return painter.figures.frames !== frames;
		},
		now,
	});
	const desk = createDesk({
		client: options.client,
		readOnly: options.readOnly ?? false,
		isRead: options.isRead ?? false,
		openView,
		changed() {
			painter.invalidate();
			pulse.wake();
		},
		lineMeasured: () => painter.invalidate(),
		relayout,
		repaint: () => painter.repaint(),
		copy(text) {
			const sequence = copySequence(text);
			if (sequence !== undefined) painter.tell(sequence);
			return sequence !== undefined;
		},
		copyToFile: (text, ending) => copyToFile(env, text, ending, now()),
		isInTmux: Boolean(env.TMUX),
		appearance: createAppearance(painter, options.likings ?? { first: {}, keep: () => undefined }, env),
		isThrifty: () => line.isThrifty,
		turnThrift: () => line.turn(),
		suspend: stopProcess && (() => void suspend(painter, input, () => isLeft, stopProcess)),
		link: options.link && {
			needsLogin: options.link.needsLogin,
			logIn: async () => handedBack(painter, input, () => isLeft, options.link?.logIn),
		},
		startDaemon: options.startDaemon,
		from: placeOfConsole(options.daemonLabel, env),
		setStale: (stale) => painter.setStale(stale),
		setCursor: (position) => painter.setCursor(position),
		quit: leave,
		now,
	});
	input.divert = (text) => {
		const isTaken = desk.takeRaw(text);
		if (isTaken) painter.flush();
		return isTaken;
	};
	let turned = now();
	const turnedAt = () => {
		if (isFocused) turned = now();
		return turned;
	};
	const chrome: ChromeSource = {
		desk,
		painter,
		relayout,
		daemonLabel: options.daemonLabel,
		canStart: options.startDaemon !== undefined,
		tabs: tabsInForce(),
		now,
		turnedAt,
		line,
	};
	const pointer = createPointer(chrome, now);
	options.onFigures?.(painter.figures);
	options.onOpen?.({ desk, painter });

	const giveBack = () => painter.stop();
	process.once("exit", giveBack);
	process.once("uncaughtException", fail);
	process.once("SIGTERM", leave);
	process.once("SIGHUP", leave);
	process.on("SIGWINCH", painter.sizeSignalled);
	// Before the first frame: what is typed at once must be a key, and not be written across the screen by the terminal.
	input.open();
	painter.start();
	desk.open(options.initialScreen ?? { to: "dashboard" });
	if (options.likings && !options.likings.first.toured) desk.tour.start();
	const faults = options.keys?.problems.length ?? 0;
	if (faults > 0)
		desk.tell("bad", `keys.json: ${plural(faults, "thing")} in it cannot be used. See: vedette keys --check keys.json`);
	const ink = render(
		<PainterContext.Provider value={painter}>
			<App
				desk={desk}
				chrome={chrome}
				cost={() => ({
					...{ framesPerSecond: rate.perSecond(), frameMs: painter.figures.lastMs, dropped: painter.figures.dropped },
					...{ bytesPerSecond: line.bytesPerSecond(), terminalMs: line.roundTripMs },
					daemonMs: options.client.latencyMs,
				})}
				act={(what) => painter.act(what)}
				onLayout={(listener) => {
					layoutListeners.add(listener);
					return () => layoutListeners.delete(listener);
				}}
			/>
		</PainterContext.Provider>,
		// The painter and the token input have of the streams' many members those that Ink uses.
		{
			stdout: painter as unknown as NodeJS.WriteStream,
			stdin: input as unknown as NodeJS.ReadStream,
			debug: true,
			interactive: true,
			exitOnCtrlC: false,
			patchConsole: false,
		},
	);
	if (depth === "256" || depth === "truecolor") painter.tell(backgroundQuery);
	try {
		await Promise.race([left, ink.waitUntilExit()]);
	} finally {
		pulse.stop();
		process.off("exit", giveBack);
		process.off("uncaughtException", fail);
		process.off("SIGTERM", leave);
		process.off("SIGHUP", leave);
		process.off("SIGWINCH", painter.sizeSignalled);
		ink.unmount();
		desk.close();
		await painter.rest();
		input.close();
		painter.stop();
	}
}

/** Where somebody sits, as the daemon's other consoles are told; over the network the daemon knows better. */
function placeOfConsole(daemonLabel: string, env: Readonly<Record<string, string | undefined>>): string {
	const [address] = (env.SSH_CONNECTION ?? "").split(" ");
	if (daemonLabel !== "local") return `ssh from ${hostname()}`;
	return address ? `ssh from ${address}` : "local";
}

/** Runs something that asks on the terminal itself; the screen is back afterwards, whatever came of it. */
async function handedBack(
	painter: Painter,
	input: TokenInput,
	isLeft: () => boolean,
	act: (() => Promise<void>) | undefined,
): Promise<void> {
	// Ctrl-C at its question ends the question: the terminal sends it to all of the group.
	const stay = () => undefined;
	process.on("SIGINT", stay);
	input.close();
	await painter.rest();
	painter.stop();
	try {
		await act?.();
	} finally {
		process.off("SIGINT", stay);
		if (!isLeft()) {
			input.open();
			painter.start();
		}
	}
}

/** Everyone who was started with us is stopped, as ctrl-z in a shell does: a parent that waits must not take the keys. */
function stopGroup(): void {
	process.kill(0, "SIGTSTP");
}

/** If no shell has stopped the process after this, none will: the screen is taken back. Milliseconds. */
const notStoppedMs = 200;

/** Gives the terminal to the shell and stops; goes on where it was when the shell says so. */
async function suspend(
	painter: Painter,
	input: TokenInput,
	isLeft: () => boolean,
	stopProcess: () => void,
): Promise<void> {
	const goOn = () => {
		clearTimeout(timer);
		process.off("SIGCONT", goOn);
		input.open();
		painter.start();
	};
	input.close();
	await painter.rest();
	if (isLeft()) return;
	painter.stop();
	process.once("SIGCONT", goOn);
	const timer = setTimeout(goOn, notStoppedMs);
	stopProcess();
}
