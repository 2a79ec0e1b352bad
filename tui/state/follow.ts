/** Going where another console goes, until Escape, or until it is gone. */
import type { AttachedConsole, ConsolePlace } from "../../protocol/model/console.ts";
import type { Route } from "../screens/view.ts";
import { routeOf } from "./place.ts";

export interface Follow {
	/** Who is followed; undefined: nobody. */
	name(): string | undefined;
	start(one: AttachedConsole): void;
	/** False when nobody was followed. */
	stop(): boolean;
	/** To be called when consoles have moved or gone, and when what was in the way is. */
	look(): void;
}

export interface FollowOptions {
	others(): readonly AttachedConsole[];
	/** Something is being typed or asked here: it is not taken away. */
	isBusy(): boolean;
	go(route: Route): void;
	notice(text: string): void;
}

export function createFollow({ others, isBusy, go, notice }: FollowOptions): Follow {
	let followed: AttachedConsole | undefined;
	let at: string | undefined;
	const look = () => {
		if (followed === undefined || isBusy()) return;
		const id = followed.id;
		const now = others().find((one) => one.id === id);
		if (now === undefined) {
			notice(`${followed.name} is not attached any more: you are where they were last.`);
			followed = undefined;
			return;
		}
		const place: ConsolePlace = now.place;
		if (JSON.stringify(place) === at) return;
		at = JSON.stringify(place);
		const route = routeOf(place);
		if (route !== undefined) go(route);
	};
	return {
		name: () => followed?.name,
		start(one) {
			followed = one;
			at = undefined;
			look();
		},
		stop() {
			const was = followed !== undefined;
			followed = undefined;
			return was;
		},
		look,
	};
}
