/** What the lines around the screen say, taken from the desk and the view on top. */
import { hintsInReach, keyOf } from "../../keys/find-binding.ts";
import type { Scope } from "../../keys/keymap.ts";
import type { View } from "../../screens/view.ts";
import type { Desk } from "../../state/desk.ts";
import { isRunning } from "../../state/live.ts";
import { placeOf } from "../../state/place.ts";
import type { Toast } from "../../state/toaster.ts";
import type { LineWatch } from "../../terminal/line-watch.ts";
import type { Painter } from "../../terminal/painter.ts";
import { age, duration, percent, plural, timeOfDay } from "../../text/format.ts";
import { line, type Piece } from "../../theme/line.ts";
import { version } from "../../version.ts";
import { createMemory } from "../frame/memory.ts";
import { alsoHere, company, followPieces, frozenPieces, heldPieces, versionPieces } from "./company.ts";
import { drawCrumbs, drawInput, drawStatus, drawTabs, drawToast, drawTour } from "./draw-chrome.ts";

export interface ChromeSource {
	readonly desk: Desk;
	readonly painter: Painter;
	/** Lays the frame out anew. */
	relayout(): void;
	readonly daemonLabel: string;
	/** The console may start the daemon that has stopped. */
	readonly canStart: boolean;
	/** The screens with a tab, in order. */
	readonly tabs: readonly { readonly id: string; readonly key: string; readonly title: string }[];
	now(): number;
	/** Like `now`, but stands still while nobody looks: what turns by it stands still too. */
	turnedAt(): number;
	readonly line: Pick<LineWatch, "isThrifty" | "roundTripMs" | "bytesPerSecond">;
}

const tabsMemory = createMemory();

export function drawChromeTabs(source: ChromeSource, width: number): readonly string[] {
	const { desk, tabs, now, turnedAt } = source;
	const active = desk.views()[0]?.route.to;
	const turn = Math.floor(turnedAt() / spinnerMs);
	return tabsMemory([width, tabs, active, desk.live.overview(), turn, Math.floor(now() / 1_000)], () => {
		const time = timeOfDay(new Date(now()).toISOString()).slice(0, 5);
		const knowledge = knowledgePieces(source);
		const clock: Piece[] = [[`${time} UTC `, "faint"]];
		const right =
			width < clockWidth && knowledge.length > 0 ? [...knowledge, [" "] as Piece] : [...knowledge, ...clock];
		return [
			drawTabs(
				width,
				tabs.map(({ id, key, title }) => ({ key, title, isActive: id === active })),
				right,
			),
		];
	});
}

/** How old what packages are judged with is, on every screen: what lags is what may be missing something. */
function knowledgePieces({ desk, now, turnedAt }: ChromeSource): Piece[] {
	const feeds = desk.live.overview()?.feeds;
	if (feeds === undefined) return [];
	const words = feeds.freshAt === null ? "no feeds" : `knowledge ${age(feeds.freshAt, now())}`;
	const mark = feeds.updating ? `${spinner(turnedAt())} ` : feeds.isOld ? "! " : "";
	return [[`${mark}${words}`, feeds.updating ? "working" : feeds.isOld ? "warning" : "muted"], ["  "]];
}

/** Below this many columns the time gives way to the age of the knowledge. */
const clockWidth = 100;

const crumbsMemory = createMemory();

export function drawChromeCrumbs(source: ChromeSource, width: number): readonly string[] {
	const views = source.desk.views().filter((view) => !view.isDialog);
	const top = views.at(-1);
	if (!top) return [];
	const all = views.map((view) => view.crumbs());
	const path = all.flatMap((crumbs) => crumbs.path);
	const { chips = [], ...crumbs } = all.at(-1) ?? top.crumbs();
	const place = placeOf(top.route);
	const figures = [...alsoHere(source.desk.presence.alsoAt(place), place), ...(crumbs.figures ?? [])];
	return crumbsMemory([width, ...path, "", ...chips, "", ...figures.flat()], () => [
		drawCrumbs(width, { path, chips, figures }),
	]);
}

