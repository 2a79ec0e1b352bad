/** Going from view to view: what opens over what, what starts over, what closing brings back. It knows no keys and no daemon. */
import { AppError } from "../../protocol/errors.ts";
import type { Handler, Route, View } from "../screens/view.ts";
import { createStacks } from "./stacks.ts";

export interface Navigation {
	/** On screen, the lowest first. */
	views(): readonly View[];
	top(): View;
	/** What lies below the dialogs; undefined before there is anything. */
	screen(): View | undefined;
	/** What an action is about: the view on top, also while the palette or the command line lies over it. */
	subject(): View;
	/** Over what is there. */
	open(route: Route): void;
	/** In place of the view of `old`, of the one on top when none is named. */
	replace(route: Route, old?: Route): void;
	/** Closes the view of that route, also among what was left; the one on top when none is named. Never the only one. */
	close(route?: Route): void;
	/** Leaves all that is on screen for that. */
	startFrom(route: Route): void;
	/** As a tab: starts over from that screen, unless one is there; what was on screen before is one key away. */
	openRoot(route: Route): void;
	/** Over what is there; one that lies there already is gone back to. */
	openPlace(route: Route): void;
	/** To what was on screen before. */
	readonly handlers: Readonly<Record<"last-screen" | "screen-back" | "screen-forward", Handler>>;
	/** Closes every view, those that are kept for going back too. */
	closeAll(): void;
}

export interface NavigationParts {
	openView(route: Route): View;
	/** That view has come. */
	opened(view: View): void;
	/** Views have come or gone. */
	moved(): void;
}

const noOther = "There is no other screen to go to.";

export function createNavigation({ openView, opened, moved }: NavigationParts): Navigation {
	const stacks = createStacks();

	function top(): View {
		const view = stacks.current().at(-1);
		if (!view) throw new AppError("internal", "The console has no view.");
		return view;
	}

	function open(route: Route): void {
		const view = openView(route);
		stacks.set([...stacks.current(), view]);
		opened(view);
		moved();
	}

	function closeTop(): void {
		const closing = stacks.current().at(-1);
		if (!closing) return;
		stacks.set(stacks.current().slice(0, -1));
		closing.close();
	}

	/** What is on top now was there before. */
	function show(): void {
		stacks.current().at(-1)?.shown?.();
		moved();
	}

	function startFrom(route: Route): void {
		stacks.leaveFor([]);
		open(route);
	}

	const stepping = (step: () => boolean, isThere: () => boolean): Handler => ({
		run() {
			if (step()) show();
		},
		disabled: () => (isThere() ? undefined : noOther),
	});

	return {
		views: stacks.current,
		top,
		screen: () => stacks.current().findLast((view) => !view.isDialog),
		subject: () => stacks.current().findLast(({ route }) => route.to !== "palette" && route.to !== "command") ?? top(),
		open,
		replace(route, old = top().route) {
			stacks.take(old)?.close();
			open(route);
		},
		close(route = top().route) {
			const closing = top().route === route;
			if (closing && stacks.current().length <= 1) return;
			stacks.take(route)?.close();
			if (closing) show();
			else moved();
		},
		startFrom,
		openRoot(route) {
			const [root, second] = stacks.current();
			const isThere = root?.route.to === route.to && second === undefined;
			if (!isThere || "filter" in route) startFrom(route);
		},
		openPlace(route) {
			const isIt = (view: View) => view.route.to === route.to && Object.keys(view.route).length === 1;
			if (stacks.current().some(isIt)) {
				while (!isIt(top())) closeTop();
				show();
			} else open(route);
		},
		handlers: {
			"last-screen": stepping(stacks.swap, stacks.hasOlder),
			"screen-back": stepping(stacks.older, stacks.hasOlder),
			"screen-forward": stepping(stacks.newer, stacks.hasNewer),
		},
		closeAll: stacks.close,
	};
}
