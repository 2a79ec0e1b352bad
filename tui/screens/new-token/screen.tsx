/** The secret of a token that was just made: the one time it is shown. */
import { drawFrame } from "../../components/frame/frame.ts";
import type { Block } from "../../components/reader/document.ts";
import { createScroll } from "../../components/reader/scroll.ts";
import { Surface } from "../../terminal/surface.tsx";
import { when } from "../../text/format.ts";
import { handle, type Screen } from "../view.ts";

export const newToken: Screen<"new-token"> = {
	id: "new-token",
	title: "New token",
	open(route, context) {
		const { token, secret } = route;
		const scroll = createScroll(context.changed);
		let mayLeave = false;
		const blocks: readonly Block[] = [
			{
				kind: "text",
				text: `Token ${token.name}: ${token.access} access until ${when(token.expiresAt)} UTC`,
				token: "strong",
			},
			{ kind: "gap" },
			{ kind: "text", text: "Its secret, shown this once. The daemon keeps only a hash of it:" },
			{ kind: "gap" },
			{ kind: "captured", text: secret },
			{ kind: "gap" },
			{
				kind: "pieces",
				pieces: [
					["y", "key"],
					[" copies the secret   ", "muted"],
					["Esc", "key"],
					[" leaves; it is not shown again", "muted"],
				],
			},
			{ kind: "gap" },
			{ kind: "text", text: "A program uses it so: VEDETTE_TOKEN=<secret> vedette findings --json", token: "muted" },
		];
		return {
			route,
			scopes: ["reader"],
			handlers: handle<"reader">(scroll.handlers),
			crumbs: () => ({ path: ["Access", "New token"] }),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) =>
						drawFrame(width, height, {
							title: "New token",
							focused: true,
							content: (inner, lines) => scroll.draw(blocks, inner, lines),
						})
					}
				/>
			),
			copy() {
				mayLeave = true;
				return { what: "the secret", text: secret };
			},
			back() {
				if (mayLeave) return false;
				mayLeave = true;
				context.toast("info", "The secret is not shown again: y copies it, Esc once more leaves.");
				return true;
			},
			close: () => undefined,
		};
	},
};