/**
 * The input line while something is typed (and the terminal's cursor in it), else the last message: its last line, where it takes
 * several. `above`: so many lines over it have been given to the others. `row`: where it stands.
 */
export function drawChromeMessage(source: ChromeSource, width: number, row: number, above: number): string[] {
	// Messages come and go without a key, and what is being drawn cannot be laid out anew at once.
	if (drawMessageAbove(source, width, row).length !== above) queueMicrotask(source.relayout);
	const message = messageOf(source);
	if (message) return drawToast(width, message).slice(-1);
	const input = source.desk.top().input?.();
	if (!input) return [tourLine(source, width) ?? line(width, [])];
	const { text, column } = drawInput(width, input);
	if (column >= 0) source.painter.setCursor({ x: column, y: row });
	return [text];
}

/**
 * The lines of a message that lie over the screen: of one that does not fit the row `row` all but the last, which stands there;
 * while a dialog is open, which may cover that row, all, or a step of the tour.
 */
export function drawMessageAbove(source: ChromeSource, width: number, row: number): string[] {
	const message = messageOf(source);
	const { isDialog, input } = source.desk.top();
	if (!message) return isDialog && !input?.() ? [tourLine(source, width) ?? []].flat() : [];
	const room = Math.max(0, row - 2);
	const lines = drawToast(width, message);
	return isDialog ? lines.slice(0, room + 1) : lines.slice(0, -1).slice(0, room);
}

function tourLine({ desk }: ChromeSource, width: number): string | undefined {
	const tour = desk.tour.stand();
	return tour && drawTour(width, tour, [keyOf("everywhere", "tour-next"), keyOf("everywhere", "tour-end")]);
}

/** What is typed goes before it; a filter that cannot be read and is not being typed gives way for as long as it lasts. */
function messageOf(source: ChromeSource): Pick<Toast, "kind" | "text"> | undefined {
	if ((source.desk.top().input?.()?.cursor ?? -1) >= 0) return undefined;
	return source.desk.toast() ?? lostNotice(source);
}

export function drawChromeStatus(source: ChromeSource, width: number): string[] {
	const { desk } = source;
	const top = desk.top();
	return [
		drawStatus(width, {
			connection: connectionPieces(source),
			line: linePieces(source, width),
			held: [
				heldPieces(desk.heldKeys.waiting(), source.now()),
				frozenPieces(desk.freeze.since(), desk.freeze.waiting(), source.now()),
				...followPieces(desk.follow.whom()),
				versionPieces(desk.client.hello.version, version),
			].filter((pieces) => pieces.length > 0),
			company: desk.follow.whom() ? [] : company(desk.presence.others(), desk.presence.followers()),
			daemon: daemonWords(desk),
			role: rolePieces(desk),
			scans: scanPieces(source),
			position: top.position?.() ?? "",
			pending: desk.pendingKeys(),
			hints: hintsOf(top, desk),
		}),
	];
}

/** Reconnecting goes on by itself; when it takes long, the user may have to do something. Milliseconds. */
const patienceMs = 4_000;

function lostNotice({ desk, now, daemonLabel, canStart }: ChromeSource): { kind: "bad"; text: string } | undefined {
	const since = desk.lost.since();
	if (since === undefined) return undefined;
	const refused = desk.needsLogin();
	if (refused !== undefined)
		return { kind: "bad", text: `${keyOf("everywhere", "log-in-again")} logs in again. ${refused}` };
	if (desk.client.state === "closed") {
		const why = desk.lost.because() ?? "The daemon has ended the connection for good.";
		return { kind: "bad", text: `${why} Leave with ${keyOf("everywhere", "quit")} twice.` };
	}
	if (now() - since < patienceMs) return undefined;
	const away = daemonLabel === "local" ? " Whoever runs it can start it." : " Where it runs, scans go on.";
	const start = canStart ? ` ${keyOf("everywhere", "log-in-again")} starts it.` : away;
	return { kind: "bad", text: `The daemon does not answer; still trying.${start}` };
}

