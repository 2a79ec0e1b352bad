/**
 * Who else is attached, and telling them where this console is. Who comes and goes is said once: a line that drops and comes
 * back within a moment is neither. A daemon that knows nothing of consoles shows nobody.
 */
import type { Client } from "../../protocol/client.ts";
import { show, watch } from "../../protocol/methods/consoles.ts";
import type { AttachedConsole, ConsolePlace } from "../../protocol/model/console.ts";

export interface Presence {
	/** The other consoles, whoever has been here longest first. */
	others(): readonly AttachedConsole[];
	/** Those that look at the same thing; nobody for a place that is about nothing in particular. */
	alsoAt(place: ConsolePlace): readonly AttachedConsole[];
	/** This console is there now. */
	moved(place: ConsolePlace): void;
	/** A key was pressed. */
	touched(): void;
	/** To be called about once a second. */
	tick(): void;
	close(): void;
}

export interface PresenceOptions {
	/** Where this console runs: `local`, `ssh from laptop`. */
	readonly from: string;
	now(): number;
	/** Others have come, gone or moved. */
	changed(): void;
	/** Somebody else has come or gone. */
	notice(text: string): void;
}

/** No key for this long is idle. Milliseconds. */
const idleAfterMs = 60_000;
/** Where one is is told this long after it changed: who pages through screens is told of once. Milliseconds. */
const settleMs = 300;
/** Whoever is back within this was not away. Milliseconds. */
const awayMs = 15_000;

export function watchPresence(client: Client, options: PresenceOptions): Presence {
	const { now } = options;
	let consoles: readonly AttachedConsole[] = [];
	let place: ConsolePlace | undefined;
	let told = "";
	let touchedAt = now();
	let timer: NodeJS.Timeout | undefined;
	/** By user who is not this one: when they were last here; since the first list everybody in it was here before. */
	const seen = new Map<string, { name: string; at: number }>();
	let isFirst = true;

	const tell = () => {
		timer = undefined;
		if (place === undefined || client.state !== "connected") return;
		const idleMs = now() - touchedAt >= idleAfterMs ? now() - touchedAt : null;
		const text = JSON.stringify([place, idleMs !== null]);
		if (text === told) return;
		told = text;
		client.call(show, { place, idleMs, from: options.from.slice(0, 60) }).catch(() => undefined);
	};
	const soon = () => {
		timer ??= setTimeout(tell, settleMs);
	};
	const me = () => client.hello.user;
	const take = (next: readonly AttachedConsole[]) => {
		consoles = next;
		for (const { user, name } of next) {
			if (user === me()) continue;
			if (!seen.has(user) && !isFirst) options.notice(`${name} is attached too.`);
			seen.set(user, { name, at: now() });
		}
		isFirst = false;
		options.changed();
	};
	const lookForGone = () => {
		if (client.state !== "connected") return;
		const present = new Set(consoles.map(({ user }) => user));
		for (const [user, { name, at }] of seen) {
			if (present.has(user)) seen.set(user, { name, at: now() });
			else if (now() - at >= awayMs) {
				seen.delete(user);
				options.notice(`${name} has left.`);
			}
		}
	};
	const subscription = client.subscribe(
		watch,
		{},
		{
			onSnapshot(snapshot) {
				take(snapshot.consoles);
				// A new connection knows nothing of what the one before was told.
				told = "";
				soon();
			},
			onEvent: (event) => take(event.consoles),
			onLost() {
				consoles = [];
				options.changed();
			},
		},
	);
	subscription.ready.catch(() => undefined);
	const others = () => consoles.filter(({ isThis }) => !isThis);
	return {
		others,
		alsoAt({ about }) {
			if (about === null) return [];
			return others().filter(({ place: { about: other } }) => other?.kind === about.kind && other.id === about.id);
		},
		moved(next) {
			place = next;
			soon();
		},
		touched() {
			const wasIdle = now() - touchedAt >= idleAfterMs;
			touchedAt = now();
			if (wasIdle) soon();
		},
		tick() {
			if (now() - touchedAt >= idleAfterMs) tell();
			lookForGone();
		},
		close() {
			clearTimeout(timer);
			subscription.close();
		},
	};
}

/** `ana`, `ana and ben`, `ana and 2 others`; each name once. */
export function namesOf(people: readonly Pick<AttachedConsole, "name">[]): string {
	const [first = "", second, ...more] = new Set(people.map(({ name }) => name));
	if (second === undefined) return first;
	return more.length === 0 ? `${first} and ${second}` : `${first} and ${more.length + 1} others`;
}
