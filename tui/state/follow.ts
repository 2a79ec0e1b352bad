/** Going where another console goes, until Escape, or until it is gone. */
import type { AttachedConsole, ConsolePlace } from "../../protocol/model/console.ts";
import { placeWords } from "./place.ts";

export interface Follow {
	/** Who is followed, and where they are; undefined: nobody. */
	whom(): Pick<AttachedConsole, "id" | "name" | "place"> | undefined;
	start(one: AttachedConsole): void;
	/** False when nobody was followed. */
	stop(): boolean;
	/** To be called when consoles have moved or gone, when what was in the way is, and about once a second. */
	look(): void;
}

export interface FollowOptions {
	others(): readonly AttachedConsole[];
	/** While this console has no connection it does not know who is there. */
	isConnected(): boolean;
	/** Something is being typed or asked here: it is not taken away. */
	isBusy(): boolean;
	/** That console comes where this one goes, itself or after others: going after it would go to and fro for ever. */
	isFollower(id: number): boolean;
	/** False for a place that cannot be gone to from here. */
	go(place: ConsolePlace): boolean;
	notice(text: string): void;
	/** Others are to be told whom this console follows. */
	changed(): void;
	now(): number;
}

/** A line that drops and comes back within this is no leaving. Milliseconds. */
const awayMs = 15_000;

export function createFollow(options: FollowOptions): Follow {
	const { others, isConnected, isBusy, isFollower, go, notice, changed, now } = options;
	let followed: AttachedConsole | undefined;
	let missingSince: number | undefined;
	let at: string | undefined;
	/** Consoles that look like the followed one and were there beside it: none of them is that one come back. */
	let beside = new Set<number>();

	/** With a connection of its own again it has another id; a daemon that was started again gives its id to somebody else. */
	function found(one: AttachedConsole): AttachedConsole | undefined {
		const theirs = others().filter(({ user }) => user === one.user);
		const alike = theirs.filter(({ from, client }) => from === one.from && client === one.client);
		const itself = theirs.find(({ id }) => id === one.id);
		const again = alike.filter(({ id }) => !beside.has(id));
		const there = itself ?? (again.length === 1 ? again[0] : undefined);
		if (there !== undefined) beside = new Set(alike.flatMap(({ id }) => (id === there.id ? [] : id)));
		return there;
	}

	const whyNot = ({ id, name }: AttachedConsole) =>
		isFollower(id) ? `${name} follows you: they come where you go.` : undefined;

	function end(text: string): void {
		notice(text);
		followed = undefined;
		changed();
	}

	function miss({ name }: AttachedConsole): void {
		missingSince = isConnected() ? (missingSince ?? now()) : undefined;
		if (missingSince === undefined || now() - missingSince < awayMs) return;
		end(`${name} is not attached any more: you are where they were last.`);
	}

	function look(): void {
		if (followed === undefined) return;
		const there = found(followed);
		if (there === undefined) {
			miss(followed);
			return;
		}
		const reason = whyNot(there);
		if (reason !== undefined) {
			end(reason);
			return;
		}
		const isOther = there.id !== followed.id;
		missingSince = undefined;
		followed = there;
		if (isOther) changed();
		if (isBusy() || JSON.stringify(there.place) === at) return;
		at = JSON.stringify(there.place);
		if (!go(there.place))
			notice(
				`${there.name} is at ${placeWords(there.place)}, where they cannot be followed; you go on with them from there.`,
			);
	}

	return {
		whom: () => followed,
		start(one) {
			const reason = whyNot(one);
			if (reason !== undefined) return notice(reason);
			followed = one;
			beside = new Set();
			missingSince = undefined;
			at = undefined;
			changed();
			look();
		},
		stop() {
			if (followed === undefined) return false;
			end(`You no longer follow ${followed.name}.`);
			return true;
		},
		look,
	};
}
