/** The keys of the screen it was opened over, from the same table that gives them their meaning. */
import { Dialog } from "../../components/dialog/dialog.tsx";
import type { Block } from "../../components/reader/document.ts";
import { createScroll } from "../../components/reader/scroll.ts";
import { bindingsInReach, keyLabel, keyOf } from "../../keys/find-binding.ts";
import type { Scope } from "../../keys/keymap.ts";
import { scopeTitles } from "../../keys/scope-titles.ts";
import { handle, type Screen } from "../view.ts";

export const help: Screen<"help"> = {
	id: "help",
	title: "Keys",
	open(route, context) {
		const scroll = createScroll(context);
		const blocks = describeKeys(route.scopes);
		return {
			route,
			isDialog: true,
			scopes: ["reader", "searching"],
			handlers: handle<"reader" | "searching">({ ...scroll.handlers, ...scroll.searching }),
			crumbs: () => ({ path: [] }),
			Body: ({ columns, rows }) => (
				<Dialog
					columns={columns}
					rows={rows}
					width={76}
					// What finding words says stands below it.
					height={Math.min(blocks.length + 4, rows - 4)}
					title="Keys"
					figures={() => [
						[keyOf("searching", "search"), "key"],
						[" finds   ", "muted"],
						[keyOf("everywhere", "back"), "key"],
						[" closes", "muted"],
					]}
					content={(width, height) => scroll.draw(blocks, width, height)}
				/>
			),
			close: () => undefined,
		};
	},
};

function describeKeys(scopes: readonly Scope[]): Block[] {
	const inReach = bindingsInReach(scopes);
	return scopes.flatMap((scope): Block[] => [
		{ kind: "heading", text: scopeTitles[scope] },
		...inReach
			.filter((one) => one.scope === scope)
			.map(
				({ binding }): Block => ({
					...{ kind: "field", look: { token: "key", width: 26 } },
					name: binding.keys.map(keyLabel).join(" "),
					pieces: [[binding.description]],
				}),
			),
	]);
}
