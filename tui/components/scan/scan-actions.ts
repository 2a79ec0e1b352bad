/** What can be done to scans, from wherever one is seen: start, pause or resume, cancel after asking. */
import { cancel, pause, resume, start } from "../../../protocol/methods/scans.ts";
import { isOver } from "../../../protocol/model/run-status.ts";
import type { Scan } from "../../../protocol/model/scan.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { Handler, ScreenContext } from "../../screens/view.ts";
import { plural } from "../../text/format.ts";
import { askRunNow, whyNotNow } from "./run-now.ts";
import { canPause } from "./scan-words.ts";

/** Starts a scan of these targets, in a network, as it stands in the defaults, and shows it live. */
export function startScan(context: ScreenContext, targets: readonly string[], title?: string, network?: string): void {
	const request = {
		...{ targets: [...targets], ...(title === undefined ? {} : { title }) },
		...(network === undefined ? {} : { network }),
	};
	context.opens(context.client.call(start, request).then((scan) => context.open({ to: "scan", scan: scan.id })));
}

export function pauseHandler(context: ScreenContext, current: () => Scan | undefined): Handler {
	return {
		run() {
			const scan = current();
			if (!scan) return;
			const isPaused = scan.status === "paused";
			context.client
				.call(isPaused ? resume : pause, { scan: scan.id })
				.then(
					() =>
						context.toast(
							"good",
							isPaused ? `Resumed “${scan.title}”.` : `Pausing “${scan.title}”; ${keyOf("scans", "pause")} resumes it.`,
						),
					context.fail,
				);
		},
		word: () => (current()?.status === "paused" ? "resume" : "pause"),
		disabled() {
			const scan = current();
			if (!scan) return "There is no scan to pause.";
			return canPause(scan) || scan.status === "paused" ? undefined : `The scan is ${scan.status}.`;
		},
	};
}

export function cancelHandler(context: ScreenContext, current: () => Scan | undefined): Handler {
	return {
		run() {
			const scan = current();
			if (scan) askCancel(context, scan);
		},
		disabled() {
			const scan = current();
			if (!scan) return "There is no scan to cancel.";
			return isOver(scan) ? "The scan is already over." : undefined;
		},
	};
}

/** Past its window, as `vedette scans resume --ignore-window` does. */
export function runNowHandler(context: ScreenContext, current: () => Scan | undefined): Handler {
	return {
		run() {
			const scan = current();
			if (scan)
				askRunNow(context, "scan", scan, () => context.client.call(resume, { scan: scan.id, ignoreWindow: true }));
		},
		disabled: () => whyNotNow("scan", current()),
	};
}

function askCancel(context: ScreenContext, scan: Scan): void {
	const left = scan.hosts.total - scan.hosts.done;
	context.open({
		to: "confirm",
		question: {
			title: `Cancel “${scan.title}”?`,
			effect: [
				`${plural(left, "address is", "addresses are")} not done yet and will not be looked at.`,
				"What was found is kept. A cancelled scan cannot be resumed; p pauses instead.",
			],
			yes: "Cancel the scan",
			no: "Let it run",
			run() {
				context.client
					.call(cancel, { scan: scan.id })
					.then(() => context.toast("good", `Cancelled “${scan.title}”. What was found is kept.`), context.fail);
			},
		},
	});
}
