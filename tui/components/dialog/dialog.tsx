/** A dialog: a frame in the middle of the screen, on a surface above everything else. */
import { overlayLevel } from "../../terminal/layers.ts";
import { Surface } from "../../terminal/surface.tsx";
import type { Piece } from "../../theme/line.ts";
import { drawFrame, type FrameParts } from "../frame/frame.ts";

export interface DialogProps extends Omit<FrameParts, "figures"> {
	/** Asked for with every frame: what they tell may change without the dialog being laid out again. */
	figures?(): readonly Piece[];
	readonly columns: number;
	readonly rows: number;
	/** What it would like; it gets what there is. */
	readonly width: number;
	readonly height: number;
	/** Where it came to stand, for those who put the cursor into it. */
	readonly onPlace?: (x: number, y: number) => void;
}

export function Dialog({ columns, rows, width, height, onPlace, figures, ...parts }: DialogProps) {
	const actualWidth = Math.min(width, columns - 2);
	const actualHeight = Math.min(height, rows - 2);
	return (
		<Surface
			level={overlayLevel}
			width={actualWidth}
			height={actualHeight}
			draw={(inner, lines, origin) => {
				onPlace?.(origin.x, origin.y);
				return drawFrame(inner, lines, { ...parts, figures: figures?.() ?? [], focused: true });
			}}
		/>
	);
}
