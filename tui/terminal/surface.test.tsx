import { stripVTControlCharacters } from "node:util";
import { Box } from "ink";
import { render } from "ink-testing-library";
import { expect, test } from "vitest";
import { drawFrame } from "../components/frame/frame.ts";
import { line } from "../theme/line.ts";
import { Surface } from "./surface.tsx";

test("without a painter a surface shows its rows as text, at the size Ink gave it", () => {
	const { lastFrame } = render(
		<Box width={40} height={4}>
			<Surface
				width={16}
				draw={(width, height) =>
					drawFrame(width, height, {
						title: "Left",
						content: (inner) => [line(inner, [["one"]]), line(inner, [["two"]])],
					})
				}
			/>
			<Surface flexGrow={1} draw={(width) => [line(width, [["x".repeat(100)]])]} />
		</Box>,
	);
	const lines = stripVTControlCharacters(lastFrame() ?? "").split("\n");
	expect(lines.map((text) => text.trimEnd())).toEqual([
		`╭─ Left ───────╮${"x".repeat(23)}…`,
		"│ one          │",
		"│ two          │",
		"╰──────────────╯",
	]);
});
