/** How many addresses. */
import { z } from "zod";

/** Whole, and exact below 2^53: a group may have a block of IPv6, and then many more. */
export const addressCount = z
	.number()
	.min(0)
	.max(2 ** 128);
