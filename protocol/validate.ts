/** Checks a value against a schema and says in one sentence what is wrong with it. Used at both ends of the wire. */
import type { z } from "zod";
import { AppError, type ErrorCode } from "./errors.ts";

/** The parsed value, or an AppError with `code` whose message names the first few places that are wrong. */
export function validate<T extends z.ZodType>(
	schema: T,
	value: unknown,
	what: string,
	code: ErrorCode = "invalid",
): z.output<T> {
	const outcome = schema.safeParse(value);
	if (outcome.success) return outcome.data;
	const issues = outcome.error.issues.slice(0, 3).map((issue) => ({
		path: issue.path.map(String).join(".").slice(0, 100),
		message: issue.message.slice(0, 200),
	}));
	const places = issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
	throw new AppError(code, `${what} is not as expected. ${places.join("; ")}.`, { details: { issues } });
}
