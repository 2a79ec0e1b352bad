/**
 * The console without its looks: the stack of views, what a key does, toasts, the connection. Views get their context
 * here; `app.tsx` lays out what is on top. One listener is told when the layout changes, another when only pixels do.
 */
import { AppError } from "../../protocol/errors.ts";
import type { ConsolePlace } from "../../protocol/model/console.ts";
import { openNewMap } from "../components/map/new-map.ts";
import type { Binding } from "../keys/binding.ts";
import { bindingsInReach, findBinding, keyOf } from "../keys/find-binding.ts";
import { alwaysActions, type Scope, wordlessActions } from "../keys/keymap.ts";
import { type Action, type Handler, handle, type Route, type ScreenContext, type View } from "../screens/view.ts";
import { comfortHandlers } from "./comfort-handlers.ts";
import type { Desk, DeskOptions } from "./desk-options.ts";
import {
	copiedWords,
	filedWords,
	leaveQuestion,
	sending,
	sentenceOf,
	stopAllQuestion,
	thriftWords,
} from "./desk-words.ts";
import { createFollow } from "./follow.ts";
import { createPending } from "./followers.ts";
import { createFreeze } from "./freeze.ts";
import { createHeldKeys } from "./held-keys.ts";
import { watchLive } from "./live.ts";
import { watchLost } from "./lost.ts";
import { watchNotices } from "./notices.ts";
import { placeOf, placeWords, routeOf } from "./place.ts";
import { placeHandlers } from "./place-handlers.ts";
import { watchPresence } from "./presence.ts";
import { createRights } from "./rights.ts";
import { createStacks } from "./stacks.ts";
import { createToaster } from "./toaster.ts";
import { createTour } from "./tour.ts";
import { createTurns } from "./turns.ts";
import { type CommandParts, dialogCommands, typedCommands } from "./typed-commands.ts";
import { createUndoDesk } from "./undo-handlers.ts";

export type { Desk, DeskOptions } from "./desk-options.ts";

/** Twice ctrl-c within this quits. Milliseconds. */
const quitMs = 2_000;
/** A question does not take the keys that were typed for what it covers. Milliseconds. */
const dialogGuardMs = 300;
/** What works everywhere and in dialogs too. */
const dialogActions: readonly string[] = ["back", "leave", "repaint", "theme", "mouse", ...alwaysActions];
const noOther = "There is no other screen to go to.";

