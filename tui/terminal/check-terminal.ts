/** Checks on the terminal the user sits at, from its environment and size alone. */
import type { DoctorCheck } from "../../protocol/model/doctor.ts";
import { detectColourDepth } from "./colour.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface TerminalSize {
	readonly columns: number;
	readonly rows: number;
}

/** `size`: null when the output is no terminal. */
export function checkTerminal(env: Environment, size: TerminalSize | null): DoctorCheck[] {
	if (size === null) {
		const found = "The output is no terminal; the console needs one, the command line does not.";
		return [{ id: "terminal", title: "Terminal", state: "ok", found, cure: [] }];
	}
	return [checkKind(env), checkSize(size), checkText(env), checkClipboard(env)];
}

const depths = { none: "no colours", "16": "16 colours", "256": "256 colours", truecolor: "24-bit colours" } as const;

function checkKind(env: Environment): DoctorCheck {
	const base = { id: "terminal", title: "Terminal" };
	const term = env.TERM ?? "";
	if (term === "" || term === "dumb" || term === "unknown") {
		const found = `TERM is "${term}": the console cannot place a cursor.`;
		return { ...base, state: "failed", found, cure: ["Set TERM to what the terminal is: export TERM=xterm-256color"] };
	}
	const why = env.NO_COLOR ? " (NO_COLOR is set)" : "";
	return { ...base, state: "ok", found: `${term}, ${depths[detectColourDepth(env)]}${why}.`, cure: [] };
}

const [leastColumns, leastRows] = [80, 24];

function checkSize({ columns, rows }: TerminalSize): DoctorCheck {
	const base = { id: "terminal-size", title: "Window" };
	const found = `${columns}×${rows}.`;
	if (columns >= leastColumns && rows >= leastRows) return { ...base, state: "ok", found, cure: [] };
	const small = `${found} The console is made for ${leastColumns}×${leastRows} and more.`;
	return { ...base, state: "warning", found: small, cure: ["Make the window larger, or its letters smaller."] };
}

function checkText(env: Environment): DoctorCheck {
	const base = { id: "terminal-text", title: "Text" };
	const [name, value] = (["LC_ALL", "LC_CTYPE", "LANG"] as const)
		.map((key) => [key, env[key] ?? ""] as const)
		.find(([, set]) => set !== "") ?? ["LANG", ""];
	if (/utf-?8/i.test(value)) return { ...base, state: "ok", found: `UTF-8 (${name}=${value}).`, cure: [] };
	const found = value === "" ? "No language is set" : `${name}=${value} does not say UTF-8`;
	const cure = ["export LANG=C.UTF-8", "Over SSH, the server's AcceptEnv must let LANG through."];
	return { ...base, state: "warning", found: `${found}; frames and marks may be drawn wrongly.`, cure };
}

/** Copying goes through OSC 52, which what lies between here and the screen may hold back. */
function checkClipboard(env: Environment): DoctorCheck {
	const base = { id: "clipboard", title: "Clipboard" };
	const far = env.SSH_CONNECTION ? " over SSH" : "";
	if (env.TMUX) {
		const found = `Through tmux${far}, which passes it on only when told to.`;
		return {
			...base,
			state: "warning",
			found,
			cure: ["tmux set -g set-clipboard on", "tmux 3.3 or newer: tmux set -g allow-passthrough on"],
		};
	}
	if (env.STY) {
		const found = `Through screen${far}, which does not pass it on.`;
		return { ...base, state: "warning", found, cure: ["Use tmux, or no multiplexer, where text is to be copied."] };
	}
	return { ...base, state: "ok", found: `By OSC 52${far}; the terminal has to allow it.`, cure: [] };
}
