/** A plausible shell for tests; `text` stands in for what hosts are called. */
import type { Shell } from "../../protocol/model/shell.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";

export function shellOf(id: number, { text }: SampleOptions): Shell {
	return {
		...{ id, asset: { id: 2, name: text ?? "web-01" }, address: "10.0.0.3", port: 22 },
		...{ user: "ana", by: "unix:1000", openedAt: "2026-02-03T09:12:44.000Z", exit: null },
	};
}
