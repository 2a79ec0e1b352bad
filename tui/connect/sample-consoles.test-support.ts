/** Plausible attached consoles for tests: this one, and, where there is text to say, somebody else. */
import type { AttachedConsole } from "../../protocol/model/console.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";

const at = "2026-02-03T09:12:44.000Z";

export function consoleOf(id: number, more: Partial<AttachedConsole> = {}): AttachedConsole {
	return {
		...{ id, user: "unix:1000", name: "me", access: "admin", client: "vedette 0.1.0", from: "local", since: at },
		...{ place: { screen: "dashboard", about: null }, follows: null, idleSince: null, isThis: id === 1, ...more },
	};
}

/** Alone unless `text` stands in for somebody's name and place. */
export function consolesOf({ text }: SampleOptions): AttachedConsole[] {
	if (text === undefined) return [consoleOf(1)];
	const place = { screen: "scan", about: { kind: "scan" as const, id: 7 } };
	return [
		consoleOf(1),
		consoleOf(2, { user: "unix:1001", name: text, from: text, client: text, place, idleSince: at }),
	];
}
