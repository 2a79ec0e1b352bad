/** A shell on an asset: ssh in a terminal of the daemon's, drawn here. Every key goes there until the one that leaves the pane. */
import xterm from "@xterm/headless";
import { close, follow, heard, resize, write } from "../../../protocol/methods/shells.ts";
import type { Shell } from "../../../protocol/model/shell.ts";
import { drawDocument } from "../../components/reader/document.ts";
import { createTerminalRows } from "../../components/shell/terminal-rows.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { bindingsOf } from "../../keys/in-force.ts";
import { Surface } from "../../terminal/surface.tsx";
import { line } from "../../theme/line.ts";
import { type Handler, handle, type Screen } from "../view.ts";
import { partsOf, splitRows, splitStepped, typedInPane } from "./model.ts";

/** Lines that have scrolled off are kept here to be looked at. */
const scrollback = 2_000;
/** The daemon is told what was drawn at most so often. Characters. */
const heardEvery = 65_536;

export const shell: Screen<"shell"> = {
	id: "shell",
	title: "Shell",
	open(route, context) {
		const { client } = context;
		const id = route.shell;
		let info: Shell | undefined;
		let problem: string | undefined;
		let isTyping = true;
		let isSplit = false;
		let told = 0;
		let size = { columns: 80, rows: 20 };
		const terminal = new xterm.Terminal({
			...{ cols: size.columns, rows: size.rows, scrollback, allowProposedApi: true, logLevel: "off" },
		});
		const rows = createTerminalRows(terminal);
		/** All parts at once: what is called in an order on one connection is done in it. */
		const send = (text: string) =>
			Promise.all(partsOf(text).map((part) => client.call(write, { shell: id, text: part }))).catch(context.fail);
		/** What is shown once more asks what it has asked before: nobody waits for those answers. */
		let isReplaying = false;
		// A program there may ask the terminal what it is; that answer is not ours to give up.
		terminal.onData((text) => {
			if (info?.exit === null && !isReplaying) void send(text);
		});
		const shown = (position: number) => () => {
			context.changed();
			if (position - told < heardEvery) return;
			told = position;
			client.call(heard, { shell: id, position }).catch(() => undefined);
		};
		const subscription = client.subscribe(
			follow,
			{ shell: id },
			{
				onSnapshot(snapshot) {
					info = snapshot.shell;
					told = snapshot.position;
					terminal.reset();
					isReplaying = true;
					terminal.write(snapshot.replay, () => {
						isReplaying = false;
						shown(snapshot.position)();
					});
					tellSize();
				},
				onEvent(event) {
					if (event.kind === "output") terminal.write(event.text, shown(event.position));
					else {
						info = event.shell;
						isTyping = false;
						context.relayout();
					}
				},
				onError(error) {
					problem = error.message;
					isTyping = false;
					context.changed();
				},
			},
		);
		subscription.ready.catch(() => undefined);

		function tellSize(): void {
			if (info?.exit === null) client.call(resize, { shell: id, ...size }).catch(() => undefined);
		}

		let paneRows = 0;
		const moveSplit = (by: 1 | -1): Handler => ({
			run: () => context.setDetails(splitStepped(context.details(), by, paneRows)),
			disabled: () => (isSplit ? whileTyping() : `The shell is alone; ${keyOf("shell", "split")} splits the pane.`),
		});

		function takeSize(columns: number, height: number): void {
			const wanted = { columns: Math.max(20, columns), rows: Math.max(4, height) };
			if (wanted.columns === size.columns && wanted.rows === size.rows) return;
			size = wanted;
			terminal.resize(wanted.columns, wanted.rows);
			tellSize();
		}

		function draw(width: number, height: number, origin: { x: number; y: number }): string[] {
			const split = isSplit ? splitRows(height, context.details()) : { beside: 0, shell: height };
			paneRows = height;
			const above = isSplit
				? [...besideRows(width, split.beside), line(width, [["─".repeat(width), isTyping ? "borderFocus" : "border"]])]
				: [];
			takeSize(width, split.shell);
			if (problem !== undefined) return [...above, line(width, [[problem, "bad"]])];
			const buffer = terminal.buffer.active;
			if (isTyping && buffer.cursorY < split.shell) {
				context.setCursor({
					x: origin.x + Math.min(buffer.cursorX, width - 1),
					y: origin.y + above.length + buffer.cursorY,
				});
			}
			return [...above, ...rows.draw().slice(0, split.shell)];
		}

		function besideRows(width: number, height: number): string[] {
			const text = drawDocument([{ kind: "text", text: route.beside.join("\n") }], width).slice(0, height);
			return Array.from({ length: height }, (_, row) => text[row] ?? line(width, []));
		}

		/** The hint line tells only what a key would do. */
		const whileTyping = () =>
			isTyping && !over() ? `The shell has the keys; ${keyOf("shell", "leave-pane")} takes them back.` : undefined;
		const over = () => problem !== undefined || (info !== undefined && info.exit !== null);
		return {
			route,
			scopes: ["shell"],
			handlers: handle<"shell">({
				type: {
					run() {
						isTyping = true;
						context.relayout();
					},
					disabled: () => (over() ? `The shell has ended. ${keyOf("everywhere", "back")} goes back.` : whileTyping()),
				},
				"leave-pane": {
					run: leavePane,
					disabled: () => (isTyping ? undefined : "The console has the keys already."),
				},
				"more-details": moveSplit(1),
				"less-details": moveSplit(-1),
				split: {
					run() {
						isSplit = !isSplit;
						context.changed();
					},
					disabled: () => (route.beside.length === 0 ? "There is nothing to stand beside it." : whileTyping()),
				},
				older: { run: () => scroll(-size.rows + 1), disabled: whileTyping },
				newer: { run: () => scroll(size.rows - 1), disabled: whileTyping },
				end: {
					run() {
						client.call(close, { shell: id }).then(() => context.close(), context.fail);
					},
					disabled: whileTyping,
				},
			}),
			crumbs: () => ({ path: [info === undefined ? "Shell" : placeOf(info)], figures: [stateOf()] }),
			Body: ({ columns, rows: height }) => <Surface width={columns} height={height} draw={draw} />,
			takeRaw(text) {
				if (!isTyping || over()) return false;
				const typed = typedInPane(text, terminal.modes, leaveKeys());
				if (typed === null) leavePane();
				else if (typed !== "") {
					terminal.scrollToBottom();
					void send(typed);
				}
				return true;
			},
			close() {
				subscription.close();
				terminal.dispose();
			},
		};

		function leavePane(): void {
			isTyping = false;
			context.relayout();
		}

		function scroll(lines: number): void {
			terminal.scrollLines(lines);
			context.changed();
		}

		function stateOf(): readonly [string, "bad" | "muted" | "good"] {
			if (problem !== undefined) return ["gone", "bad"];
			if (info?.exit) {
				const told = `ended with ${info.exit.code} · ${keyOf("everywhere", "back")} goes back`;
				return [told, info.exit.code === 0 ? "muted" : "bad"];
			}
			return isTyping ? [`${keyOf("shell", "leave-pane")} leaves the pane`, "good"] : ["not typing", "muted"];
		}
	},
};

function leaveKeys(): readonly string[] {
	return bindingsOf("shell").find(({ action }) => action === "leave-pane")?.keys ?? [];
}

function placeOf({ asset, address, port, user }: Shell): string {
	return `${user === null ? "" : `${user}@`}${asset.name} (${address}${port === 22 ? "" : `:${port}`})`;
}
