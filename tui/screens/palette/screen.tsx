/** Every action of the place it was opened over, found by typing a part of its name; what cannot be done now says why. */
import { Dialog } from "../../components/dialog/dialog.tsx";
import { drawNotice } from "../../components/frame/frame.ts";
import { editingAction, keyLabel } from "../../keys/find-binding.ts";
import { scopeTitles } from "../../keys/scope-titles.ts";
import { editText, insertText, type TextField, textField, visibleText } from "../../state/text-field.ts";
import { line, type Piece, widthOfPieces } from "../../theme/line.ts";
import { type Action, handle, type Screen } from "../view.ts";
import { elsewhere, matching, type Named } from "./model.ts";

const mostRows = 14;

export const palette: Screen<"palette"> = {
	id: "palette",
	title: "Actions",
	open(route, context) {
		let field: TextField = textField();
		let cursor = 0;
		let place = { x: 0, y: 0 };
		const found = () => matching(route.actions, field.text);
		const edit = (next: TextField) => {
			field = next;
			cursor = 0;
			context.changed();
		};
		const move = (by: number) => {
			const count = found().length;
			cursor = count === 0 ? 0 : (cursor + by + count) % count;
			context.changed();
		};
		const draw = (width: number, height: number): string[] => {
			const shown = visibleText(field, width - 4);
			context.setCursor({ x: place.x + 4 + shown.column, y: place.y + 1 });
			const rows = [
				line(width, [
					["› ", "marker"],
					[shown.text, "input"],
				]),
				line(width, []),
			];
			const actions = found();
			const room = height - rows.length;
			if (actions.length === 0) {
				// What was done before is of no screen.
				const others = route.title === undefined ? elsewhere(route.actions, field.text) : [];
				return [...rows, ...drawNothing(others, width, room)];
			}
			const top = Math.max(0, Math.min(cursor - Math.floor(room / 2), actions.length - room));
			const visible = actions.slice(top, top + room);
			return [...rows, ...visible.map((action, index) => drawAction(action, width, top + index === cursor))];
		};
		return {
			route,
			isDialog: true,
			scopes: ["palette"],
			handlers: handle<"palette">({
				down: { run: () => move(1) },
				up: { run: () => move(-1) },
				submit: {
					run() {
						const action = found()[cursor];
						if (!action) return;
						context.close();
						action.run();
					},
				},
			}),
			takeKey(key) {
				const action = editingAction(key);
				if (action === "accept" || action === "leave") return false;
				if (action) edit(editText(field, action));
				else if (key === "space") edit(insertText(field, " "));
				else if ([...key].length === 1) edit(insertText(field, key));
				else return false;
				return true;
			},
			takePaste: (text) => edit(insertText(field, text)),
			crumbs: () => ({ path: [] }),
			Body: ({ columns, rows }) => (
				<Dialog
					columns={columns}
					rows={rows}
					width={72}
					height={mostRows + 4}
					title={route.title ?? "Actions"}
					onPlace={(x, y) => {
						place = { x, y };
					}}
					content={draw}
				/>
			),
			close: () => undefined,
		};
	},
};

/** Nothing here is called that: where something is. */
function drawNothing(others: readonly Named[], width: number, height: number): string[] {
	if (others.length === 0) return drawNotice(width, height, [[["Nothing is called that.", "muted"]]]);
	const rows = [line(width, [["Nothing is called that here. Elsewhere:", "muted"]]), line(width, [])];
	for (const { binding, scope } of others.slice(0, height - rows.length)) {
		const right: Piece[] = [[binding.keys.map(keyLabel).slice(0, 2).join(" "), "faint"]];
		const room = width - widthOfPieces(right) - 1;
		rows.push(
			line(room, [[`  ${scopeTitles[scope]}: `, "muted"], [binding.description]]) +
				line(width - room, [[" "], ...right]),
		);
	}
	while (rows.length < height) rows.push(line(width, []));
	return rows;
}

function drawAction(action: Action, width: number, isSelected: boolean): string {
	const base = isSelected ? "selected" : "text";
	const reason = action.reason();
	const right: Piece[] = [[action.binding.keys.map(keyLabel).slice(0, 2).join(" "), reason ? "faint" : "key"]];
	const room = width - widthOfPieces(right) - 1;
	const left: Piece[] = [
		[isSelected ? "▌ " : "  ", "marker"],
		[action.binding.description, reason ? "faint" : "text"],
	];
	if (reason) left.push([` · ${reason}`, isSelected ? "warning" : "faint"]);
	return line(room, left, base) + line(width - room, [[" "], ...right], base);
}