export function createDesk(options: DeskOptions): Desk {
	const { client, now, appearance } = options;
	const freeze = createFreeze(client, { now, changed: options.changed });
	const stacks = createStacks();
	const turns = createTurns();
	const typed: string[] = [];
	const toaster = createToaster(now, options.changed);
	const { say, sayQuietly } = toaster;
	const rights = createRights(client, options.readOnly);
	const undo = createUndoDesk(say, open);
	let costShown = false;
	let hasLeft = false;
	const pending = createPending({
		isThrifty: options.isThrifty,
		relayout: options.relayout,
		scopes: () => scopesOf(top()),
		reasonOf(binding, scope) {
			const handler = scope === "everywhere" ? everywhere[binding.action] : top().handlers[binding.action];
			return handler ? rights.reasonAgainst(binding, handler) : null;
		},
	});
	let quitAsked = Number.NEGATIVE_INFINITY;
	let dialogSince = Number.NEGATIVE_INFINITY;
	const heldKeys = createHeldKeys(top, now);
	let willLook = false;
	const changed = () => {
		options.changed();
		if (willLook || heldKeys.waiting() === undefined) return;
		willLook = true;
		// Not within the change that brings the rows: what is held changes them too.
		queueMicrotask(() => {
			willLook = false;
			heldKeys.look();
		});
	};
	const lost = watchLost(client, now, (isLost) => {
		options.setStale(isLost);
		changed();
	});
	const live = watchLive(freeze.client, now);
	const presence = watchPresence(client, {
		...{ from: options.from, now, notice: sayQuietly, place },
		follows: () => follow.whom()?.id ?? null,
		changed() {
			follow.look();
			options.changed();
		},
	});
	const follow = createFollow({
		others: presence.others,
		isConnected: () => client.state === "connected",
		isBusy: () => top().isDialog === true || (top().input?.()?.cursor ?? -1) >= 0,
		isFollower: presence.isFollower,
		go: goAfter,
		notice: (text) => say("info", text),
		changed: () => presence.moved(),
		now,
	});
	const tour = createTour({
		changed: options.changed,
		ended(isWhole) {
			say("good", isWhole ? "That was the tour. :tour shows it again." : "The tour is left. :tour begins it again.");
			appearance.setToured();
		},
	});
	const stops = [
		live.onChange(options.changed),
		client.onLatency(options.lineMeasured),
		watchNotices(client, say),
		lost.close,
	];

	const context: ScreenContext = {
		client: freeze.client,
		mayOperate: rights.mayOperate,
		isConnected: () => lost.since() === undefined,
		open(route) {
			if (!turns.isPast()) open(route);
		},
		replace(route) {
			closeTop(false);
			open(route);
		},
		close: () => closeTop(true),
		toast: say,
		offerUndo: undo.offerUndo,
		undoLast: undo.undoLast,
		copyText,
		fail: (err) => say("bad", sentenceOf(err)),
		turnFreeze: freeze.turn,
		isFrozen: () => freeze.since() !== undefined,
		follow: follow.start,
		changed,
		relayout: options.relayout,
		setCursor: options.setCursor,
		isThrifty: options.isThrifty,
		now,
		overview: live.overview,
		scans: live.scans,
		maps: live.maps,
		onLive: live.onChange,
		onReconnect: lost.onBack,
	};

	const everywhere = handle<"everywhere">({
		help: { run: () => open({ to: "help", scopes: [...subject().scopes, "everywhere"] }) },
		back: { run: back },
		leave: { run: leave },
		quit: { run: quit },
		palette: { run: () => open({ to: "palette", actions: actionsOf(top()) }) },
		command: { run: () => open({ to: "command", commands: typedCommands(commandParts, actionsOf(top())), typed }) },
		"last-screen": { run: () => moveTo(stacks.swap()), disabled: () => (stacks.hasOlder() ? undefined : noOther) },
		"screen-back": { run: () => moveTo(stacks.older()), disabled: () => (stacks.hasOlder() ? undefined : noOther) },
		"screen-forward": { run: () => moveTo(stacks.newer()), disabled: () => (stacks.hasNewer() ? undefined : noOther) },
		copy: { run: copy, disabled: () => (subject().copy?.() ? undefined : "There is nothing to copy here.") },
		...undo.handlers,
		repaint: { run: options.repaint },
		...comfortHandlers(appearance, tour, (text) => say("info", text)),
		suspend: {
			run: () => options.suspend?.(),
			disabled: () => (options.suspend ? undefined : "There is no shell to go back to."),
		},
		freeze: { run: freeze.turn },
		"slow-line": { run: () => say("info", thriftWords(options.turnThrift())) },
		"log-in-again": {
			run: () => {
				const { link, startDaemon } = options;
				const [begun, told] = link
					? [link.logIn(), "Logged in; the screen comes back in a moment."]
					: [startDaemon?.(), "The daemon runs again; the screen comes back in a moment."];
				begun?.then(() => say("info", told), context.fail);
			},
			disabled() {
				if (lost.since() === undefined) return "The connection is there.";
				const canAct = options.link ? options.link.needsLogin() !== undefined : options.startDaemon !== undefined;
				return canAct ? undefined : "The connection comes back by itself.";
			},
		},
		...placeHandlers(openRoot, openPlace),
		"new-map": { run: () => openNewMap(context) },
		"stop-all": {
			run: () => open({ to: "confirm", question: stopAllQuestion(context) }),
			disabled: () => (sending(context).length > 0 ? undefined : "No scan and no map is running."),
		},
	});

	const commandParts: CommandParts = {
		open,
		goTo: openRoot,
		say: (text) => say("info", text),
		quit: quitNow,
		toggleCost() {
			costShown = !costShown;
			options.relayout();
		},
		importFile() {
			openRoot({ to: "assets" });
			top().handlers.import?.run();
		},
		tour: tour.start,
		appearance,
		readOnly: () => rights.reasonToRefuse("operate"),
	};

	/** What an action is about: the view on top, also while the palette or the command line lies over it. */
	function subject(): View {
		return stacks.current().findLast(({ route }) => route.to !== "palette" && route.to !== "command") ?? top();
	}

	/** Everything that can be done from a view, its own first; a key that a nearer scope takes is left out. */
	function actionsOf(view: View): Action[] {
		return bindingsInReach([...view.scopes, "everywhere"]).flatMap(({ scope, binding }): Action[] => {
			const handler = scope === "everywhere" ? everywhere[binding.action] : view.handlers[binding.action];
			if (!handler || wordlessActions.includes(binding.action)) return [];
			return [
				{
					binding,
					scope,
					reason: () => rights.reasonAgainst(binding, handler),
					run: () => runAbout(view, scope, binding, handler),
				},
			];
		});
	}

	function copy(): void {
		const copied = subject().copy?.();
		if (copied) copyText(copied.what, copied.text, "txt");
	}

	function copyText(what: string, text: string, ending: string): void {
		if (options.copy(text)) say("good", copiedWords(what, options.isInTmux));
		else options.copyToFile(text, ending).then((path) => say("info", filedWords(what, path)), context.fail);
	}

	function top(): View {
		const view = stacks.current().at(-1);
		if (!view) throw new AppError("internal", "The console has no view.");
		return view;
	}

	function open(route: Route): void {
		const view = options.openView(route, context);
		stacks.set([...stacks.current(), view]);
		if (!turns.isOfKey()) turns.goOn();
		if (view.isDialog) dialogSince = now();
		pending.set("");
		relayout();
	}

	/** Views have come or gone: others are told where this console is now. */
	function relayout(): void {
		presence.moved();
		tour.moved(top().route.to);
		options.relayout();
	}

	function screen(): View | undefined {
		return stacks.current().findLast((view) => !view.isDialog);
	}

	function place(): ConsolePlace | undefined {
		const here = screen();
		if (here === undefined) return undefined;
		const list = presence.followers().length > 0 ? here.list?.() : undefined;
		return { ...placeOf(here.route), ...(list === undefined ? {} : { list }) };
	}

	/** To where a console is that is followed. False: it cannot be gone to. */
	function goAfter(there: ConsolePlace): boolean {
		const here = screen();
		const isHere = here !== undefined && placeWords(placeOf(here.route)) === placeWords(there);
		const route = routeOf(there);
		if (!isHere && route === undefined) return false;
		if (!isHere && route !== undefined) startFrom(route);
		if (there.list) screen()?.showList?.(there.list);
		return true;
	}

	/** A tab starts over from that screen; what was on screen before is one key away. */
	function openRoot(route: Route): void {
		const [root, second] = stacks.current();
		const isThere = root?.route.to === route.to && second === undefined;
		if (isThere && !("filter" in route)) return;
		startFrom(route);
	}

	/** Lies over what is there; one that lies there already is gone back to. */
	function openPlace(route: Route): void {
		const isIt = (view: View) => view.route.to === route.to && Object.keys(view.route).length === 1;
		if (stacks.current().some(isIt)) {
			while (!isIt(top())) closeTop(false);
			top().shown?.();
			relayout();
		} else open(route);
	}

	function startFrom(route: Route): void {
		stacks.leaveFor([]);
		open(route);
	}

	/** Another stack is on screen, or there was none. */
	function moveTo(isMoved: boolean): void {
		if (!isMoved) return;
		stacks.current().at(-1)?.shown?.();
		relayout();
	}

	function closeTop(tell: boolean): void {
		const closing = stacks.current().at(-1);
		if (!closing || (tell && stacks.current().length === 1)) return;
		stacks.set(stacks.current().slice(0, -1));
		closing.close();
		if (tell) {
			stacks.current().at(-1)?.shown?.();
			relayout();
		}
	}

	/** In a dialog little of what holds everywhere does. */
	function scopesOf(view: View): readonly Scope[] {
		return view.isDialog ? view.scopes : [...view.scopes, "everywhere"];
	}

	function back(): void {
		toaster.clear();
		// Before the filter: that is theirs who are followed.
		if (!top().isDialog && follow.stop()) return;
		if (top().back?.()) return;
		closeTop(true);
	}

	function leave(): void {
		if (stacks.current().length > 1) closeTop(true);
		else if (top().route.to !== "dashboard") openRoot({ to: "dashboard" });
		else open({ to: "confirm", question: leaveQuestion(context, quitNow) });
	}

	function quitNow(): void {
		hasLeft = true;
		options.quit();
	}

	function quit(): void {
		const isSecond = now() - quitAsked < quitMs;
		quitAsked = now();
		if (isSecond) quitNow();
		else say("info", `Press ${keyOf("everywhere", "quit")} again to leave. Scans go on.`);
	}

	function press(key: string): void {
		if (key === "") return;
		presence.touched();
		turns.take(() => isHeld(key) || isTaken(key));
	}

	/** What was typed before it waits, and so does it; Escape and what always holds do not. */
	function isHeld(key: string): boolean {
		if (heldKeys.waiting() === undefined) return false;
		const action = actionEverywhere(key);
		if (action === "back") return heldKeys.drop();
		return !alwaysActions.includes(action) && heldKeys.hold(top(), false, () => press(key));
	}

	/** What the key alone means where no nearer scope takes it; empty: nothing. */
	function actionEverywhere(key: string): string {
		const found = findBinding(["everywhere"], "", key);
		return found.kind === "binding" ? found.binding.action : "";
	}

	/** Does what a key means here; false when it means nothing. */
	function isTaken(key: string): boolean {
		const view = top();
		const always = actionEverywhere(key);
		const isAlways = alwaysActions.includes(always);
		if (!isAlways && view.takeKey?.(key)) return true;
		const isGuarded = view.scopes.includes("choice") && now() - dialogSince < dialogGuardMs;
		if (isGuarded && !isAlways && always !== "back") return false;
		const found = findBinding([...view.scopes, "everywhere"], pending.keys(), key);
		pending.set(found.kind === "prefix" ? found.keys : "");
		options.changed();
		if (found.kind !== "binding") return found.kind === "prefix";
		const { binding, scope } = found;
		if (scope !== "everywhere") return runAbout(view, scope, binding, view.handlers[binding.action]);
		if (view.isDialog && !dialogActions.includes(binding.action)) return false;
		return runHandler(binding, everywhere[binding.action]);
	}

	/** As `runHandler`; what is about rows waits for them. */
	function runAbout(view: View, scope: Scope, binding: Binding, handler: Handler | undefined): boolean {
		const isAboutRows = scope !== "everywhere" && binding.action !== "filter";
		const later = () => turns.take(() => runHandler(binding, handler));
		return heldKeys.hold(view, isAboutRows, later) || runHandler(binding, handler);
	}

	/** False when there is nothing to do, or a reason against it, which is said. */
	function runHandler(binding: Binding, handler: Handler | undefined): boolean {
		if (!handler) return false;
		const reason = rights.reasonAgainst(binding, handler);
		if (reason) say("info", reason);
		else handler.run();
		return !reason;
	}

	function paste(text: string): void {
		turns.goOn();
		if (!heldKeys.hold(top(), false, () => paste(text))) top().takePaste?.(text);
	}

	return {
		live,
		presence: {
			...presence,
			tick() {
				presence.tick();
				follow.look();
			},
		},
		freeze,
		follow,
		heldKeys,
		readOnly: options.readOnly,
		client,
		views: () => stacks.current(),
		top,
		toast: toaster.shown,
		pendingKeys: pending.keys,
		followers: pending.followers,
		isCostShown: () => costShown,
		lost,
		needsLogin: () => options.link?.needsLogin(),
		isRefused: ({ needs }) => rights.reasonToRefuse(needs) !== undefined,
		open,
		commands: () => (top().isDialog ? dialogCommands(actionsOf(top())) : typedCommands(commandParts, actionsOf(top()))),
		leave: quitNow,
		tour,
		hasLeft: () => hasLeft,
		tell: say,
		press,
		point(act) {
			turns.take(() => {
				act();
				return true;
			});
		},
		paste,
		takeRaw: (text) => top().takeRaw?.(text) === true,
		close() {
			for (const stop of stops) stop();
			pending.close();
			stacks.close();
			presence.close();
			live.close();
		},
	};
}
