/** One map kept current from what the console watches, asked for when it is older than that. */
import { get } from "../../../protocol/methods/maps.ts";
import type { NetworkMap } from "../../../protocol/model/map.ts";
import type { ScreenContext } from "../../screens/view.ts";

export interface WatchedMap {
	current(): NetworkMap | undefined;
	close(): void;
}

/** `found` is called when the map's hosts may have changed. */
export function watchMap(context: ScreenContext, id: number, found: () => void): WatchedMap {
	let map: NetworkMap | undefined;
	let closed = false;
	const take = (next: NetworkMap | undefined) => {
		if (closed || next === undefined || next === map) return;
		const hasMore =
			map !== undefined && (next.hosts !== map.hosts || next.live !== map.live || next.status !== map.status);
		map = next;
		if (hasMore) found();
		context.changed();
	};
	const look = () => take(context.maps().find((one) => one.id === id));
	look();
	if (map === undefined) context.client.call(get, { map: id }).then(take, context.fail);
	const stop = context.onLive(look);
	return {
		current: () => map,
		close() {
			closed = true;
			stop();
		},
	};
}
