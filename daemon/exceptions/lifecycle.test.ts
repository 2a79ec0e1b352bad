import fc from "fast-check";
import { expect, test } from "vitest";
import { exceptionStates } from "../../protocol/model/exception.ts";
import { actRefusal, type ExceptionAct } from "./lifecycle.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 2, 1);
const iso = (at: number) => new Date(at).toISOString();
const standing = fc.record({
	id: fc.constant(7),
	state: fc.constantFrom(...exceptionStates),
	until: fc.integer({ min: -30, max: 120 }).map((days) => iso(now + days * day)),
	next: fc.constantFrom(null, 9),
	requester: fc.constant("unix:1"),
	decidedBy: fc.constant("unix:2"),
	decidedAt: fc.constant(iso(now)),
	endedBy: fc.constant("unix:3"),
	endedAt: fc.constant(iso(now)),
});

/** From where each act leads, as the life of a request is told. */
const from: Record<ExceptionAct, readonly string[]> = {
	...{ approve: ["requested"], reject: ["requested"], withdraw: ["requested"], attach: ["requested"] },
	...{ revoke: ["approved"], expire: ["approved"] },
	resubmit: ["rejected", "withdrawn", "expired", "revoked", "approved"],
};

test("an act is possible only from where the life of a request has it, and a refusal says how it stands", () => {
	fc.assert(
		fc.property(standing, fc.constantFrom(...(Object.keys(from) as ExceptionAct[])), (one, act) => {
			const refusal = actRefusal(act, one, now, (identity) => `the one of ${identity}`);
			const left = Date.parse(one.until) - now;
			const early =
				one.state === "approved" && ((act === "expire" && left > 0) || (act === "resubmit" && left > 14 * day));
			const again = act === "resubmit" && one.next !== null;
			expect(refusal === null).toBe(from[act].includes(one.state) && !early && !again);
			if (refusal !== null) expect(refusal).toMatch(/^Request 7 .+\.$/);
			expect(refusal ?? "").not.toMatch(/(?<!the one of )unix:/);
		}),
	);
});
