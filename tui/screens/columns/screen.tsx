/** The columns of the list behind: shown or hidden, their order and width. The list follows at once. */
import { Dialog } from "../../components/dialog/dialog.tsx";
import type { ColumnEntry } from "../../components/list/choosers.ts";
import { createPicker } from "../../components/list/picker.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { ActionOf } from "../../keys/keymap.ts";
import { cell, line, type Piece } from "../../theme/line.ts";
import { type Handler, handle, type Screen } from "../view.ts";

const dialogWidth = 60;
const titleWidth = 16;
const key = (action: ActionOf<"column-chooser">) => keyOf("column-chooser", action);

export const columns: Screen<"columns"> = {
	id: "columns",
	title: "Columns",
	open(route, context) {
		const { chooser } = route;
		const picker = createPicker<ColumnEntry>(context);
		picker.stand(chooser.entries().findIndex(({ id }) => id === chooser.chosen));
		const on = (act: (entry: ColumnEntry) => void): Handler => ({
			run() {
				const entry = picker.current();
				if (entry) act(entry);
				context.changed();
			},
		});
		const moved = (by: -1 | 1) =>
			on(({ id }) => {
				chooser.change({ kind: "move", id, by });
				picker.stand(chooser.entries().findIndex((one) => one.id === id));
			});
		const widened = (by: number): Handler => ({
			...on(({ id, width, drawn }) => chooser.change({ kind: "width", id, width: (drawn ?? width ?? 10) + by })),
			disabled: () => (picker.current()?.hidden ? `It is hidden: ${key("toggle")} shows it.` : undefined),
		});
		const draw = (width: number, height: number): string[] => [
			...picker.draw(chooser.entries(), width, height - 2, describe, "There is no column."),
			line(width, []),
			line(width, [
				[key("toggle"), "key"],
				[" shows or hides  ", "muted"],
				[`${key("sooner")} ${key("later")}`, "key"],
				[" order  ", "muted"],
				[`${key("narrower")} ${key("wider")}`, "key"],
				[" width  ", "muted"],
				[key("reset"), "key"],
				[" as it was", "muted"],
			]),
		];
		return {
			route,
			isDialog: true,
			scopes: ["column-chooser"],
			handlers: handle<"column-chooser">({
				...{ down: picker.handlers.down, up: picker.handlers.up },
				toggle: {
					...on(({ id }) => chooser.change({ kind: "toggle", id })),
					disabled() {
						const shown = chooser.entries().filter(({ hidden }) => !hidden);
						return shown.length === 1 && picker.current()?.hidden === false ? "One column stays." : undefined;
					},
				},
				sooner: moved(-1),
				later: moved(1),
				narrower: widened(-1),
				wider: widened(1),
				"own-width": on(({ id }) => chooser.change({ kind: "width", id, width: null })),
				reset: { run: chooser.reset },
				done: { run: context.close },
			}),
			crumbs: () => ({ path: [] }),
			Body: ({ columns: room, rows }) => (
				<Dialog
					columns={room}
					rows={rows}
					width={dialogWidth}
					height={chooser.entries().length + 4}
					title={`Columns of ${chooser.title}`}
					content={draw}
				/>
			),
			close: () => undefined,
		};
	},
};

function describe({ title, hidden, width, drawn, sorts }: ColumnEntry): readonly Piece[] {
	const room = hidden ? "hidden" : drawn === undefined ? "no room at this size" : `${drawn} wide`;
	return [
		[hidden ? "○ " : "● ", hidden ? "faint" : "good"],
		cell(title, titleWidth, hidden ? "faint" : "text"),
		cell(width === null || hidden ? room : `${room}, by hand`, 22, hidden || drawn === undefined ? "faint" : "muted"),
		[sorts ? "" : "no order by it", "faint"],
	];
}
