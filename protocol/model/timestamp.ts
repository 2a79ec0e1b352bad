/** A moment, as everything here writes it. */
import { z } from "zod";

/** RFC 3339 date-time in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export const timestamp = z
	.string()
	.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
	.describe("RFC 3339 date-time, UTC");
