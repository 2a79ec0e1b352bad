/** The one line that says what came of something, until it has stood long enough or another takes its place. */
import type { ToastKind } from "../screens/view.ts";

export interface Toast {
	readonly kind: ToastKind;
	readonly text: string;
	/** Unix milliseconds. */
	readonly until: number;
}

export interface Toaster {
	shown(): Toast | undefined;
	say(kind: ToastKind, text: string): void;
	/** What one need not know does not take the place of what one must. */
	sayQuietly(text: string): void;
	clear(): void;
}

const toastMs = { good: 4_000, info: 5_000, bad: 9_000 } as const;

export function createToaster(now: () => number, changed: () => void): Toaster {
	let toast: Toast | undefined;
	const shown = () => {
		if (toast && toast.until < now()) toast = undefined;
		return toast;
	};

	function say(kind: ToastKind, text: string): void {
		toast = { kind, text, until: now() + toastMs[kind] };
		changed();
	}

	return {
		shown,
		say,
		sayQuietly(text) {
			if (!shown()) say("info", text);
		},
		clear() {
			if (!toast) return;
			toast = undefined;
			changed();
		},
	};
}
