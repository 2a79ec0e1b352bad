/** The views of the list behind: look with one, save what is shown, share, open with, delete. */
import type { SavedView } from "../../../protocol/model/view.ts";
import { Dialog } from "../../components/dialog/dialog.tsx";
import { drawNotice } from "../../components/frame/frame.ts";
import { createPicker } from "../../components/list/picker.ts";
import { saveForm } from "../../components/list/save-view-form.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { ActionOf } from "../../keys/keymap.ts";
import { sentenceOf } from "../../state/desk-words.ts";
import { reversible } from "../../state/undo.ts";
import { personName } from "../../text/people.ts";
import { cell, line, type Piece } from "../../theme/line.ts";
import { type Handler, handle, type Screen } from "../view.ts";

const dialogWidth = 76;
const nameWidth = 22;
const key = (action: ActionOf<"view-chooser">) => keyOf("view-chooser", action);

export const views: Screen<"views"> = {
	id: "views",
	title: "Views",
	open(route, context) {
		const { chooser } = route;
		const picker = createPicker<SavedView | null>(context);
		let known: readonly SavedView[] | undefined;
		let failure = "";
		let isClosed = false;
		function load(): void {
			chooser.load().then(
				(found) => {
					if (known === undefined) picker.stand(1 + found.findIndex((view) => isSame(view, chooser.current())));
					known = found;
					context.relayout();
				},
				(err: unknown) => {
					failure = sentenceOf(err);
					context.changed();
				},
			);
		}
		load();
		const rows = (): readonly (SavedView | null)[] => [null, ...(known ?? [])];
		const onView = (act: (view: SavedView) => void, reason?: (view: SavedView) => string | undefined): Handler => ({
			run() {
				const view = picker.current();
				if (view) act(view);
			},
			disabled() {
				const view = picker.current();
				return view ? reason?.(view) : `Choose a view first; ${key("save")} saves one.`;
			},
		});
		const done = (work: Promise<unknown>, words: string) =>
			work.then(() => {
				context.toast("good", words);
				if (!isClosed) load();
			}, context.fail);
		const describe = (view: SavedView | null): readonly Piece[] => {
			const isOn = view === null ? chooser.current() === null : isSame(view, chooser.current());
			const opens = view === null ? chooser.opensWith() === null : isSame(view, chooser.opensWith());
			const whose = view === null ? "" : view.mine ? (view.shared ? "mine, shared" : "mine") : personName(view.owner);
			const what = view === null ? "the list as it is by itself" : [view.filter, view.sort].filter(Boolean).join(" · ");
			return [
				[isOn ? "● " : "  ", "accent"],
				cell(view?.name ?? "Everything", nameWidth),
				[opens ? "» " : "  ", "good"],
				cell(whose, 13, "muted"),
				[" "],
				[what, "faint"],
			];
		};
		const draw = (width: number, height: number): string[] => {
			if (failure !== "") return drawNotice(width, height, [[[failure, "bad"]]]);
			return [
				...picker.draw(rows(), width, height - 2, describe, ""),
				line(width, []),
				line(width, [
					[key("save"), "key"],
					[" saves what is shown  ", "muted"],
					[key("share"), "key"],
					[" shares  ", "muted"],
					[key("default"), "key"],
					[" opens with it (»)  ", "muted"],
					[key("delete"), "key"],
					[" deletes", "muted"],
				]),
			];
		};
		return {
			route,
			isDialog: true,
			scopes: ["view-chooser"],
			handlers: handle<"view-chooser">({
				...{ down: picker.handlers.down, up: picker.handlers.up },
				apply: {
					run() {
						const view = picker.current() ?? null;
						context.close();
						chooser.apply(view);
					},
				},
				save: { run: () => context.open({ to: "form", form: saveForm(context, chooser, load) }) },
				share: onView(
					(view) => void done(chooser.share(view), `Everybody has the view ${view.name} now.`),
					(view) => (view.shared ? "It is shared already." : undefined),
				),
				default: {
					run() {
						const view = picker.current() ?? null;
						const next = view !== null && isSame(view, chooser.opensWith()) ? null : view;
						void done(
							chooser.setDefault(next),
							`${chooser.title} opens with ${next === null ? "everything" : next.name}.`,
						);
					},
				},
				delete: onView((view) =>
					context.open({
						to: "confirm",
						question: {
							title: `Delete the view ${view.name}?`,
							effect: [
								view.shared ? "Nobody has it any more." : "Only you have it.",
								`Filter: ${view.filter || "none"}`,
							],
							...{ yes: "Delete", no: "Keep" },
							run: () =>
								void chooser.remove(view).then(() => {
									context.offerUndo(
										reversible(`The view ${view.name} is deleted`, {
											again: () => chooser.remove(view),
											back: () => chooser.restore(view),
											done: () => undefined,
										}),
									);
									if (!isClosed) load();
								}, context.fail),
						},
					}),
				),
			}),
			crumbs: () => ({ path: [] }),
			shown: context.changed,
			Body: ({ columns, rows: room }) => (
				<Dialog
					columns={columns}
					rows={room}
					width={dialogWidth}
					height={rows().length + 4}
					title={`Views of ${chooser.title}`}
					content={draw}
				/>
			),
			close() {
				isClosed = true;
			},
		};
	},
};

function isSame(a: SavedView, b: SavedView | null): boolean {
	return a.owner === b?.owner && a.name === b.name;
}