/** What goes over the line: told where it is slow, or where there is room. */
function linePieces({ line }: ChromeSource, width: number): Piece[] {
	if (!line.isThrifty && width < roomyWidth) return [];
	const terminal = line.roundTripMs === null ? "" : ` ${Math.round(line.roundTripMs)} ms`;
	const rate = `${(line.bytesPerSecond() / 1_000).toFixed(1)} kB/s`;
	return line.isThrifty ? [[`low-bw${terminal} ${rate}`, "warning"]] : [[`screen${terminal} ${rate}`, "faint"]];
}

/** From this many columns on the status line tells what the screen costs. */
const roomyWidth = 150;

function connectionPieces({ desk, daemonLabel, now }: ChromeSource): Piece[] {
	const since = desk.lost.since();
	if (since !== undefined) {
		return [
			["○ ", "bad"],
			[
				desk.client.state === "closed"
					? "connection closed"
					: `stale ${duration((now() - since) / 1_000 + 1)} · reconnecting${triesOf(desk.client)}`,
				"bad",
			],
		];
	}
	const latency = desk.client.latencyMs;
	const figure = latency === null ? "" : ` ${latency < 10 ? latency.toFixed(1) : Math.round(latency)} ms`;
	return [["● ", "good"], [daemonLabel], [figure, latency !== null && latency > 150 ? "warning" : "muted"]];
}

function triesOf({ attempts }: Desk["client"]): string {
	return attempts === 0 ? "" : ` (${attempts})`;
}

/** Which program it is, and what it asks ports with. */
function daemonWords({ client, live }: Desk): string {
	const engine = live.overview()?.engine.name;
	return `vedette ${client.hello.version}${engine === undefined ? "" : ` · ${engine}`}`;
}

function rolePieces(desk: Desk): Piece[] {
	const { access } = desk.client.hello;
	const alone: Piece[] = desk.live.overview()?.singleOperator === true ? [["one operator", "warning"]] : [];
	if (desk.readOnly || access === "read") return [["read-only", "warning"]];
	return access === "admin" ? alone : [[access, "muted"], ...(alone.length > 0 ? [[" "] as Piece, ...alone] : [])];
}

function scanPieces({ desk, turnedAt }: ChromeSource): Piece[] {
	if (desk.lost.since() !== undefined) return [];
	const words = [
		amountOf(desk.live.scans().filter(isRunning), "scan"),
		amountOf(desk.live.maps().filter(isRunning), "map"),
	].filter((text) => text !== "");
	if (words.length === 0) return [];
	return [
		[`${spinner(turnedAt())} `, "working"],
		[words.join(" · "), "working"],
	];
}

/** `scan 62 %`, `2 maps`; empty for none. */
function amountOf(running: readonly { readonly progress: number }[], noun: string): string {
	const [only] = running;
	if (!only) return "";
	return running.length === 1 ? `${noun} ${percent(only.progress)}` : plural(running.length, noun);
}

const spinnerFrames = ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇"] as const;

/** A turn of it. Milliseconds. */
const spinnerMs = 250;

/** Turned by the updates themselves, at most four times a second; nothing turns when nothing happens. */
function spinner(now: number): string {
	return spinnerFrames[Math.floor(now / spinnerMs) % spinnerFrames.length] ?? "⠋";
}

export interface Hint {
	/** As a person reads it. */
	readonly key: string;
	readonly word: string;
	/** As the keymap writes them. */
	readonly keys: string;
	readonly action: string;
}

/** The footer words of the view's keys, help last. What cannot be done now, or not by this console, is left out. */
export function hintsOf(view: View, desk: Desk): Hint[] {
	if ((view.input?.()?.cursor ?? -1) >= 0) return [];
	const scopes: readonly Scope[] = view.isDialog ? view.scopes : [...view.scopes, "everywhere"];
	const hints: Hint[] = [];
	for (const { scope, binding, word, keys, label } of hintsInReach(scopes)) {
		const handler = view.handlers[binding.action];
		if (desk.isRefused(binding)) continue;
		if (scope !== "everywhere" && (!handler || handler.disabled?.())) continue;
		hints.push({ key: label, word: handler?.word?.() ?? word, keys, action: binding.action });
	}
	return hints;
}
