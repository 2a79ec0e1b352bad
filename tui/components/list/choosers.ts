/** What the dialogs over a list work on: its columns and its views. The list hands them over, and follows at once. */
import type { SavedView } from "../../../protocol/model/view.ts";
import type { LayoutChange } from "./layout.ts";

export interface ColumnEntry {
	readonly id: string;
	readonly title: string;
	readonly hidden: boolean;
	/** As somebody made it; null: as it is by itself. */
	readonly width: number | null;
	/** As it stands in the list now; undefined: there is no room for it. */
	readonly drawn: number | undefined;
	/** The daemon can sort by it. */
	readonly sorts: boolean;
}

export interface ColumnChooser {
	readonly title: string;
	/** The column the list has chosen. */
	readonly chosen: string | undefined;
	entries(): readonly ColumnEntry[];
	change(change: LayoutChange): void;
	/** Columns as the list has them by itself. */
	reset(): void;
}

export interface ViewChooser {
	readonly title: string;
	/** Asks the daemon. */
	load(): Promise<readonly SavedView[]>;
	/** What the list shows now, which can be saved. */
	shown(): { readonly filter: string; readonly sort: string | undefined };
	/** The view the list is looked at with; null: none. */
	current(): SavedView | null;
	/** The view the list opens with. */
	opensWith(): SavedView | null;
	/** Null: everything. */
	apply(view: SavedView | null): void;
	/** With what the list shows now. */
	save(name: string, shared: boolean): Promise<SavedView>;
	/** As it is, for everybody. */
	share(view: SavedView): Promise<SavedView>;
	remove(view: SavedView): Promise<void>;
	/** After it was removed: as it was. */
	restore(view: SavedView): Promise<void>;
	setDefault(view: SavedView | null): Promise<void>;
}
