/**
 * What every place of the console is made of: a route says where to go, a view is that place opened. Screens and dialogs
 * are both views on one stack; a view owns its state and its subscriptions.
 */
import type { ReactElement } from "react";
import type { Client } from "../../protocol/client.ts";
import type { AuditEntry } from "../../protocol/model/audit.ts";
import type { Moment } from "../../protocol/model/comparison.ts";
import type { AttachedConsole, ShownList } from "../../protocol/model/console.ts";
import type { FindingGroupBy } from "../../protocol/model/finding.ts";
import type { MapHost, NetworkMap } from "../../protocol/model/map.ts";
import type { AccessOverview, AccessToken } from "../../protocol/model/operator.ts";
import type { Overview } from "../../protocol/model/overview.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import type { Transport } from "../../protocol/model/transport.ts";
import type { AccessRow } from "../components/access/access-rows.ts";
import type { CountedFacets } from "../components/facets/hidden-values.ts";
import type { ColumnChooser, ViewChooser } from "../components/list/choosers.ts";
import type { Binding } from "../keys/binding.ts";
import type { ActionOf, Scope } from "../keys/keymap.ts";
import type { Command } from "../state/commands.ts";
import type { ListFailure } from "../state/paged-list.ts";
import type { Undoable } from "../state/undo.ts";
import type { Piece } from "../theme/line.ts";

/** Everywhere one can go. Screens name each other by these, never by import. */
export type Route =
	| { readonly to: "dashboard" }
	| { readonly to: "arrange" }
	| { readonly to: "scans" }
	| { readonly to: "scan"; readonly scan: number }
	| { readonly to: "new-scan"; readonly targets?: string; readonly ports?: string; readonly profile?: string }
	| { readonly to: "maps" }
	| { readonly to: "map"; readonly map: number; readonly filter?: string }
	| { readonly to: "map-rogues"; readonly map: number }
	| { readonly to: "map-topology"; readonly map: number }
	| { readonly to: "map-compare"; readonly before: number; readonly after: number }
	| { readonly to: "map-coverage"; readonly map: number }
	| { readonly to: "map-host"; readonly host: MapHost }
	| { readonly to: "profiles" }
	| { readonly to: "profile"; readonly profile: string }
	| { readonly to: "exclusions" }
	| { readonly to: "exclusion-history" }
	| { readonly to: "duplicates"; readonly filter?: string }
	/** A group that was found; or, in its place, assets that somebody chose, and what to do once they are merged. */
	| { readonly to: "duplicate"; readonly group: number; readonly chosen?: never }
	| { readonly to: "duplicate"; readonly group?: never; readonly chosen: ChosenAssets }
	| { readonly to: "merges"; readonly filter?: string }
	| { readonly to: "tags" }
	| { readonly to: "groups" }
	| { readonly to: "never-scanned"; readonly group: string }
	| { readonly to: "recipes" }
	| { readonly to: "queries" }
	| { readonly to: "tickets"; readonly filter?: string; readonly view?: "open" | "mine" | "overdue" | "all" }
	| { readonly to: "ticket"; readonly ticket: number }
	| { readonly to: "policy" }
	| { readonly to: "ignores" }
	| { readonly to: "requests"; readonly part?: "all" | "to decide" | "mine" | "ending soon" }
	| { readonly to: "request"; readonly request: number }
	| { readonly to: "purges" }
	| { readonly to: "purge-rules" }
	| { readonly to: "credentials" }
	| { readonly to: "consoles" }
	| { readonly to: "login-check"; readonly target: string; readonly credential?: string }
	| { readonly to: "access" }
	| { readonly to: "access-entry"; readonly row: AccessRow; readonly overview: AccessOverview }
	| { readonly to: "new-token"; readonly token: AccessToken; readonly secret: string }
	| { readonly to: "audit"; readonly filter?: string }
	| { readonly to: "audit-entry"; readonly entry: AuditEntry }
	| { readonly to: "assets"; readonly filter?: string }
	| { readonly to: "asset"; readonly asset: number }
	| { readonly to: "findings"; readonly filter?: string; readonly asOf?: string }
	| { readonly to: "finding-groups"; readonly by: FindingGroupBy; readonly filter: string }
	| { readonly to: "finding"; readonly finding: number }
	| { readonly to: "facets"; readonly chooser: FacetChooser }
	| { readonly to: "why"; readonly finding: number }
	| { readonly to: "fix"; readonly filter: string; readonly ids?: readonly number[]; readonly what: string }
	| { readonly to: "finding-history"; readonly finding: number }
	| { readonly to: "compare"; readonly before: Moment; readonly after: Moment }
	| {
			readonly to: "port";
			readonly asset: number;
			readonly address: string;
			readonly port: number;
			readonly protocol: Transport;
	  }
	| { readonly to: "shell"; readonly shell: number; readonly beside: readonly string[] }
	| { readonly to: "doctor" }
	| { readonly to: "settings" }
	| { readonly to: "activity" }
	| { readonly to: "knowledge" }
	| { readonly to: "knowledge-changes" }
	| { readonly to: "bundles" }
	| { readonly to: "bundle-keys" }
	| { readonly to: "help"; readonly scopes: readonly Scope[] }
	| { readonly to: "palette"; readonly actions: readonly Action[]; readonly title?: string }
	| { readonly to: "command"; readonly commands: readonly Command[]; readonly typed: string[] }
	| { readonly to: "confirm"; readonly question: Question }
	| { readonly to: "menu"; readonly menu: Menu }
	| { readonly to: "columns"; readonly chooser: ColumnChooser }
	| { readonly to: "views"; readonly chooser: ViewChooser }
	| { readonly to: "form"; readonly form: Form };

