/** Whoever has moved every key finds no old one named on any screen, with things in it or empty. */
import { afterEach, expect, test } from "vitest";
import { openTestConsole } from "../../test/support/console.ts";
import { createFakeClient } from "../connect/fake-client.test-support.ts";
import type { Binding } from "../keys/binding.ts";
import { type Keymap, putInForce } from "../keys/in-force.ts";
import { keymap } from "../keys/keymap.ts";
import { themes } from "../theme/themes.ts";
import { sampleRoutes } from "./sample-routes.test-support.ts";

afterEach(() => putInForce(keymap));

const own = "¤";
/** What moves nothing of the keymap: arrows and letters of a field are editing. */
const fixed = new Set(["← →", "ctrl-c"]);
const moved = Object.fromEntries(
	Object.entries(keymap).map(([scope, bindings]) => [
		scope,
		(bindings as readonly Binding[]).map((binding) =>
			["quit", "leave-pane"].includes(binding.action) || binding.keys.length === 0
				? binding
				: { ...binding, keys: [own] },
		),
	]),
) as unknown as Keymap;

function emptied<Client extends ReturnType<typeof createFakeClient>>(client: Client): Client {
	const call = client.call.bind(client);
	client.call = (async (...given: Parameters<typeof call>) => {
		const answer = await call(...given);
		return typeof answer === "object" && answer !== null && "items" in answer
			? { ...answer, items: [], total: 0 }
			: answer;
	}) as typeof client.call;
	return client;
}

test.each([
	["with things in it", createFakeClient],
	["empty", () => emptied(createFakeClient({ findings: 0, assets: 0 }))],
])(
	"every screen, %s, names keys that are in force",
	async (_, client) => {
		const old = new Set<string>();
		for (const route of sampleRoutes()) {
			const size = { columns: 160, rows: 45 };
			const keys = { keymap: moved, changed: 1, problems: [] };
			const desk = openTestConsole({ client: client(), screen: route, size, keys });
			await desk.terminal.waitFor((shown) => shown.includes("vedette") && !shown.includes("Asking"));
			for (let row = 0; row < size.rows; row++) {
				let run = "";
				for (let column = 0; column <= size.columns; column++) {
					const cell = desk.terminal.cell(column, row);
					if (cell.foreground === themes.dark.table.key.foreground && cell.isBold) run += cell.text || " ";
					else {
						for (const key of run.trim().split(/ {2,}/))
							if (key !== "" && !fixed.has(key)) old.add(`${route.to}: ${key}`);
						run = "";
					}
				}
			}
			await desk.close();
		}
		// The size of a box that is being arranged stands in the look of a key.
		expect([...old].filter((text) => !/: ([¤ ]+|\d\/3 · \w+)$/.test(text))).toEqual([]);
	},
	60_000,
);
