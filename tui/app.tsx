/** The frame of the console laid out with Ink: tabs, breadcrumb, the view on top, message line, status line, dialogs. */
import { Box, useInput, usePaste, useWindowSize } from "ink";
import { useEffect, useReducer } from "react";
import {
	type ChromeSource,
	drawChromeCrumbs,
	drawChromeMessage,
	drawChromeStatus,
	drawChromeTabs,
	drawMessageAbove,
} from "./components/chrome/chrome.ts";
import { type CostFigures, costSize, drawCost } from "./components/panel/performance.ts";
import { drawFollowers, rowsOfFollowers } from "./components/panel/which-key.ts";
import type { Desk } from "./state/desk.ts";
import { keyName } from "./terminal/key-name.ts";
import { messageLevel, panelLevel } from "./terminal/layers.ts";
import { Surface } from "./terminal/surface.tsx";

export interface AppProps {
	readonly desk: Desk;
	readonly chrome: ChromeSource;
	/** Calls back when views or panes have come or gone. Returns the way to stop. */
	onLayout(listener: () => void): () => void;
	cost(): CostFigures;
	/** Does what a key asks for, and paints at once. */
	act(what: () => void): void;
}

export function App({ desk, chrome, cost, onLayout, act }: AppProps) {
	const { columns, rows } = useWindowSize();
	const [, layOut] = useReducer((count: number) => count + 1, 0);
	useEffect(() => onLayout(layOut), [onLayout]);
	useInput((input, key) => act(() => desk.press(keyName(input, key))));
	usePaste((text) => act(() => desk.paste(text)));

	const views = desk.views();
	const screen = views.findLast((view) => !view.isDialog);
	const dialogs = views.filter((view) => view.isDialog);
	const bodyRows = Math.max(1, rows - 4);
	const messageRow = rows - 2;
	const messageRows = drawMessageAbove(chrome, columns, messageRow).length;
	const isOverDialog = dialogs.length > 0;
	return (
		<Box flexDirection="column" width={columns} height={rows} overflow="hidden">
			<Surface height={1} width={columns} draw={(width) => drawChromeTabs(chrome, width)} />
			<Surface height={1} width={columns} draw={(width) => drawChromeCrumbs(chrome, width)} />
			<Box height={bodyRows} width={columns} key={screen ? viewKey(views.indexOf(screen), screen.route.to) : "none"}>
				{screen ? <screen.Body columns={columns} rows={bodyRows} /> : null}
			</Box>
			<Surface height={1} width={columns} draw={(width) => drawChromeMessage(chrome, width, messageRow, messageRows)} />
			<Surface height={1} width={columns} draw={(width) => drawChromeStatus(chrome, width)} />
			{messageRows === 0 ? null : (
				<Box
					position="absolute"
					width={columns}
					height={rows}
					alignItems="flex-end"
					paddingBottom={isOverDialog ? 1 : 2}
				>
					<Surface
						level={isOverDialog ? messageLevel : panelLevel}
						width={columns}
						height={messageRows}
						draw={(width) => drawMessageAbove(chrome, width, messageRow)}
					/>
				</Box>
			)}
			<Panels desk={desk} cost={cost} columns={columns} rows={rows} />
			{dialogs.map((dialog, index) => (
				<Box
					key={viewKey(index, dialog.route.to)}
					position="absolute"
					width={columns}
					height={rows}
					alignItems="center"
					justifyContent="center"
				>
					<dialog.Body columns={columns} rows={rows} />
				</Box>
			))}
		</Box>
	);
}

/** What comes and goes over the screen without being asked: keys that may follow, and what the console costs. */
function Panels({ desk, cost, columns, rows }: Pick<AppProps, "desk" | "cost"> & { columns: number; rows: number }) {
	const followers = desk.followers();
	const height = Math.min(rows - 4, rowsOfFollowers(followers, columns));
	const { width: costWidth, height: costHeight } = costSize;
	return (
		<>
			{followers.length === 0 || height < 3 ? null : (
				<Box position="absolute" width={columns} height={rows} alignItems="flex-end" paddingBottom={2}>
					<Surface
						level={panelLevel}
						width={columns}
						height={height}
						draw={(width, lines) => drawFollowers(desk.pendingKeys(), followers, width, lines)}
					/>
				</Box>
			)}
			{!desk.isCostShown() || rows < costHeight + 4 || columns < costWidth ? null : (
				<Box position="absolute" width={columns} height={rows} justifyContent="flex-end" paddingTop={2}>
					<Surface
						level={panelLevel}
						width={costWidth}
						height={costHeight}
						draw={(width, lines) => drawCost(cost(), width, lines)}
					/>
				</Box>
			)}
		</>
	);
}

function viewKey(index: number, id: string): string {
	return `${index}-${id}`;
}
