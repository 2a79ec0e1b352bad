/** What happens while nobody asks, as lines: messages, steps of the tour, and scans and maps that begin, get on and end. */
import type { Desk } from "../state/desk.ts";

/** Progress is told at every quarter. */
const steps = 4;

/** Call whenever something may have changed; says only what is new. */
export function announcements(desk: Pick<Desk, "toast" | "live" | "tour">, say: (line: string) => void): () => void {
	let toast = desk.toast();
	let step: number | undefined;
	let known: Map<string, string> | undefined;
	const told = () =>
		new Map(
			[
				...desk.live.scans().map((scan) => ({ ...scan, what: "Scan" })),
				...desk.live.maps().map((map) => ({ ...map, what: "Map" })),
			].map(({ what, id, title, status, progress }): [string, string] => {
				const quarter = Math.floor(progress * steps) / steps;
				const figure = status === "running" ? `, ${Math.round(quarter * 100)} %` : "";
				return [`${what} ${id}`, `${what} ${id} “${title}”: ${status}${figure}.`];
			}),
		);
	return () => {
		const message = desk.toast();
		if (message && message !== toast) say(`${message.kind === "bad" ? "Error: " : ""}${message.text}`);
		toast = message;
		const tour = desk.tour.stand();
		if (tour && tour.step !== step)
			say(
				`Tour ${tour.step}/${tour.of}: ${tour.words} Keys are typed as press KEY; tour-next goes on, tour-end leaves it.`,
			);
		step = tour?.step;
		const now = told();
		// What ran before this console was opened is no news.
		for (const [key, line] of known ? now : []) if (known?.get(key) !== line) say(line);
		known = now;
	};
}