export type ScreenId = Route["to"];
export type RouteOf<Id extends ScreenId> = Extract<Route, { to: Id }>;

/** Assets to compare that need not be a group. */
export interface ChosenAssets {
	readonly assets: readonly number[];
	/** They are merged: marks on them mean nothing any more. */
	merged(): void;
}

/** A list that can be narrowed by what its rows have in common. */
export interface FacetChooser {
	/** One row of the list, and several. */
	readonly nouns: readonly [one: string, many: string];
	/** What is known of those a filter has; `isThis`: it is of that filter, not of the one before. Asks when it must. */
	facets(filter: string): {
		readonly facets: CountedFacets | undefined;
		readonly isThis: boolean;
		readonly failure?: ListFailure;
	};
	/** The list's filter now. */
	filter(): string;
	narrow(filter: string): void;
}

/** Something that is asked before it is done; `effect` says what it will hit. */
export interface Question {
	/** It tells of what the form has done: it takes the place of the form, which is not gone back to. */
	readonly isDone?: true;
	readonly title: string;
	readonly effect: readonly string[];
	readonly yes: string;
	readonly no: string;
	/** A rejection is said: in the form that led to the question, which comes back with what was typed, else as a message. */
	run(): void | Promise<void>;
}

/** The actions of a scope to choose one of, by its key or with the arrows. */
export interface Menu {
	readonly title: string;
	readonly scope: Scope;
	/** Beside an action: what it would be about. */
	readonly notes?: Readonly<Record<string, string>>;
	readonly handlers: Readonly<Record<string, Handler | undefined>>;
}

/** A dialog of fields; what it does with them is the business of whoever opened it. */
export interface Form {
	readonly title: string;
	readonly fields: readonly FormField[];
	/** What Enter does, a verb: `starts`, `saves`. */
	readonly verb: string;
	/** What the values come to, below the fields; called as they change. Throws for values that are not good. */
	preview?(values: FormValues): readonly string[];
	/** How far it is, for what takes a while: then leaving the form stops it, by the signal of `submit`. */
	whileBusy?(): string;
	/** Does it; resolves with where to go then. A rejection is shown in the form, which stays open. */
	submit(values: FormValues, signal: AbortSignal): Promise<Route | undefined>;
}

export type FormValues = Readonly<Record<string, string>>;

export interface FormField {
	readonly name: string;
	readonly label: string;
	readonly value: string;
	/** The value is a guess, which what is typed first takes the place of. */
	readonly isProposed?: true;
	/** Below the field while it is active: a text, or one that depends on the value. */
	readonly hint: string | ((value: string) => string);
	/** Only one of these: left and right go through them. */
	readonly choices?: readonly string[];
	/** What is typed is not shown. */
	readonly secret?: true;
}

/** One line of the palette: a binding of the place it was opened over, ready to be done. */
export interface Action {
	readonly binding: Binding;
	readonly scope: Scope;
	/** Why it cannot be done now; undefined when it can. */
	reason(): string | undefined;
	run(): void;
}

export interface Handler {
	run(): void;
	/** The word of the hint line where it is not always the binding's own. */
	word?(): string;
	/** Why it cannot be done now; undefined when it can. */
	disabled?(): string | undefined;
}

/** Every action of the scopes; one that is missing does not compile. */
export type HandlersOf<S extends Scope> = { readonly [A in ActionOf<S>]: Handler };

