/** What can be done wherever one is: the actions of the scope that lies behind every other. */
import { openNewMap } from "../components/map/new-map.ts";
import { type Action, type Handler, handle, type ScreenContext } from "../screens/view.ts";
import { comfortHandlers } from "./comfort-handlers.ts";
import type { Command } from "./commands.ts";
import type { DeskOptions } from "./desk-options.ts";
import { leaveQuestion, nothingToFind, sending, stopAllQuestion, thriftWords } from "./desk-words.ts";
import type { Leaving } from "./leaving.ts";
import type { Lost } from "./lost.ts";
import type { Navigation } from "./navigation.ts";
import { placeHandlers } from "./place-handlers.ts";
import type { Tour } from "./tour.ts";
import type { UndoDesk } from "./undo-handlers.ts";

export interface EverywhereParts {
	readonly context: ScreenContext;
	readonly options: DeskOptions;
	readonly navigation: Navigation;
	readonly leaving: Leaving;
	readonly tour: Tour;
	readonly undo: UndoDesk;
	readonly lost: Pick<Lost, "since">;
	/** Of the view on top. */
	actions(): readonly Action[];
	commands(): readonly Command[];
	/** Ends what Escape ends before anything of a view; false when there was nothing. */
	backFirst(): boolean;
}

export function everywhereHandlers(parts: EverywhereParts): Readonly<Record<string, Handler | undefined>> {
	const { context, options, navigation, leaving, lost } = parts;
	const { open, openRoot, openPlace, subject, top } = navigation;
	const say = (text: string) => context.toast("info", text);
	/** What was typed at the command line, in this console. */
	const typed: string[] = [];

	return handle<"everywhere">({
		help: { run: () => open({ to: "help", scopes: [...subject().scopes, "everywhere"] }) },
		back: {
			run() {
				if (!parts.backFirst() && !top().back?.()) navigation.close();
			},
		},
		leave: {
			run() {
				if (navigation.views().length > 1) navigation.close();
				else if (top().route.to !== "dashboard") openRoot({ to: "dashboard" });
				else open({ to: "confirm", question: leaveQuestion(context, leaving.leave) });
			},
		},
		quit: { run: leaving.leaveAtSecond },
		palette: { run: () => open({ to: "palette", actions: parts.actions() }) },
		command: { run: () => open({ to: "command", commands: parts.commands(), typed }) },
		find: { run: () => say(nothingToFind()) },
		...navigation.handlers,
		copy: {
			run() {
				const copied = subject().copy?.();
				if (copied) context.copyText(copied.what, copied.text, "txt");
			},
			disabled: () => (subject().copy?.() ? undefined : "There is nothing to copy here."),
		},
		...parts.undo.handlers,
		repaint: { run: options.repaint },
		...comfortHandlers(options.appearance, parts.tour, say),
		suspend: {
			run: () => options.suspend?.(),
			disabled: () => (options.suspend ? undefined : "There is no shell to go back to."),
		},
		freeze: { run: context.turnFreeze },
		"slow-line": { run: () => say(thriftWords(options.turnThrift())) },
		"log-in-again": logInAgain(options, lost, context),
		...placeHandlers(openRoot, openPlace),
		"new-map": { run: () => openNewMap(context) },
		"stop-all": {
			run: () => open({ to: "confirm", question: stopAllQuestion(context) }),
			disabled: () => (sending(context).length > 0 ? undefined : "No scan and no map is running."),
		},
	});
}

/** Brings back a connection that does not come back by itself: to a far daemon by a login, to one here by starting it. */
function logInAgain(
	{ link, startDaemon }: Pick<DeskOptions, "link" | "startDaemon">,
	lost: Pick<Lost, "since">,
	context: Pick<ScreenContext, "client" | "toast" | "fail">,
): Handler {
	return {
		run() {
			const [begun, told] = link
				? [link.logIn(), "Logged in; the screen comes back in a moment."]
				: [startDaemon?.(), "The daemon runs again; the screen comes back in a moment."];
			begun?.then(() => {
				context.client.retry();
				context.toast("info", told);
			}, context.fail);
		},
		disabled() {
			if (lost.since() === undefined) return "The connection is there.";
			const canAct = link ? link.needsLogin() !== undefined : startDaemon !== undefined;
			return canAct ? undefined : "The connection comes back by itself.";
		},
	};
}
