/** Draws assets side by side: a line a field, a column an asset and one for the result; beside or below it why, and what it does. Pure. */
import { describeImpact, evidenceBlocks } from "../../components/duplicate/describe-duplicate.ts";
import { detailColumns } from "../../components/list/border.ts";
import { type Block, drawDocument } from "../../components/reader/document.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { cell, line, type Piece } from "../../theme/line.ts";
import { type Comparison, resultOf, shownFields, winnerOf } from "./model.ts";

const labelWidth = 15;
const leastColumn = 19;
const header = 2;
/** Beside the fields there is room for the rest from this width on. */
export const wide = 130;

/** The fields, one line each, and below them, where there is no room beside, why and what it does. `part`: of the width, for these. */
export function comparisonLines(state: Comparison, width: number, part: number): string[] {
	const [fields] = widthsFor(width, part);
	return [...fieldLines(state, fields), ...(fields < width ? [] : [line(width, []), ...whyLines(state, width)])];
}

/** Exactly `height` lines, the cursor's among them. */
export function drawComparison(state: Comparison, width: number, height: number, part: number): string[] {
	const [fields, beside] = widthsFor(width, part);
	const lines = comparisonLines(state, width, part);
	const room = Math.max(1, height - header);
	const top = Math.max(0, Math.min(state.cursor - Math.floor(room / 2), lines.length - room));
	const body = lines.slice(top, top + room);
	while (body.length < room) body.push(line(fields, []));
	const left = [...headLines(state, fields), ...body].slice(0, height);
	if (beside === 0) return left;
	const why = whyLines(state, beside - 3);
	return left.map((text, at) => text + line(3, [[" │ ", "border"]]) + (why[at] ?? line(beside - 3, [])));
}

function widthsFor(width: number, part: number): readonly [fields: number, beside: number] {
	const beside = width >= wide ? detailColumns(part, width) : 0;
	return [width - beside, beside];
}

function whyLines(state: Comparison, width: number): string[] {
	const { links, grouping = [] } = state.detail;
	const told = grouping.map((text): Block => ({ kind: "text", text, token: "muted" }));
	return drawDocument([...describeImpact(state.preview, state.into), ...evidenceBlocks(links), ...told], width);
}

function fieldLines(state: Comparison, width: number): string[] {
	const { first, count: shown, column } = columnsFor(state, width);
	const members = state.detail.group.members.slice(first, first + shown);
	const fields = shownFields(state);
	const lines = fields.map((field, at) => {
		const isCursor = at === state.cursor;
		const winner = winnerOf(state, field);
		const pieces: Piece[] = [
			[isCursor ? "▸" : " ", "marker"],
			cell(`${field.differs ? "≠" : "="} ${field.field}`, labelWidth, field.differs ? "strong" : "muted"),
		];
		for (const [nth, { id }] of members.entries()) {
			const value = field.values[first + nth] ?? "";
			const isChosen = field.choice !== null && state.taken[field.choice] === id;
			const isHere = isCursor && first + nth === state.asset;
			pieces.push([isChosen ? "●" : id === winner ? "○" : " ", "good"], [isHere ? "›" : " ", "marker"]);
			pieces.push(cell(value === "" ? "-" : value, column - 2, value === "" ? "faint" : isHere ? "strong" : "text"));
		}
		const result = resultOf(state, field);
		const token = winner === undefined ? "muted" : "good";
		pieces.push(["→ ", "faint"], cell(result === "" ? "-" : result, column - 2, token));
		return line(width, pieces, isCursor ? "selected" : "text");
	});
	const none = state.all ? "There is nothing to compare." : "Nothing differs.";
	const empty =
		fields.length === 0
			? [line(width, [["  "], [none, "muted"], [`  ${keyOf("duplicate", "which")}`, "key"], [" shows all", "muted"]])]
			: [];
	return [...lines, ...empty];
}

function headLines(state: Comparison, width: number): string[] {
	const { first, count: shown, column } = columnsFor(state, width);
	const { members } = state.detail.group;
	const stays = state.into ?? state.preview?.survivor.id;
	const left = first > 0 ? "◂" : " ";
	const right = first + shown < members.length ? "▸" : " ";
	const names: Piece[] = [[left, "marker"], cell("", labelWidth)];
	const places: Piece[] = [[" "], cell("", labelWidth)];
	for (const [nth, { id, name, addresses }] of members.slice(first, first + shown).entries()) {
		const isHere = first + nth === state.asset;
		const mark = id === stays ? (state.into === id ? "●" : "○") : " ";
		names.push([mark, "good"], [" "], cell(`${id} ${name}`, column - 2, isHere ? "headerActive" : "header"));
		places.push(
			["  "],
			cell(id === stays ? "stays" : addresses.join(" ") || "no address", column - 2, id === stays ? "good" : "address"),
		);
	}
	names.push([`${right} `, "marker"], cell("RESULT", column - 2, "header"));
	places.push(["  "], cell(state.preview === undefined ? "asking …" : "", column - 2, "faint"));
	return [line(width, names), line(width, places)];
}

/** The assets that fit beside the result, the one under the cursor among them. */
function columnsFor({ detail, asset }: Comparison, width: number): { first: number; count: number; column: number } {
	const room = Math.max(2 * leastColumn, width - labelWidth - 2);
	const total = detail.group.members.length;
	const count = Math.max(1, Math.min(total, Math.floor(room / leastColumn) - 1));
	const first = Math.max(0, Math.min(asset - count + 1, total - count));
	return { first, count, column: Math.floor(room / (count + 1)) };
}
