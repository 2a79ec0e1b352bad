/** The actions that change how the console is for whoever sits here, and nothing else: theme, mouse, the tour. */
import { keyOf } from "../keys/find-binding.ts";
import type { Handler } from "../screens/view.ts";
import type { Appearance } from "../terminal/appearance.ts";
import { mouseWords, themeWords } from "./desk-words.ts";
import type { Tour } from "./tour.ts";

export function comfortHandlers(
	appearance: Appearance,
	tour: Tour,
	say: (text: string) => void,
): Record<"theme" | "mouse" | "tour-next" | "tour-end", Handler> {
	return {
		theme: {
			run() {
				appearance.nextTheme();
				say(themeWords(appearance));
			},
		},
		mouse: {
			run() {
				appearance.setMouse(!appearance.hasMouse());
				say(mouseWords(appearance.hasMouse(), keyOf("everywhere", "mouse")));
			},
		},
		"tour-next": { run: tour.next },
		"tour-end": {
			run: tour.end,
			disabled: () =>
				tour.stand() ? undefined : `There is no tour under way; ${keyOf("everywhere", "tour-next")} begins it.`,
		},
	};
}
