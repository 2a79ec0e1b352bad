/** What the console itself asks and says: before it leaves, before it stops everything, after copying, when something failed. */

import { AppError } from "../../protocol/errors.ts";
import { stopAll } from "../../protocol/methods/scans.ts";
import { keyOf } from "../keys/find-binding.ts";
import type { Question, ScreenContext } from "../screens/view.ts";
import type { Appearance } from "../terminal/appearance.ts";
import type { Thrift } from "../terminal/line-watch.ts";
import { plural } from "../text/format.ts";
import { themes } from "../theme/themes.ts";
import { isRunning } from "./live.ts";

/** `2 scans`, `1 map`: what is sending now; empty when nothing is. */
export function sending(context: Pick<ScreenContext, "scans" | "maps">): string[] {
	return amounts(context.scans().filter(isRunning).length, context.maps().filter(isRunning).length);
}

function amounts(scans: number, maps: number): string[] {
	return [...(scans > 0 ? [plural(scans, "scan")] : []), ...(maps > 0 ? [plural(maps, "map")] : [])];
}

export function leaveQuestion(context: ScreenContext, quit: () => void): Question {
	const running = sending(context).join(" and ");
	return {
		title: "Leave the console?",
		effect: [
			running === "" ? "No scan is running." : `${running} will go on without it.`,
			"The daemon stays; open the console again at any time.",
		],
		yes: "Leave",
		no: "Stay",
		run: quit,
	};
}

export function stopAllQuestion(context: ScreenContext): Question {
	const running = sending(context);
	return {
		title: "Stop everything that sends?",
		effect: [
			`Running: ${running.join(" and ")}. No packet leaves a second later.`,
			"They are paused, not lost: each can be resumed.",
		],
		yes: "Stop all",
		no: "Let them run",
		run() {
			context.client.call(stopAll, {}).then(({ stopped, maps }) => {
				const what = amounts(stopped.length, maps.length).join(" and ");
				const told =
					what === ""
						? "Nothing was running any more."
						: `Stopped ${what}: no packet leaves. Resume each with ${keyOf("scans", "pause")}.`;
				context.toast("good", told);
			}, context.fail);
		},
	};
}

/** Where there is neither a list nor a text. */
export function nothingToFind(): string {
	const [assets, findings, palette] = [
		keyOf("everywhere", "assets"),
		keyOf("everywhere", "findings"),
		keyOf("everywhere", "palette"),
	];
	return `Nothing is filtered here: ${assets} assets and ${findings} findings are lists that are; ${palette} finds an action.`;
}

/** After the tour, which was gone through or left at that step. */
export function tourWords(leftAt: number | undefined): string {
	const key = keyOf("everywhere", "tour-next");
	return leftAt === undefined
		? `That was the tour; ${key} shows it again.`
		: `The tour is left at step ${leftAt}; ${key} goes on with it.`;
}

/** After what was copied: terminals do not tell whether they took it. */
export function copiedWords(what: string, isInTmux: boolean): string {
	const fallback = isInTmux
		? "tmux passes it on after: set -g set-clipboard on"
		: "if your terminal refuses, shift and drag selects";
	return `Copied ${what}; ${fallback}.`;
}

/** After what was too much for a clipboard. */
export function filedWords(what: string, path: string): string {
	return `${what.slice(0, 1).toUpperCase()}${what.slice(1)} is more than a terminal's clipboard takes: it is in ${path}`;
}

export function sentenceOf(err: unknown): string {
	if (err instanceof AppError) return err.hint ? `${err.message} ${err.hint}` : err.message;
	return err instanceof Error ? err.message : String(err);
}

export function mouseWords(isOn: boolean, key: string): string {
	return isOn
		? `The mouse clicks rows, headers, tabs and hints. Shift and drag selects text. ${key} gives it back.`
		: `The mouse is the terminal's own again. ${key} lets it click here.`;
}

/** What a way of using a slow line comes to. */
export function thriftWords(thrift: Thrift): string {
	const key = keyOf("everywhere", "slow-line");
	switch (thrift) {
		case "auto":
			return "Low bandwidth by itself: from 150 ms to the terminal on.";
		case "on":
			return `Low bandwidth: five frames a second, sixteen colours. ${key} changes it.`;
		case "off":
			return `Full bandwidth, however slow the line is. ${key} changes it.`;
	}
}

/** Which theme it is; where there are no colours also that, for then it may look as before. */
export function themeWords(appearance: Pick<Appearance, "theme" | "hasColours">): string {
	const name = appearance.theme();
	if (!appearance.hasColours())
		return `Theme ${name}; no colours are shown here: NO_COLOR is set, or the terminal has none.`;
	return `Theme ${name}: ${themes[name].about}.`;
}
