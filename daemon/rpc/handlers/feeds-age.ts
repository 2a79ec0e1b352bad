/** How current the feeds are that packages are judged with. */
import type { FeedsAge } from "../../../protocol/model/overview.ts";
import type { FeedStatus } from "../../knowledge/advisories/base.ts";
import type { Services } from "../services.ts";

const dayMs = 86_400_000;

/** The age of all is that of the one that lags most behind. `now` in milliseconds since the epoch. */
export function feedsAge({ library, updater, settings }: Services, now: number): FeedsAge {
	const feeds = library.base?.feeds() ?? [];
	const fresh = feeds.map((feed) => ({
		name: feed.name,
		at: freshAt(feed, updater.checkedAt(feed.name, feed.digest)),
	}));
	const [lagging] = fresh.toSorted((a, b) => a.at - b.at);
	const isOld = lagging === undefined || now - lagging.at > settings.data.updates.oldAfterDays * dayMs;
	return {
		held: feeds.length,
		freshAt: lagging === undefined ? null : new Date(lagging.at).toISOString(),
		lagging: lagging?.name ?? null,
		isOld,
		updating: library.importing !== null,
	};
}

/** Up to when it knows. One that was compared with its source is as new as that; a file only as new as what it says. */
function freshAt({ publishedAt, importedAt }: FeedStatus, checkedAt: string | null): number {
	return Math.max(publishedAt ?? importedAt, checkedAt === null ? 0 : Date.parse(checkedAt));
}
