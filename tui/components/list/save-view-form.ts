/** The dialog that saves what a list shows as a view. */
import type { Form, ScreenContext } from "../../screens/view.ts";
import type { ViewChooser } from "./choosers.ts";

export function saveForm(context: ScreenContext, chooser: ViewChooser, done: () => void): Form {
	const { filter, sort } = chooser.shown();
	const now = chooser.current();
	return {
		title: `Save this view of ${chooser.title}`,
		verb: "saves",
		fields: [
			{
				...{ name: "name", label: "Name", value: now?.mine ? now.name : "" },
				hint: "your own of that name is replaced; vedette … --view NAME shows the same",
			},
			{
				...{ name: "whose", label: "Who has it", value: now?.mine && now.shared ? "everybody" : "me" },
				...{ choices: context.mayOperate() ? ["me", "everybody"] : ["me"], hint: "← → choose" },
			},
		],
		preview: () => [
			`Filter: ${filter === "" ? "none" : filter}`,
			`Order: ${sort ?? "the list's own"}`,
			"Columns: as they are now",
		],
		async submit({ name = "", whose }) {
			const saved = await chooser.save(name.trim(), whose === "everybody");
			context.toast("good", `Saved the view ${saved.name}.`);
			done();
			return undefined;
		},
	};
}
