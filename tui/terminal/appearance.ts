/** How the console looks and what it listens to, as the user likes it: theme, signs, mouse. Chosen by key, remembered. */
import { type LetterWidth, letterWidthOfEnv, letterWidths } from "../text/letters.ts";
import { measureAnew, wear } from "../theme/look.ts";
import { type ThemeName, themeNames, themes } from "../theme/themes.ts";
import type { Painter } from "./painter.ts";

export interface Liking {
	readonly theme?: ThemeName | undefined;
	readonly letters?: LetterWidth | undefined;
	readonly mouse?: boolean | undefined;
	/** How much of a list's width its details have, a part of 1; 0: none. */
	readonly details?: number | undefined;
	/** The tour has begun by itself: it does that once. */
	readonly toured?: boolean | undefined;
	/** The step at which the tour stands, from 0. */
	readonly tourStep?: number | undefined;
}

/** Of a list's width, what its details have by themselves. */
const usualDetails = 0.38;

/** Where likings are kept; `keep` lays the change over the rest. */
export interface LikingStore {
	readonly first: Liking;
	keep(change: Liking): unknown;
}

export interface Appearance {
	theme(): ThemeName;
	/** False: themes differ in weight and lines alone. */
	hasColours(): boolean;
	setTheme(name: ThemeName): void;
	/** The next of all themes; says which it is. */
	nextTheme(): ThemeName;
	letters(): LetterWidth;
	setLetters(letters: LetterWidth): void;
	hasMouse(): boolean;
	setMouse(isOn: boolean): void;
	/** As in `Liking`. `isKept` false: for now, as the border is being drawn. */
	details(): number;
	setDetails(part: number, isKept?: boolean): void;
	/** Where the tour stood when this console began. */
	tourStep(): number;
	/** The tour stands at that step, from 0; it need not begin by itself again. */
	setTourStep(step: number): void;
}

export function createAppearance(
	painter: Painter,
	store: LikingStore,
	env: Readonly<Record<string, string | undefined>>,
): Appearance {
	let theme = store.first.theme ?? "auto";
	let letters = store.first.letters ?? lettersOf(env.VEDETTE_LETTERS) ?? letterWidthOfEnv(env);
	let mouse = store.first.mouse ?? false;
	let details = store.first.details ?? usualDetails;

	function dress(): void {
		const { paper, isStrong = false } = themes[theme];
		wear(themes[theme]);
		painter.setPaper(paper, isStrong);
	}

	function setTheme(name: ThemeName): void {
		theme = name;
		dress();
		painter.invalidate();
		store.keep({ theme });
	}

	dress();
	painter.setLetters(letters);
	painter.setMouse(mouse);
	return {
		theme: () => theme,
		hasColours: () => painter.hasColours,
		setTheme,
		nextTheme() {
			setTheme(themeNames[(themeNames.indexOf(theme) + 1) % themeNames.length] ?? "auto");
			return theme;
		},
		letters: () => letters,
		setLetters(next) {
			letters = next;
			measureAnew();
			painter.setLetters(letters);
			store.keep({ letters });
		},
		hasMouse: () => mouse,
		setMouse(isOn) {
			mouse = isOn;
			painter.setMouse(mouse);
			store.keep({ mouse });
		},
		details: () => details,
		setDetails(part, isKept = true) {
			details = part;
			if (isKept) store.keep({ details });
		},
		tourStep: () => store.first.tourStep ?? 0,
		setTourStep: (tourStep) => void store.keep({ toured: true, tourStep }),
	};
}

function lettersOf(text: string | undefined): LetterWidth | undefined {
	return letterWidths.find((one) => one === text);
}
