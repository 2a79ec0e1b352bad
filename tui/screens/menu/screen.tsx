/** A few actions to choose one of: by its key, or with the arrows and Enter. What cannot be done says why. */
import { Dialog } from "../../components/dialog/dialog.tsx";
import type { Binding } from "../../keys/binding.ts";
import { keyLabel } from "../../keys/find-binding.ts";
import { bindingsOf } from "../../keys/in-force.ts";
import { cell, line, type Piece } from "../../theme/line.ts";
import { type Handler, handle, type Screen } from "../view.ts";

const dialogWidth = 72;
const keyWidth = 4;

export const menu: Screen<"menu"> = {
	id: "menu",
	title: "Menu",
	open(route, context) {
		const { title, scope, handlers, notes = {} } = route.menu;
		const bindings = bindingsOf(scope);
		let cursor = 0;
		const take = (binding: Binding | undefined): Handler => ({
			run() {
				context.close();
				if (binding) handlers[binding.action]?.run();
			},
			disabled: () => (binding ? handlers[binding.action]?.disabled?.() : "There is nothing to choose."),
		});
		const move = (by: number): Handler => ({
			run() {
				cursor = (cursor + by + bindings.length) % bindings.length;
				context.changed();
			},
		});
		const drawn = (binding: Binding, width: number, isSelected: boolean): string => {
			const reason = handlers[binding.action]?.disabled?.();
			const note = reason ?? notes[binding.action] ?? "";
			const pieces: Piece[] = [
				[isSelected ? "▌ " : "  ", "marker"],
				cell(keyLabel(binding.keys[0] ?? ""), keyWidth, reason ? "faint" : "key"),
				[binding.description, reason ? "faint" : "text"],
				...(note === "" ? [] : [[`  ${note}`, reason ? "warning" : "muted"] as const]),
			];
			return line(width, pieces, isSelected ? "selected" : "text");
		};
		const chosen = (): Handler => take(bindings[cursor]);
		return {
			route,
			isDialog: true,
			scopes: [scope, "menu"],
			handlers: {
				...Object.fromEntries(bindings.map((binding) => [binding.action, take(binding)])),
				...handle<"menu">({
					"menu-down": move(1),
					"menu-up": move(-1),
					submit: { run: () => chosen().run(), disabled: () => chosen().disabled?.() },
				}),
			},
			crumbs: () => ({ path: [] }),
			Body: ({ columns, rows }) => (
				<Dialog
					columns={columns}
					rows={rows}
					width={dialogWidth}
					height={bindings.length + 2}
					title={title}
					content={(width) => bindings.map((binding, at) => drawn(binding, width, at === cursor))}
				/>
			),
			close: () => undefined,
		};
	},
};
