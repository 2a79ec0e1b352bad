/** A list that others follow, and that follows: what it shows as others are told, and showing what another one shows. */
import type { ShownList } from "../../../protocol/model/console.ts";
import { isLoading, type ListEvent, type PagedList } from "../../state/paged-list.ts";
import type { Store } from "../../state/store.ts";

export interface FollowedList {
	shown(): ShownList;
	show(list: ShownList): void;
	/** To be called when the list has changed. */
	look(): void;
}

export function createFollowedList<Row extends { readonly id: number }>(
	store: Pick<Store<PagedList<Row>>, "get">,
	dispatch: (event: ListEvent<Row>) => void,
	isTyping: () => boolean,
): FollowedList {
	/** Gone to once the rows have come that it is one of. */
	let wanted: ShownList["row"] = null;

	function look(): void {
		if (wanted === null || isLoading(store.get())) return;
		const { id, at } = wanted;
		wanted = null;
		dispatch({ kind: "find", id, at });
	}

	return {
		shown() {
			const { asked, answered, failure, cursor, cursorId } = store.get();
			const { filter, sort = null } = failure || isTyping() ? answered : asked;
			return { filter, sort, row: cursorId === undefined ? null : { id: cursorId, at: cursor } };
		},
		show({ filter, sort, row }) {
			const { asked } = store.get();
			wanted = row;
			if (filter !== asked.filter || sort !== (asked.sort ?? null))
				dispatch({ kind: "ask", filter, sort: sort ?? undefined });
			look();
		},
		look,
	};
}
