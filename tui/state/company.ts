/** The other consoles: telling them where this one is and what its list shows, and going where one of them goes. */
import type { Client } from "../../protocol/client.ts";
import type { ConsolePlace } from "../../protocol/model/console.ts";
import { createFollow, type Follow } from "./follow.ts";
import type { Navigation } from "./navigation.ts";
import { placeOf, placeWords, routeOf } from "./place.ts";
import { type Presence, watchPresence } from "./presence.ts";

export interface Company {
	readonly presence: Presence;
	readonly follow: Follow;
}

export interface CompanyParts {
	readonly client: Client;
	/** Where this console runs, as others are told. */
	readonly from: string;
	readonly navigation: Pick<Navigation, "top" | "screen" | "startFrom">;
	say(text: string): void;
	/** As `say`, for what one need not know. */
	sayQuietly(text: string): void;
	changed(): void;
	now(): number;
}

export function keepCompany({ client, from, navigation, say, sayQuietly, changed, now }: CompanyParts): Company {
	const { top, screen, startFrom } = navigation;

	function place(): ConsolePlace | undefined {
		const here = screen();
		if (here === undefined) return undefined;
		const list = presence.followers().length > 0 ? here.list?.() : undefined;
		return { ...placeOf(here.route), ...(list === undefined ? {} : { list }) };
	}

	/** To where a console is that is followed. False: it cannot be gone to. */
	function go(there: ConsolePlace): boolean {
		const here = screen();
		const isHere = here !== undefined && placeWords(placeOf(here.route)) === placeWords(there);
		const route = routeOf(there);
		if (!isHere && route === undefined) return false;
		if (!isHere && route !== undefined) startFrom(route);
		if (there.list) screen()?.showList?.(there.list);
		return true;
	}

	const presence = watchPresence(client, {
		...{ from, now, notice: sayQuietly, place },
		follows: () => follow.whom()?.id ?? null,
		changed() {
			follow.look();
			changed();
		},
	});
	const follow = createFollow({
		others: presence.others,
		isConnected: () => client.state === "connected",
		isBusy: () => top().isDialog === true || (top().input?.()?.cursor ?? -1) >= 0,
		isFollower: presence.isFollower,
		go,
		notice: say,
		changed: () => presence.moved(),
		now,
	});
	return {
		presence: {
			...presence,
			tick() {
				presence.tick();
				follow.look();
			},
		},
		follow,
	};
}
