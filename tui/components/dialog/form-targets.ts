/** What can be clicked at the foot of a form: the words that say its keys. */
import { keyOf } from "../../keys/find-binding.ts";
import type { Handler, ScreenContext, Target } from "../../screens/view.ts";

interface FormHandlers {
	readonly submit?: Handler | undefined;
	readonly "next-field"?: Handler | undefined;
}

/** `verb` is what Enter does. */
export function formTargets(context: ScreenContext, verb: string, handlers: FormHandlers): readonly Target[] {
	const act = (handler: Handler | undefined) => () => {
		const reason = handler?.disabled?.();
		if (reason === undefined) handler?.run();
		else context.toast("info", reason);
	};
	return [
		{ text: `${keyOf("form", "submit")} ${verb}`, run: act(handlers.submit) },
		{ text: `${keyOf("form", "next-field")} next field`, run: act(handlers["next-field"]) },
		{ text: `${keyOf("everywhere", "back")} leaves`, run: context.close },
	];
}
