/** `vedette dashboard`: what one's own dashboard shows, arranged from the command line. */
import type { Command } from "commander";
import { closeNames } from "../../protocol/close-names.ts";
import { AppError } from "../../protocol/errors.ts";
import * as dashboard from "../../protocol/methods/dashboard.ts";
import { list as listQueries } from "../../protocol/methods/queries.ts";
import { builtInWidgets, type Dashboard, type DashboardWidget } from "../../protocol/model/dashboard.ts";
import { type WidgetKind, widgetKinds } from "../../protocol/model/query.ts";
import type { CommandContext, CommandFile, RunAction } from "./command.ts";
import { type Column, printList } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";

interface BoxOptions {
	as?: string;
	width?: string;
	height?: string;
	position?: string;
	json?: boolean;
}

export const dashboardCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("dashboard")
			.description("the boxes of your dashboard, on every console you attach")
			.addHelpText(
				"after",
				`
Boxes: ${builtInWidgets.join(", ")}, or the name of a saved query

Examples:
  vedette dashboard add overdue --width 2
  vedette dashboard add "Stale hosts" --as trend --position 1
  vedette dashboard edit 3 --height 3
  vedette dashboard remove 5`,
			);
		command
			.command("list", { isDefault: true })
			.description("what it shows, in order")
			.option("--json", "one JSON document")
			.action((options: BoxOptions) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					show(ctx, options, await client.call(dashboard.get, {}));
				}),
			);
		registerChanges(command, run);
	},
};

function registerChanges(command: Command, run: RunAction): void {
	const sized = (made: Command) =>
		made
			.option("--as <kind>", `how a saved query is shown: ${widgetKinds.join(", ")}`)
			.option("--width <n>", "1 to 3 thirds of a wide screen")
			.option("--height <n>", "1 low to 3 tall")
			.option("--position <n>", "where, from 1")
			.option("--json", "one JSON document");
	const changing = (
		change: (widgets: DashboardWidget[], names: readonly string[]) => DashboardWidget[],
		options: BoxOptions,
	) =>
		run(async (ctx) => {
			const client = await ctx.connect({ start: true });
			const { widgets } = await client.call(dashboard.get, {});
			const { items } = await client.call(listQueries, {});
			const next = change(
				[...widgets],
				items.map(({ name }) => name),
			);
			show(ctx, options, await client.call(dashboard.save, { widgets: next }));
		});
	sized(command.command("add <box>"))
		.description("add a box, as the last one unless --position says otherwise")
		.action((box: string, options: BoxOptions) =>
			changing((widgets, names) => {
				const widget = sizedBox(boxOf(box, names), options);
				return widgets.toSpliced(placeOf(options, widgets.length + 1) ?? widgets.length, 0, widget);
			}, options),
		);
	sized(command.command("edit <n>"))
		.description("move or resize the box with that number")
		.action((number: string, options: BoxOptions) =>
			changing((widgets) => {
				const at = numberOf(number, widgets);
				const widget = widgets[at];
				if (widget === undefined) return widgets;
				return widgets.toSpliced(at, 1).toSpliced(placeOf(options, widgets.length) ?? at, 0, sizedBox(widget, options));
			}, options),
		);
	command
		.command("remove <n>")
		.description("take the box with that number off")
		.option("--json", "one JSON document")
		.action((number: string, options: BoxOptions) =>
			changing((widgets) => widgets.toSpliced(numberOf(number, widgets), 1), options),
		);
	command
		.command("reset")
		.description("back to the one that came with Vedette")
		.option("--json", "one JSON document")
		.action((options: BoxOptions) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				show(ctx, options, await client.call(dashboard.reset, {}));
			}),
		);
}

/** Built-in boxes come first; a query of that name is reached by its name in other letters. */
function boxOf(word: string, queries: readonly string[]): DashboardWidget {
	const shows = builtInWidgets.find((one) => one === word);
	if (shows !== undefined) return { kind: "built-in", shows, width: 1, height: 2 };
	const query = queries.find((name) => name.toLowerCase() === word.trim().toLowerCase());
	if (query !== undefined) return { kind: "query", query, as: "count", width: 1, height: 1 };
	const near = closeNames(word, [...builtInWidgets, ...queries])[0];
	throw new AppError("not-found", `There is neither a box nor a saved query called "${word}".`, {
		hint: near === undefined ? `Boxes: ${builtInWidgets.join(", ")}.` : `Did you mean ${near}?`,
	});
}

function sizedBox(widget: DashboardWidget, { as, width, height }: BoxOptions): DashboardWidget {
	const size = {
		width: width === undefined ? widget.width : within(width, 3, "--width is 1 to 3 thirds of a wide screen."),
		height: height === undefined ? widget.height : within(height, 3, "--height is 1, low, to 3, tall."),
	};
	if (as === undefined) return { ...widget, ...size };
	if (widget.kind !== "query") {
		throw new AppError("invalid", "Only a saved query is shown in several ways.", { hint: "Leave --as out." });
	}
	if (!isKind(as))
		throw new AppError("invalid", `"${as}" is no way to show a query.`, { hint: widgetKinds.join(", ") });
	return { ...widget, ...size, as };
}

function isKind(text: string): text is WidgetKind {
	return (widgetKinds as readonly string[]).includes(text);
}

function placeOf({ position }: BoxOptions, most: number): number | undefined {
	return position === undefined ? undefined : within(position, most, `--position is 1 to ${most}.`) - 1;
}

function numberOf(text: string, widgets: readonly DashboardWidget[]): number {
	if (widgets.length === 0)
		throw new AppError("not-found", "Your dashboard has no box.", { hint: "vedette dashboard add" });
	return within(text, widgets.length, "See the numbers with: vedette dashboard") - 1;
}

function within(text: string, most: number, hint: string): number {
	const value = wholeNumber(text, hint);
	if (value <= most) return value;
	throw new AppError("invalid", `${value} is more than there is.`, { hint });
}

type Row = DashboardWidget & { readonly n: number };

function show(ctx: CommandContext, { json }: BoxOptions, { widgets }: Dashboard): void {
	const items = widgets.map((widget, at): Row => ({ n: at + 1, ...widget }));
	const empty = "It shows nothing: vedette dashboard add risk";
	printList(ctx, { items, total: items.length }, { json, columns, empty });
}

const columns: readonly Column<Row>[] = [
	{ title: "N", value: ({ n }) => n, align: "right" },
	{ title: "BOX", value: (row) => (row.kind === "query" ? row.query : row.shows), max: 40 },
	{ title: "AS", value: (row) => (row.kind === "query" ? row.as : "") },
	{ title: "WIDTH", value: ({ width }) => width, align: "right" },
	{ title: "HEIGHT", value: ({ height }) => height, align: "right" },
];
