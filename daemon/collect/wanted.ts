/** Which collectors run where not all evidence is wanted. */
import type { Kind } from "../evidence/record.ts";
import type { Collector } from "./collector.ts";
import { collectors } from "./index.ts";

/** What a package means its system says; whether a mended one is in use, what waits for a restart. */
const alsoNeeded: readonly Kind[] = ["system", "restart"];

/** Absent: all of them. */
export function wantedCollectors(only: readonly Kind[] | undefined): readonly Collector[] {
	if (only === undefined) return collectors;
	return collectors.filter(({ kind }) => only.includes(kind) || alsoNeeded.includes(kind));
}
