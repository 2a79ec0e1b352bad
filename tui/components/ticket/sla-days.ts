/** The days there are to resolve tickets of one severity, as a person writes them: one for each criticality from 1 to 5. */
import { AppError } from "../../../protocol/errors.ts";
import type { Sla } from "../../../protocol/model/ticket.ts";

/** `14,7,7,3,2` or with blanks; one number for all; `-` is no due date. Throws `invalid`. */
export function parseDays(text: string): Sla["5"] {
	const cells = text.trim().split(/\s*[,\s]\s*/);
	const five = cells.length === 1 ? Array.from({ length: 5 }, () => cells[0] ?? "") : cells;
	const days = five.map((cell) => (cell === "-" ? null : Number(cell)));
	const [one = null, two = null, three = null, four = null, last = null] = days;
	if (days.length === 5 && days.every((n) => n === null || (Number.isInteger(n) && n > 0))) {
		return [one, two, three, four, last];
	}
	throw new AppError("invalid", `"${text}" is not one number of days for each criticality.`, {
		hint: "Five numbers for criticality 1 to 5, or one for all; - is no due date: 14,7,7,3,2",
	});
}

export function daysText(days: Sla["5"]): string {
	return days.map((day) => (day === null ? "-" : String(day))).join(",");
}
