/** What a form's values would come to, asked of the daemon while they are being typed; the lines are the newest there are. */
import type { FormValues, ScreenContext } from "../../screens/view.ts";
import { failureOf } from "../../state/list-loader.ts";

/** The daemon is asked when typing pauses this long. Milliseconds. */
const pauseMs = 300;

/** `questionOf` says what to ask, undefined: nothing; equal questions are asked once. */
export function createLivePreview<Question>(
	context: ScreenContext,
	questionOf: (values: FormValues) => Question | undefined,
	ask: (question: Question) => Promise<readonly string[]>,
): (values: FormValues) => readonly string[] {
	let asked: string | undefined;
	let lines: readonly string[] = [];
	let timer: NodeJS.Timeout | undefined;
	return (values) => {
		const question = questionOf(values);
		const key = JSON.stringify(question);
		if (key === asked) return lines;
		asked = key;
		clearTimeout(timer);
		if (question === undefined) {
			lines = [];
			return lines;
		}
		const show = (next: readonly string[]) => {
			if (key !== asked) return;
			lines = next;
			context.changed();
		};
		timer = setTimeout(() => {
			ask(question).then(show, (err: unknown) => show([failureOf(err).message, failureOf(err).hint ?? ""]));
		}, pauseMs);
		return lines;
	};
}
