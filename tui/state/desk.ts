/**
 * The console without its looks: what it is made of, put together. Views get their context here; `app.tsx` lays out what is on
 * top. One listener is told when the layout changes, another when only pixels do.
 */
import type { ScreenContext } from "../screens/view.ts";
import type { Command } from "./commands.ts";
import { keepCompany } from "./company.ts";
import type { Desk, DeskOptions } from "./desk-options.ts";
import { copiedWords, filedWords, sentenceOf, tourWords } from "./desk-words.ts";
import { createDispatch } from "./dispatch.ts";
import { everywhereHandlers } from "./everywhere.ts";
import { createFreeze } from "./freeze.ts";
import { createLeaving } from "./leaving.ts";
import { watchLive } from "./live.ts";
import { watchLost } from "./lost.ts";
import { createNavigation } from "./navigation.ts";
import { watchNotices } from "./notices.ts";
import { createRights } from "./rights.ts";
import { createToaster } from "./toaster.ts";
import { createTour } from "./tour.ts";
import { type CommandParts, dialogCommands, typedCommands } from "./typed-commands.ts";
import { createUndoDesk } from "./undo-handlers.ts";

export type { Desk, DeskOptions } from "./desk-options.ts";

export function createDesk(options: DeskOptions): Desk {
	const { client, now, appearance } = options;
	const freeze = createFreeze(client, { now, changed: options.changed });
	const toaster = createToaster(now, options.changed);
	const { say } = toaster;
	const inform = (text: string) => say("info", text);
	const rights = createRights(client, options.readOnly);
	const leaving = createLeaving(options.quit, inform, now);
	const navigation = createNavigation({
		openView: (route) => options.openView(route, context),
		opened: (view) => dispatch.opened(view),
		moved() {
			presence.moved();
			tour.moved(navigation.top().route.to);
			options.relayout();
		},
	});
	const { open, openRoot, top } = navigation;
	const undo = createUndoDesk(say, open);
	const dispatch = createDispatch({
		top,
		everywhere: (action) => everywhere[action],
		rights,
		say: inform,
		touched: () => presence.touched(),
		changed: options.changed,
		relayout: options.relayout,
		isThrifty: options.isThrifty,
		now,
	});
	const changed = () => {
		options.changed();
		dispatch.heldKeys.lookSoon();
	};
	const lost = watchLost(client, now, (isLost) => {
		options.setStale(isLost);
		changed();
	});
	const live = watchLive(freeze.client, now);
	const { presence, follow } = keepCompany({
		...{ client, from: options.from, navigation, now },
		say: inform,
		sayQuietly: toaster.sayQuietly,
		changed: options.changed,
	});
	const tour = createTour({
		from: appearance.tourStep(),
		changed: options.changed,
		stands: appearance.setTourStep,
		ended: (leftAt) => say("good", tourWords(leftAt)),
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
			if (!dispatch.isPast()) open(route);
		},
		opens(opening) {
			opening.catch(context.fail);
			dispatch.opens(opening);
		},
		ask: (question) => open({ to: "confirm", question }),
		replace: navigation.replace,
		close: navigation.close,
		toast: say,
		offerUndo: undo.offerUndo,
		undoLast: undo.undoLast,
		copyText(what, text, ending) {
			if (options.copy(text)) say("good", copiedWords(what, options.isInTmux));
			else options.copyToFile(text, ending).then((path) => inform(filedWords(what, path)), context.fail);
		},
		fail: (err) => say("bad", sentenceOf(err)),
		turnFreeze: freeze.turn,
		isFrozen: () => freeze.since() !== undefined,
		follow: follow.start,
		changed,
		relayout: options.relayout,
		setCursor: options.setCursor,
		isRead: () => options.isRead,
		isThrifty: options.isThrifty,
		details: appearance.details,
		setDetails(part, isKept) {
			appearance.setDetails(part, isKept);
			options.relayout();
		},
		now,
		overview: live.overview,
		scans: live.scans,
		maps: live.maps,
		onLive: live.onChange,
		onReconnect: lost.onBack,
	};

	let costShown = false;
	const commandParts: CommandParts = {
		open,
		goTo: openRoot,
		say: inform,
		quit: leaving.leave,
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
	const actions = () => dispatch.actionsOf(top());
	const commands = (): readonly Command[] => typedCommands(commandParts, actions());

	const everywhere = everywhereHandlers({
		...{ context, options, navigation, leaving, tour, undo, lost, actions, commands },
		backFirst() {
			toaster.clear();
			// Before the filter: that is theirs who are followed.
			return !top().isDialog && follow.stop();
		},
	});

	return {
		live,
		presence,
		freeze,
		follow,
		heldKeys: dispatch.heldKeys,
		readOnly: options.readOnly,
		client,
		views: navigation.views,
		top,
		toast: toaster.shown,
		pendingKeys: dispatch.pending.keys,
		followers: dispatch.pending.followers,
		isCostShown: () => costShown,
		lost,
		needsLogin: () => options.link?.needsLogin(),
		isRefused: ({ needs }) => rights.reasonToRefuse(needs) !== undefined,
		open,
		commands: () => (top().isDialog ? dialogCommands(actions()) : commands()),
		leave: leaving.leave,
		tour,
		hasLeft: leaving.hasLeft,
		tell: say,
		press: dispatch.press,
		point: dispatch.point,
		paste: dispatch.paste,
		takeRaw: (text) => top().takeRaw?.(text) === true,
		close() {
			for (const stop of stops) stop();
			dispatch.close();
			navigation.closeAll();
			presence.close();
			live.close();
		},
	};
}
