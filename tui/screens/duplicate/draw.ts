/** Draws assets side by side: a line a field, a column an asset, what was chosen marked; below it the evidence. Pure. */
import { evidenceBlocks } from "../../components/duplicate/describe-duplicate.ts";
import { drawDocument } from "../../components/reader/document.ts";
import { cell, line, type Piece } from "../../theme/line.ts";
import { type Comparison, shownFields } from "./model.ts";

const labelWidth = 14;
const leastColumn = 22;
const header = 2;

/** Every line there is below the names of the assets. */
export function comparisonLines(state: Comparison, width: number): string[] {
	const { first, count: shown, column } = columnsFor(state, width);
	const members = state.detail.group.members.slice(first, first + shown);
	const fields = shownFields(state);
	const lines = fields.map((field, at) => {
		const isCursor = at === state.cursor;
		const pieces: Piece[] = [
			[isCursor ? "▸" : " ", "marker"],
			cell(`${field.differs ? "*" : " "} ${field.field}`, labelWidth, field.differs ? "strong" : "muted"),
		];
		for (const [nth, { id }] of members.entries()) {
			const value = field.values[first + nth] ?? "";
			const isTaken = field.choice !== null && state.taken[field.choice] === id;
			const isHere = isCursor && first + nth === state.asset;
			pieces.push([isTaken ? "●" : " ", "good"], [isHere ? "›" : " ", "marker"]);
			pieces.push(cell(value === "" ? "-" : value, column - 2, value === "" ? "faint" : isHere ? "strong" : "text"));
		}
		return line(width, pieces, isCursor ? "selected" : "text");
	});
	const none = state.all ? "There is nothing to compare." : "Nothing differs.";
	const empty =
		fields.length === 0 ? [line(width, [["  "], [none, "muted"], ["  a", "key"], [" shows all", "muted"]])] : [];
	const evidence = drawDocument(evidenceBlocks(state.detail.links), width);
	return [...lines, ...empty, line(width, []), ...evidence];
}

/** Exactly `height` lines, the cursor's among them. */
export function drawComparison(state: Comparison, width: number, height: number): string[] {
	const { first, count: shown, column } = columnsFor(state, width);
	const { members } = state.detail.group;
	const left = first > 0 ? "◂" : " ";
	const right = first + shown < members.length ? "▸" : " ";
	const names: Piece[] = [[left, "marker"], cell("", labelWidth)];
	const places: Piece[] = [[" "], cell("", labelWidth)];
	for (const [nth, { id, name, addresses }] of members.slice(first, first + shown).entries()) {
		const isHere = first + nth === state.asset;
		names.push(
			["  "],
			cell(`${state.into === id ? "stays: " : ""}${id} ${name}`, column - 2, isHere ? "headerActive" : "header"),
		);
		places.push(["  "], cell(addresses.join(" "), column - 2, "address"));
	}
	names.push([right, "marker"]);
	const lines = comparisonLines(state, width);
	const room = Math.max(1, height - header);
	const top = Math.max(0, Math.min(state.cursor - Math.floor(room / 2), lines.length - room));
	const body = lines.slice(top, top + room);
	while (body.length < room) body.push(line(width, []));
	return [line(width, names), line(width, places), ...body].slice(0, height);
}

/** The assets that fit, the one under the cursor among them. */
function columnsFor({ detail, asset }: Comparison, width: number): { first: number; count: number; column: number } {
	const room = Math.max(leastColumn, width - labelWidth - 2);
	const total = detail.group.members.length;
	const count = Math.max(1, Math.min(total, Math.floor(room / leastColumn)));
	const first = Math.max(0, Math.min(asset - count + 1, total - count));
	return { first, count, column: Math.floor(room / count) };
}
