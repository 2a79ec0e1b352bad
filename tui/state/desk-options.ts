/** What the console without its looks is given, and what it can be asked and told. */
import type { Client } from "../../protocol/client.ts";
import type { Link } from "../connect/attach.ts";
import type { Binding } from "../keys/binding.ts";
import type { Route, ScreenContext, ToastKind, View } from "../screens/view.ts";
import type { Appearance } from "../terminal/appearance.ts";
import type { Thrift } from "../terminal/line-watch.ts";
import type { Command } from "./commands.ts";
import type { Follow } from "./follow.ts";
import type { Follower } from "./followers.ts";
import type { Freeze } from "./freeze.ts";
import type { HeldKeys } from "./held-keys.ts";
import type { Live } from "./live.ts";
import type { Lost } from "./lost.ts";
import type { Presence } from "./presence.ts";
import type { Toast } from "./toaster.ts";
import type { Tour } from "./tour.ts";

export interface DeskOptions {
	readonly client: Client;
	readonly readOnly: boolean;
	openView(route: Route, context: ScreenContext): View;
	/** Something drawn has changed. */
	changed(): void;
	/** How long the daemon takes to answer was measured again: nothing else follows from that. */
	lineMeasured(): void;
	/** Views or panes have come or gone. */
	relayout(): void;
	repaint(): void;
	/** Sends text to the clipboard of the user's terminal. False: more than terminals take. */
	copy(text: string): boolean;
	/** For what is more than that: a file of the user's own; resolves with its path. */
	copyToFile(text: string, ending: string): Promise<string>;
	/** Inside tmux, which hands the clipboard on only when told to. */
	readonly isInTmux: boolean;
	readonly appearance: Appearance;
	/** Little is to be sent over the line now. */
	isThrifty(): boolean;
	/** Little over the line: by itself, always, never; says which it is now. */
	turnThrift(): Thrift;
	/** Hands the terminal back to the shell and stops; undefined where there is no such thing. */
	readonly suspend: (() => void) | undefined;
	/** The line to a daemon elsewhere; undefined for one that is here. */
	readonly link: Link | undefined;
	/** Starts the daemon here again; undefined where that is not the console's to do. */
	readonly startDaemon: (() => Promise<void>) | undefined;
	/** Where this console runs, as others are told. */
	readonly from: string;
	/** What is drawn is read out, not looked at. */
	readonly isRead: boolean;
	setCursor(position: { x: number; y: number }): void;
	/** What is shown may be out of date, as the connection is gone. */
	setStale(stale: boolean): void;
	quit(): void;
	now(): number;
}

export interface Desk {
	readonly live: Live;
	readonly presence: Presence;
	readonly freeze: Pick<Freeze, "since" | "waiting">;
	readonly follow: Pick<Follow, "whom">;
	readonly heldKeys: Pick<HeldKeys, "waiting">;
	readonly readOnly: boolean;
	readonly client: Client;
	views(): readonly View[];
	top(): View;
	toast(): Toast | undefined;
	/** The first key of a two-key sequence, while the second is awaited. */
	pendingKeys(): string;
	/** What the second may be, once it has been awaited for a while; empty before. */
	followers(): readonly Follower[];
	/** What the console costs is to be shown. */
	isCostShown(): boolean;
	readonly lost: Pick<Lost, "since" | "because">;
	/** Why the connection does not come back without a login; undefined while it may. */
	needsLogin(): string | undefined;
	/** The console, or what the daemon allows it, does not include this. */
	isRefused(binding: Binding): boolean;
	open(route: Route): void;
	/** What can be typed at the command line where one is now. */
	commands(): readonly Command[];
	/** Leaves the console at once, without a question. */
	leave(): void;
	hasLeft(): boolean;
	readonly tour: Tour;
	/** A message from outside of any screen. */
	tell(kind: ToastKind, text: string): void;
	press(key: string): void;
	/** Does what the mouse asks for, which is going on as a key is. */
	point(act: () => void): void;
	paste(text: string): void;
	/** What the terminal sent, before it is a key; true when the view on top took it. */
	takeRaw(text: string): boolean;
	close(): void;
}
