/** A view that is one text which does not change: framed, scrolled, copied. */
import { handle, type Route, type ScreenContext, type View } from "../../screens/view.ts";
import { Surface } from "../../terminal/surface.tsx";
import { drawFrame } from "../frame/frame.ts";
import type { Block } from "./document.ts";
import { createScroll } from "./scroll.ts";

export interface TextViewParts {
	readonly route: Route;
	readonly path: readonly string[];
	readonly title: string;
	readonly blocks: readonly Block[];
	readonly copy: NonNullable<View["copy"]>;
	readonly back?: NonNullable<View["back"]>;
}

export function createTextView(
	context: ScreenContext,
	{ route, path, title, blocks, copy, back }: TextViewParts,
): View {
	const scroll = createScroll(context);
	return {
		route,
		scopes: ["reader", "searching"],
		handlers: { ...handle<"reader">(scroll.handlers), ...handle<"searching">(scroll.searching) },
		crumbs: () => ({ path }),
		Body: ({ columns, rows }) => (
			<Surface
				width={columns}
				height={rows}
				draw={(width, height) =>
					drawFrame(width, height, {
						title,
						focused: true,
						content: (inner, lines) => scroll.draw(blocks, inner, lines),
					})
				}
			/>
		),
		copy,
		...(back === undefined ? {} : { back }),
		close: () => undefined,
	};
}
