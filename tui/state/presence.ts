/**
 * Who else is attached, and telling them where this console is. Who comes and goes is said once: a line that drops and comes
 * back within a moment is neither. A daemon that knows nothing of consoles shows nobody.
 */
import type { Client } from "../../protocol/client.ts";
import { show, watch } from "../../protocol/methods/consoles.ts";
import type { AttachedConsole, ConsolePlace } from "../../protocol/model/console.ts";
import { knowPeople } from "../text/people.ts";

export interface Presence {
	/** The other consoles, whoever has been here longest first. */
	others(): readonly AttachedConsole[];
	/** Those that look at the same thing; nobody for a place that is about nothing in particular. */
	alsoAt(place: ConsolePlace): readonly AttachedConsole[];
	/** Those that go where this one goes. */
	followers(): readonly AttachedConsole[];
	/** That one does, itself or by going after one that does. */
	isFollower(id: number): boolean;
	/** What others are told has changed. */
	moved(): void;
	/** A key was pressed. */
	touched(): void;
	/** To be called about once a second. */
	tick(): void;
	close(): void;
}

export interface PresenceOptions {
	/** Where this console runs: `local`, `ssh from laptop`. */
	readonly from: string;
	/** Where this console is; undefined before it is anywhere. */
	place(): ConsolePlace | undefined;
	/** The console this one goes after, by its id. */
	follows(): number | null;
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
	let told = "";
	let touchedAt = now();
	let timer: NodeJS.Timeout | undefined;
	/** By user who is not this one: when they were last here; since the first list everybody in it was here before. */
	const seen = new Map<string, { name: string; at: number }>();
	let isFirst = true;

	const tell = () => {
		timer = undefined;
		const place = options.place();
		if (place === undefined || client.state !== "connected") return;
		const idleMs = now() - touchedAt >= idleAfterMs ? now() - touchedAt : null;
		const follows = options.follows();
		const text = JSON.stringify([place, follows, idleMs !== null]);
		if (text === told) return;
		told = text;
		client.call(show, { place, idleMs, follows, from: options.from.slice(0, 60) }).catch(() => undefined);
	};
	const soon = () => {
		timer ??= setTimeout(tell, settleMs);
	};
	const me = () => client.hello.user;
	const others = () => consoles.filter(({ isThis }) => !isThis);
	const own = () => consoles.find(({ isThis }) => isThis)?.id;
	const followers = () => others().filter(({ follows }) => follows !== null && follows === own());
	const isFollower = (id: number) => {
		const byId = new Map(consoles.map((one) => [one.id, one]));
		// Others may go after each other in a ring.
		const passed = new Set<number>();
		for (let one = byId.get(id); one?.follows != null && !passed.has(one.id); one = byId.get(one.follows)) {
			if (one.follows === own()) return true;
			passed.add(one.id);
		}
		return false;
	};
	const take = (next: readonly AttachedConsole[]) => {
		const before = new Set(followers().map(({ id }) => id));
		consoles = next;
		for (const { id, name } of followers())
			if (!before.has(id)) options.notice(`${name} follows you: they see what your lists show.`);
		knowPeople(next.map(({ user: identity, name }) => ({ identity, name })));
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
	return {
		others,
		followers,
		isFollower,
		alsoAt({ about }) {
			if (about === null) return [];
			return others().filter(({ place: { about: other } }) => other?.kind === about.kind && other.id === about.id);
		},
		moved: soon,
		touched() {
			const wasIdle = now() - touchedAt >= idleAfterMs;
			touchedAt = now();
			if (wasIdle || followers().length > 0) soon();
		},
		tick() {
			tell();
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
