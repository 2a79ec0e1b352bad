/** What the dashboard shows of saved queries, and in which order. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { Widget } from "../../protocol/model/query.ts";
import { all, run, transaction } from "./sql.ts";

const mostWidgets = 50;

export interface StoredWidget {
	readonly id: number;
	readonly query: number;
	readonly kind: Widget["kind"];
	readonly position: number;
}

/** In order; positions without gaps. */
export function listWidgets(db: DatabaseSync): StoredWidget[] {
	const rows = all<StoredWidget>(db, "SELECT id, query, kind, position FROM widget ORDER BY position, id");
	return rows.map((row, position) => ({ ...row, position }));
}

/** Throws `not-found`. */
export function getWidget(db: DatabaseSync, id: number): StoredWidget {
	const found = listWidgets(db).find((widget) => widget.id === id);
	if (found !== undefined) return found;
	throw new AppError("not-found", `There is no widget ${id}.`, { hint: "See which there are: vedette query widgets" });
}

/** As the last one. */
export function addWidget(db: DatabaseSync, query: number, kind: Widget["kind"]): StoredWidget {
	const before = listWidgets(db);
	if (before.length >= mostWidgets) {
		throw new AppError("too-large", `There are ${mostWidgets} widgets already.`, { hint: "Take some off first." });
	}
	const insert = "INSERT INTO widget (query, kind, position) VALUES (?, ?, ?)";
	return getWidget(db, run(db, insert, query, kind, before.length).id);
}

export function saveWidget(db: DatabaseSync, changed: StoredWidget): StoredWidget {
	return transaction(db, () => {
		run(db, "UPDATE widget SET query = ?, kind = ? WHERE id = ?", changed.query, changed.kind, changed.id);
		const others = listWidgets(db).filter(({ id }) => id !== changed.id);
		const order = others.toSpliced(changed.position, 0, changed);
		for (const [position, { id }] of order.entries())
			run(db, "UPDATE widget SET position = ? WHERE id = ?", position, id);
		return getWidget(db, changed.id);
	});
}

export function deleteWidget(db: DatabaseSync, id: number): void {
	run(db, "DELETE FROM widget WHERE id = ?", id);
}
