/** Where a console is, as it tells others, and the way to where another one is. What is marked and typed stays here. */
import type { ConsolePlace } from "../../protocol/model/console.ts";
import type { Route } from "../screens/view.ts";

/** Screens about nothing in particular that anybody may be followed to. */
const plain = [
	...(["dashboard", "scans", "assets", "findings", "maps", "profiles", "exclusions", "audit", "duplicates"] as const),
	...(["merges", "tags", "groups", "recipes", "queries", "tickets", "policy", "requests", "purges"] as const),
	...(["credentials", "knowledge", "doctor", "settings", "activity", "consoles"] as const),
] satisfies readonly Route["to"][];

export function placeOf(route: Route): ConsolePlace {
	return { screen: route.to, about: aboutOf(route) };
}

function aboutOf(route: Route): ConsolePlace["about"] {
	switch (route.to) {
		case "scan":
			return { kind: "scan", id: route.scan };
		case "map":
		case "map-rogues":
		case "map-topology":
		case "map-coverage":
			return { kind: "map", id: route.map };
		case "asset":
		case "port":
			return { kind: "asset", id: route.asset };
		case "finding":
		case "why":
		case "finding-history":
			return { kind: "finding", id: route.finding };
		case "request":
			return { kind: "request", id: route.request };
		case "ticket":
			return { kind: "ticket", id: route.ticket };
		case "duplicate":
			return route.group === undefined ? null : { kind: "duplicate", id: route.group };
		default:
			return null;
	}
}

/** Undefined for a place that cannot be gone to from here: a dialog, a screen of a newer console. */
export function routeOf({ screen, about }: ConsolePlace): Route | undefined {
	if (about === null) {
		const known = plain.find((one) => one === screen);
		return known === undefined ? undefined : { to: known };
	}
	const { kind, id } = about;
	if (kind === "finding" && (screen === "why" || screen === "finding-history")) return { to: screen, finding: id };
	if (kind === "map" && (screen === "map-rogues" || screen === "map-topology" || screen === "map-coverage"))
		return { to: screen, map: id };
	switch (kind) {
		case "scan":
			return { to: "scan", scan: id };
		case "map":
			return { to: "map", map: id };
		case "asset":
			return { to: "asset", asset: id };
		case "finding":
			return { to: "finding", finding: id };
		case "request":
			return { to: "request", request: id };
		case "ticket":
			return { to: "ticket", ticket: id };
		case "duplicate":
			return { to: "duplicate", group: id };
	}
}

/** `scan 7`, `why of finding 3`, `findings`: where somebody is, in words. */
export function placeWords({ screen, about }: ConsolePlace): string {
	if (about === null) return screen.replaceAll("-", " ");
	const thing = `${about.kind} ${about.id}`;
	if (screen === about.kind) return thing;
	return `${screen.replace(`${about.kind}-`, "").replaceAll("-", " ")} of ${thing}`;
}
