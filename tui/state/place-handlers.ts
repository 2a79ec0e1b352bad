/** The actions that lead somewhere from everywhere: a tab is changed to, anything else lies over what is there. */
import type { Handler, Route } from "../screens/view.ts";

const tabs = ["dashboard", "scans", "assets", "findings", "maps", "profiles", "exclusions", "audit"] as const;
const others = [
	...([
		"doctor",
		"settings",
		"activity",
		"knowledge",
		"duplicates",
		"merges",
		"queries",
		"tickets",
		"tags",
		"groups",
		"recipes",
	] as const),
	...(["requests", "purges", "access", "consoles", "credentials", "new-scan"] as const),
] as const;

type Place = (typeof tabs)[number] | (typeof others)[number];

export function placeHandlers(changeTo: (route: Route) => void, open: (route: Route) => void): Record<Place, Handler> {
	return Object.fromEntries([
		...tabs.map((to) => [to, { run: () => changeTo({ to }) }]),
		...others.map((to) => [to, { run: () => open({ to }) }]),
	]) as Record<Place, Handler>;
}
