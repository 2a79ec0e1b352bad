/** The commands that take something, and the actions of a place as commands by their name. */

import { keyLabel } from "../keys/find-binding.ts";
import type { Action, Route } from "../screens/view.ts";
import type { Appearance } from "../terminal/appearance.ts";
import { type LetterWidth, letterWidths } from "../text/letters.ts";
import { type ThemeName, themeNames } from "../theme/themes.ts";
import type { Command } from "./commands.ts";
import { themeWords } from "./desk-words.ts";

export interface CommandParts {
	open(route: Route): void;
	/** As a tab is opened: what is on screen is left. */
	goTo(route: Route): void;
	say(text: string): void;
	/** The form that takes in another scanner's file, over the assets. */
	importFile(): void;
	quit(): void;
	/** Shows what the console costs, or no longer. */
	toggleCost(): void;
	/** Begins the tour, or goes on with it where it stood. */
	tour(): void;
	readonly appearance: Appearance;
	/** Why nothing may be changed here; undefined when it may. */
	readOnly(): string | undefined;
}

/** Those with arguments first; an action of the same name is behind them. */
export function typedCommands(parts: CommandParts, actions: readonly Action[]): Command[] {
	// A place may take in files of its own kind.
	const isTaken = actions.some(({ binding }) => binding.action === "import");
	const open = places(parts).filter(({ name }) => name !== "import" || !isTaken);
	const own = [...open, ...things(parts, actions), ...comforts(parts)];
	const taken = new Set(own.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
	const named = actions.flatMap(({ binding, reason, run }): Command[] => {
		const { action, description, keys } = binding;
		if (taken.has(action)) return [];
		taken.add(action);
		return [{ name: action, about: description, key: keyLabel(keys[0] ?? ""), reason, run }];
	});
	return [...own, ...named];
}

/** Of a dialog only what is its own. */
export function dialogCommands(actions: readonly Action[]): Command[] {
	return actions
		.filter(({ scope }) => scope !== "everywhere")
		.map(({ binding, reason, run }) => ({ name: binding.action, about: binding.description, reason, run }));
}

function places({ goTo, open, readOnly, importFile }: CommandParts): Command[] {
	const lists = [
		["assets", "Assets, those of a query"],
		["findings", "Findings, those of a query"],
		["tickets", "Tickets, those of a query"],
		["duplicates", "Assets that may be one machine"],
		["audit", "The audit log, narrowed"],
	] as const;
	return [
		{
			...{ name: "scan", takes: "TARGETS", about: "A new scan of them, once its cost is seen", reason: readOnly },
			run: (rest) => open(rest === "" ? { to: "new-scan" } : { to: "new-scan", targets: rest }),
		},
		{
			...{ name: "import", about: "Take in another scanner's file: nmap's XML, Nessus", reason: readOnly },
			run: importFile,
		},
		...lists.map(
			([name, about]): Command => ({
				...{ name, about, takes: "QUERY" },
				...(name === "assets" || name === "findings" || name === "duplicates" ? { query: name } : {}),
				run: (rest) => goTo(rest === "" ? { to: name } : { to: name, filter: rest }),
			}),
		),
	];
}

/** Without a number they are the action of that name, on what is open or under the cursor. */
function things({ open }: CommandParts, actions: readonly Action[]): Command[] {
	const numbered = (name: string, about: string, route: (id: number) => Route): Command => {
		const here = actions.find(({ binding }) => binding.action === name);
		return {
			...{ name, about, takes: "NUMBER" },
			fault(rest) {
				if (rest === "" && here) return here.reason();
				return /^#?\d{1,15}$/.test(rest) ? undefined : `${name} takes a number, such as ${name} 12.`;
			},
			run(rest) {
				if (rest === "" && here) here.run();
				else open(route(Number(rest.replace("#", ""))));
			},
		};
	};
	return [
		numbered("asset", "The asset of that number", (asset) => ({ to: "asset", asset })),
		numbered("finding", "The finding of that number", (finding) => ({ to: "finding", finding })),
		numbered("why", "Why a finding is there", (finding) => ({ to: "why", finding })),
		numbered("ticket", "The ticket of that number", (ticket) => ({ to: "ticket", ticket })),
		numbered("request", "The request of that number", (request) => ({ to: "request", request })),
		numbered("watch", "The scan of that number, live", (scan) => ({ to: "scan", scan })),
	];
}

function comforts({ appearance, say, quit, toggleCost, tour }: CommandParts): Command[] {
	return [
		{
			...{ name: "theme", takes: "NAME", values: themeNames, about: "Another theme" },
			run(rest) {
				if (rest === "") appearance.nextTheme();
				else appearance.setTheme(rest as ThemeName);
				say(themeWords(appearance));
			},
		},
		{
			...{ name: "letters", takes: "HOW", values: letterWidths },
			about: "Signs: as they are, for terminals that draw them wide, or ASCII alone",
			fault: (rest) => (rest === "" ? `letters takes ${letterWidths.join(", ")}.` : undefined),
			run(rest) {
				appearance.setLetters(rest as LetterWidth);
				say(`Signs: ${rest}.`);
			},
		},
		{ name: "perf", about: "What the console costs, in a corner; again: no longer", run: toggleCost },
		{ name: "tour", about: "Five steps through the console, with your own keys", run: tour },
		{ name: "quit", aliases: ["q", "exit"], about: "Leave the console; scans go on", run: quit },
	];
}