export interface View {
	readonly route: Route;
	/** Where its keys stand in the keymap, nearest first. */
	readonly scopes: readonly Scope[];
	readonly handlers: Readonly<Record<string, Handler | undefined>>;
	/** Words of the breadcrumb from the left, then filter chips; figures stand at the right. */
	crumbs(): {
		readonly path: readonly string[];
		readonly chips?: readonly string[];
		readonly figures?: readonly Piece[];
	};
	/** Lays the view out with Ink; what is in it is drawn by surfaces. */
	Body(props: { readonly columns: number; readonly rows: number }): ReactElement;
	/** `1/12,304` and the like, for the status line. */
	position?(): string;
	/** The line being typed, shown above the status line while it is there. */
	input?(): InputLine | undefined;
	/**
	 * Of a view whose keys act on rows that are asked for: those the user asked for last are here, or have not come yet (what acts on
	 * rows waits), or all but the one under the cursor (what moves does not wait), or will not come.
	 */
	rows?(): "here" | "awaited" | "row-awaited" | "missing";
	/** Takes a key before the keymap does; true when it was used. Only while text is being typed. */
	takeKey?(key: string): boolean;
	takePaste?(text: string): void;
	/** Takes what the terminal sent for one key or paste, before it is a key at all; true when it was used. */
	takeRaw?(text: string): boolean;
	/** What `copy` takes: text for the clipboard, and what it is (`the row`); undefined when there is nothing. */
	copy?(): { readonly what: string; readonly text: string } | undefined;
	/** What a list shows, for those who follow; what is being typed is none of it. */
	list?(): ShownList;
	/** Shows that of the list, as far as it is there. */
	showList?(list: ShownList): void;
	/** Words on screen beside each other that can be clicked: headings that sort, tabs, the answers to a question. */
	targets?(): readonly Target[];
	/** Words that lines begin with, such as the names of fields: a click anywhere on such a line is one on them. */
	lineTargets?(): readonly Target[];
	/** The border between a list and its details, where there is one: the column right of it, and moving it there. */
	border?(): { readonly at: number; move(column: number, isKept: boolean): void } | undefined;
	/** Escape: closes what is open inside the view; false when nothing is. */
	back?(): boolean;
	/** The view is on top again. */
	shown?(): void;
	close(): void;
	/** Dialogs lie over the view below them. */
	readonly isDialog?: boolean;
}

export interface Target {
	/** As it stands on the screen. */
	readonly text: string;
	run(): void;
}

export interface InputLine {
	/** Before the text: `/` and the like. */
	readonly label: string;
	readonly text: string;
	/** Offset of the cursor in `text`. */
	readonly cursor: number;
	/** What is wrong with it, and where. */
	readonly problem?:
		| { readonly message: string; readonly hint: string | undefined; readonly at: number | undefined }
		| undefined;
	/** The view says itself what is wrong; the line only marks where. */
	readonly isToldAbove?: boolean;
	readonly hint?: string;
}

export type ToastKind = "good" | "info" | "bad";

/** What a view may use. */
export interface ScreenContext {
	readonly client: Client;
	/** True when the daemon would let this console change things. */
	mayOperate(): boolean;
	isConnected(): boolean;
	/** Opens it on top. What comes after an answer was waited for is dropped when the user has gone on since the key for it. */
	open(route: Route): void;
	/**
	 * What is typed while this goes on waits until it has opened what it opens, and is forgotten when it opens nothing: it was not
	 * meant for what is on screen. A rejection is said.
	 */
	opens(opening: Promise<unknown>): void;
	/** Lays a question over the view on top, also when keys came since the one it follows from: it takes none of those. */
	ask(question: Question): void;
	/** Opens another in place of the view of `old`, of the one on top when none is named. */
	replace(route: Route, old?: Route): void;
	/** Closes the view of that route wherever it lies, the one on top when none is named; never the only one. */
	close(route?: Route): void;
	toast(kind: ToastKind, text: string): void;
	/**
	 * Says what was done and that it can be taken back, by `u` now or from the list of the last twenty. Call it in place of
	 * a good toast after every reversible act.
	 */
	offerUndo(done: Undoable): void;
	/** Takes the newest of those back; false when there is none. */
	undoLast(): boolean;
	/**
	 * Text for the clipboard, `what` it is (`the row`); what is more than terminals take goes to a file with this ending,
	 * whose path is said.
	 */
	copyText(what: string, text: string, ending: string): void;
	/** Says what went wrong, and what to do next, as a toast. */
	fail(err: unknown): void;
	/** Holds the screen still, or lets it go on. */
	turnFreeze(): void;
	isFrozen(): boolean;
	/** From now on goes where that console goes. */
	follow(one: AttachedConsole): void;
	/** Something drawn has changed. */
	changed(): void;
	/** The layout has changed: panes come or go. */
	relayout(): void;
	/** Puts the terminal's cursor there for this frame; dialogs with text fields say it while they draw. */
	setCursor(position: { x: number; y: number }): void;
	/** What is drawn is read out line by line: nothing stands beside anything else. */
	isRead(): boolean;
	/** Little is to be sent to the terminal now: its line is slow. */
	isThrifty(): boolean;
	/** How much of a list's width its details have, on every screen and in every run: a part of 1. */
	details(): number;
	setDetails(part: number, isKept?: boolean): void;
	now(): number;
	overview(): Overview | undefined;
	/** The newest scans, kept current. */
	scans(): readonly Scan[];
	/** The newest maps, likewise. */
	maps(): readonly NetworkMap[];
	/** Calls back whenever the overview, a scan or a map has changed. Returns the way to stop. */
	onLive(listener: () => void): () => void;
	/** Calls back when the connection has come back. Returns the way to stop. */
	onReconnect(listener: () => void): () => void;
}

/** One screen or dialog: how to open it. */
export interface Screen<Id extends ScreenId> {
	readonly id: Id;
	readonly title: string;
	open(route: RouteOf<Id>, context: ScreenContext): View;
}

/** For views without some of a scope's actions there would be no reason: this holds them to all of them. */
export function handle<S extends Scope>(handlers: HandlersOf<S>): Readonly<Record<string, Handler | undefined>> {
	return handlers;
}
