/** How what goes on is told, and where each kind of it is shown in full. */
import type { Activity } from "../../../protocol/model/activity.ts";
import type { Route } from "../../screens/view.ts";
import type { Piece } from "../../theme/line.ts";

export const activityStatePieces: Readonly<Record<Activity["state"], Piece>> = {
	running: ["● running", "working"],
	waiting: ["◔ waiting", "warning"],
	done: ["✓ done", "good"],
	failed: ["✗ failed", "bad"],
	stopped: ["■ stopped", "muted"],
};

export function routeOfActivity({ kind, number, title }: Activity): Route {
	switch (kind) {
		case "scan":
			return number === null ? { to: "scans" } : { to: "scan", scan: number };
		case "map":
			return number === null ? { to: "maps" } : { to: "map", map: number };
		case "request":
			return number === null ? { to: "requests" } : { to: "request", request: number };
		case "merge":
			return { to: "merges", ...(number === null ? {} : { filter: `id:${number}` }) };
		case "recipe":
			return { to: "recipes" };
		case "purge":
			return { to: "purges" };
		case "search":
			return { to: "duplicates" };
		case "update":
			return { to: "knowledge" };
		case "import":
			return { to: "audit", filter: `object:${JSON.stringify(title.replaceAll('"', ""))}` };
	}
}
