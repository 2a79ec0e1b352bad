/** Plausible recipes for tests; `text` stands in for what people and hosts wrote. */
import { type Recipe, recipeRequest } from "../../protocol/model/recipe.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";

const at = "2026-02-03T09:12:44.000Z";

/** The fifth waits, the fourth failed, the third runs, the others are finished. */
export function recipeOf(id: number, { text }: SampleOptions): Recipe {
	const [status, state] =
		({ 3: ["running", "running"], 4: ["failed", "failed"], 5: ["waiting", "waiting"] } as const)[id] ??
		(["finished", "done"] as const);
	return {
		...{ id, title: text ?? "New subnet 10.0.0.0/24", status, by: text ?? "unix:1000", createdAt: at },
		request: recipeRequest.parse({ kind: "new-subnet", netblock: ["10.0.0.0/24"] }),
		steps: [
			{ name: "map", state: "done", text: text ?? "map 4: 12 live hosts", scan: null, map: 4 },
			{ name: "approve", state, text: text ?? "12 live hosts are not approved", scan: null, map: null },
			{ name: "inventory", state: "pending", text: text ?? "add the approved hosts", scan: null, map: null },
		],
		finishedAt: status === "finished" ? at : null,
	};
}
