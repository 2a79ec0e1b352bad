/** The dialog that narrows a list by what its rows have in common; the list behind follows at once, and the dialog stays. */
import { Dialog } from "../../components/dialog/dialog.tsx";
import {
	countText,
	type FacetRow,
	facetRows,
	facetTitles,
	stepFacet,
	valueLook,
} from "../../components/facets/facet-rows.ts";
import { drawNotice } from "../../components/frame/frame.ts";
import { barPieces } from "../../components/scan/scan-words.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { hasTerm, opposite, withoutTerm, withTerm } from "../../text/filter-terms.ts";
import { count, plural } from "../../text/format.ts";
import { cell, line, type Piece, widthOfPieces } from "../../theme/line.ts";
import { type FacetChooser, type Handler, handle, type Screen } from "../view.ts";

const dialogWidth = 72;
const nameWidth = 12;
const countWidth = 10;
const barWidth = 8;

export const facets: Screen<"facets"> = {
	id: "facets",
	title: "Narrow",
	open(route, context) {
		const { chooser } = route;
		let filter = chooser.filter();
		/** The cursor stays on its value when counts change their order. */
		let cursor = { at: 0, term: "" };
		let page = 10;
		const known = () => chooser.facets(filter);
		const rows = () => facetRows(known().facets, filter);
		const place = (all: readonly FacetRow[]) => {
			const at = all.findIndex(({ term }) => term === cursor.term);
			return Math.max(0, Math.min(at < 0 ? cursor.at : at, all.length - 1));
		};
		const stand = (at: number, all: readonly FacetRow[]) => {
			cursor = { at, term: all[at]?.term ?? "" };
			context.changed();
		};
		const move = (by: () => number): Handler => ({
			run() {
				const all = rows();
				stand(Math.max(0, Math.min(place(all) + by(), all.length - 1)), all);
			},
		});
		const jump = (by: 1 | -1): Handler => ({
			run() {
				const all = rows();
				stand(stepFacet(all, place(all), by), all);
			},
		});
		const narrow = (next: string) => {
			if (next === filter) return;
			filter = next;
			chooser.narrow(next);
			context.changed();
		};
		const toggle = (termOf: (row: FacetRow) => string): Handler => ({
			run() {
				const all = rows();
				const row = all[place(all)];
				if (!row) return;
				stand(place(all), all);
				const term = row.facet === null ? row.term : termOf(row);
				if (hasTerm(filter, term)) return narrow(withoutTerm(filter, term));
				if (row.hiddenBy !== undefined) {
					if (term === row.term) return narrow(withTerm(withoutTerm(filter, row.hiddenBy), term));
					return context.toast("info", `${row.label} is left out already: only another one is kept.`);
				}
				// What is left out is not kept, and the other way round.
				const other = term === row.term ? opposite(row.term) : row.term;
				narrow(withTerm(withoutTerm(filter, other), term));
			},
			disabled: () => (rows().length > 0 ? undefined : "There is nothing to narrow by."),
		});
		const draw = (width: number, height: number): string[] => {
			const { facets: found, failure } = known();
			page = Math.max(1, height - 3);
			if (failure) return drawNotice(width, height, [[[failure.message, "bad"]], [], [[failure.hint ?? "", "muted"]]]);
			if (found === undefined) return drawNotice(width, height, [[["Asking the daemon …", "muted"]]]);
			const all = rows();
			if (all.length === 0) return drawNotice(width, height, [[["There is nothing to narrow by.", "muted"]]]);
			const room = Math.max(1, height - 2);
			const at = place(all);
			const top = Math.max(0, Math.min(at - Math.floor(room / 2), all.length - room));
			const drawn = all.slice(top, top + room).map((row, index) => {
				const before = index === 0 ? undefined : all[top + index - 1];
				return drawRow(row, before, found.looked, width, top + index === at);
			});
			while (drawn.length < room) drawn.push(line(width, []));
			return [...drawn, line(width, beyond(top, all.length - top - room)), line(width, hints())];
		};
		return {
			route,
			isDialog: true,
			scopes: ["facets"],
			handlers: handle<"facets">({
				narrow: toggle((row) => row.term),
				"leave-out": toggle((row) => opposite(row.term)),
				clear: { run: () => narrow(""), disabled: () => (filter === "" ? "Nothing is narrowed." : undefined) },
				down: move(() => 1),
				up: move(() => -1),
				"page-down": move(() => page),
				"page-up": move(() => -page),
				first: move(() => Number.NEGATIVE_INFINITY),
				last: move(() => Number.MAX_SAFE_INTEGER),
				"next-facet": jump(1),
				"previous-facet": jump(-1),
				done: { run: context.close },
			}),
			crumbs: () => ({ path: [] }),
			Body: ({ columns, rows: height }) => (
				<Dialog
					columns={columns}
					rows={height}
					width={dialogWidth}
					height={height - 6}
					title={`Narrow ${chooser.nouns[1]}`}
					figures={() => figuresOf(known(), chooser.nouns)}
					content={draw}
				/>
			),
			close: () => undefined,
		};
	},
};

/** How many rows there are that are not seen. */
function beyond(above: number, below: number): readonly Piece[] {
	const words = [above > 0 ? `▲ ${count(above)} more` : "", below > 0 ? `▼ ${count(below)} more` : ""];
	return [[words.filter((text) => text !== "").join("   "), "faint"]];
}

const hints = (): readonly Piece[] => [
	...([
		[keyOf("facets", "narrow"), "key"],
		[" keeps   ", "muted"],
		[keyOf("facets", "leave-out"), "key"],
		[" leaves out   ", "muted"],
	] as const),
	...([
		[keyOf("facets", "next-facet"), "key"],
		[" next kind   ", "muted"],
		[keyOf("facets", "clear"), "key"],
		[" clears   ", "muted"],
	] as const),
	...([
		[keyOf("everywhere", "back"), "key"],
		[" done", "muted"],
	] as const),
];

function drawRow(row: FacetRow, before: FacetRow | undefined, of: number, width: number, isSelected: boolean): string {
	const isFirst = before === undefined || before.facet !== row.facet;
	const name = row.facet === null ? "filter" : facetTitles[row.facet];
	const { before: mark, token } = valueLook(row);
	const room = width - 2 - nameWidth - widthOfPieces(mark) - countWidth - 1 - barWidth;
	return line(
		width,
		[
			[isSelected ? "▌ " : "  ", "marker"],
			[(isFirst ? name : "").padEnd(nameWidth), "muted"],
			...mark,
			cell(row.label, Math.max(1, room), token),
			[countText(row.count).padStart(countWidth), row.hiddenBy === undefined ? "number" : "faint"],
			[" "],
			...(row.count === null || row.hiddenBy !== undefined ? [] : barPieces(row.count / Math.max(1, of), barWidth)),
		],
		isSelected ? "selected" : "text",
	);
}

function figuresOf(
	{ facets: found, isThis }: ReturnType<FacetChooser["facets"]>,
	nouns: FacetChooser["nouns"],
): readonly Piece[] {
	if (found === undefined) return [];
	if (!isThis) return [["asking …", "muted"]];
	return found.isAll
		? [[plural(found.looked, ...nouns), "muted"]]
		: [[`of the first ${count(found.looked)}`, "warning"]];
}
