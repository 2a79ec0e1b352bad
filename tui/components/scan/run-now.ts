/** Running a scan or a map at once although its window is closed: when that can be asked for, and what it means. */
import type { Scan } from "../../../protocol/model/scan.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { when } from "../../text/format.ts";
import { windowWords } from "../../text/window-words.ts";

type Windowed = Pick<Scan, "title" | "status" | "window" | "continuesAt">;

/** Undefined when it waits for its window, or is paused and has one. */
export function whyNotNow(noun: "scan" | "map", one: Windowed | undefined): string | undefined {
	if (!one) return `There is no ${noun} here.`;
	if (one.status === "waiting") return undefined;
	if (one.status !== "paused") return `The ${noun} is ${one.status}; it does not wait for a window.`;
	return one.window == null ? `The ${noun} has no window; ${keyOf("scans", "pause")} resumes it.` : undefined;
}

/** `resume` asks the daemon for it. */
export function askRunNow(
	context: ScreenContext,
	noun: "scan" | "map",
	{ title, window, continuesAt }: Windowed,
	resume: () => Promise<unknown>,
): void {
	context.open({
		to: "confirm",
		question: {
			title: `Run “${title}” now?`,
			effect: [
				...(window == null ? [] : [`It may run ${windowWords(window)}.`]),
				...(continuesAt == null ? [] : [`By itself it would go on at ${when(continuesAt)} UTC.`]),
				`It sends at once, and whatever the window says until it is over; ${keyOf("scans", "pause")} pauses it.`,
			],
			yes: `Run the ${noun} now`,
			no: "Let it wait",
			run() {
				resume().then(
					() => context.toast("good", `“${title}” runs now; ${keyOf("scans", "pause")} pauses it.`),
					context.fail,
				);
			},
		},
	});
}
