/** Numbers as they are typed: of things, of days, of places. */
import { AppError } from "../../protocol/errors.ts";

/** Throws `invalid` with the hint for what is no whole number above zero. */
export function wholeNumber(text: string, hint: string): number {
	const value = Number(text.trim());
	if (Number.isSafeInteger(value) && value > 0) return value;
	throw new AppError("invalid", `"${text}" is no whole number above zero.`, { hint });
}
