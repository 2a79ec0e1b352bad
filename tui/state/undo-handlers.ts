/** Undo as the console has it: offered in a toast after an act, taken back by a key or from a list, and what came of it said. */
import { keyOf } from "../keys/find-binding.ts";
import type { Handler, Route, ScreenContext, ToastKind } from "../screens/view.ts";
import { sentenceOf } from "./desk-words.ts";
import { createUndoLedger, type Undoable, undoActions } from "./undo.ts";

export interface UndoDesk extends Pick<ScreenContext, "offerUndo" | "undoLast"> {
	readonly handlers: Record<"undo" | "undo-list" | "redo", Handler>;
}

export function createUndoDesk(say: (kind: ToastKind, text: string) => void, open: (route: Route) => void): UndoDesk {
	const ledger = createUndoLedger();
	const nothing = () => (ledger.list().length > 0 ? undefined : "Nothing was done here that could be taken back.");

	function undo(done: Undoable): void {
		ledger.undo(done).then(
			(undone) => {
				if (!undone) return;
				const again =
					ledger.undone() === undone ? ` · ${keyOf("everywhere", "redo")} does it again` : `. ${undone.final ?? ""}`;
				say("good", `Undone: ${undone.what}${again}`.trimEnd());
			},
			(err: unknown) => say("bad", sentenceOf(err)),
		);
	}

	function undoLast(): boolean {
		const [newest] = ledger.list();
		if (newest) undo(newest);
		return newest !== undefined;
	}

	return {
		offerUndo(done) {
			ledger.offer(done);
			say("good", `${done.what} · ${keyOf("everywhere", "undo")} to undo`);
		},
		undoLast,
		handlers: {
			undo: { run: undoLast, disabled: nothing },
			"undo-list": {
				run: () => open({ to: "palette", title: "Undo", actions: undoActions(ledger.list(), undo) }),
				disabled: nothing,
			},
			redo: {
				run: () =>
					void ledger.redo().then(
						(one) => one && say("good", `${one.what} · ${keyOf("everywhere", "undo")} to undo`),
						(err: unknown) => say("bad", sentenceOf(err)),
					),
				disabled: () => (ledger.undone() ? undefined : "Nothing was taken back that could be done again."),
			},
		},
	};
}
