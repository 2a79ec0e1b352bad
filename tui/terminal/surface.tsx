/**
 * A region of the layout whose rows are drawn straight to the painter instead of through Ink. Ink places it; without a
 * painter (component tests, plain output) the same rows are shown as text.
 */
import { Box, type DOMElement, measureElement, Text } from "ink";
import { type ComponentProps, createContext, useContext, useId, useLayoutEffect, useRef, useState } from "react";
import type { Draw } from "./layers.ts";
import type { Painter } from "./painter.ts";

export const PainterContext = createContext<Painter | undefined>(undefined);

type SurfaceProps = Omit<ComponentProps<typeof Box>, "children"> & {
	readonly draw: Draw;
	/** Higher lies on top; from `overlayLevel` on, what is below is drawn back. */
	readonly level?: number;
};

export function Surface({ draw, level = 0, ...place }: SurfaceProps) {
	const painter = useContext(PainterContext);
	const id = useId();
	const box = useRef<DOMElement>(null);
	const [size, setSize] = useState({ width: 0, height: 0 });

	// Every commit may have moved it, and only after the commit is it known where to.
	useLayoutEffect(() => {
		if (!box.current) return;
		const { x, y, width, height } = measureElement(box.current);
		if (painter) painter.setSurface(id, { x, y, width, height, level }, draw);
		else if (width !== size.width || height !== size.height) setSize({ width, height });
	});
	useLayoutEffect(() => () => painter?.removeSurface(id), [painter, id]);

	return (
		<Box ref={box} overflow="hidden" {...place}>
			{painter || size.width === 0 ? null : <Text>{draw(size.width, size.height, { x: 0, y: 0 }).join("\n")}</Text>}
		</Box>
	);
}
