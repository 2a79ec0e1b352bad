/** Limits of one thread over a driven clock, for tests that need a gate and test something else. */
import type { PortJob } from "./engine.ts";
import { Gate } from "./gate.ts";
import { LimitTable } from "./limit-table.ts";
import { SharedLimits } from "./shared-limits.ts";

/** No address is exempt, so that loopback ones can stand for any. */
export function testLimits(): { table: LimitTable; limits: SharedLimits } {
	const table = new LimitTable({ exempt: [] });
	const { buffer, member } = table.join();
	return { table, limits: new SharedLimits(buffer, member, 0) };
}

export function gateOf(job: Pick<PortJob, "limits" | "group" | "shared">): Gate {
	const { table, limits } = testLimits();
	return new Gate(limits, table.claim(job));
}
