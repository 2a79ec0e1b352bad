/** Handlers of the remedy area. */
import { setImmediate } from "node:timers/promises";
import type { HostRemedy } from "../../../protocol/model/remedy.ts";
import { planRemedy } from "../../remedy/plan-remedy.ts";
import { listRecordsOfKind } from "../../store/evidence.ts";
import { remedyAssets, remedyFindings } from "../../store/remedy-findings.ts";
import { chosenFindings } from "../chosen-findings.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

/** Assets on a page. */
const pageAssets = 50;

export function remedyHandlers({ store, knowledge }: Services): AreaHandlers<"remedy"> {
	const { db, clock } = store;
	return {
		plan: async ({ after, ...chosen }, { signal }) => {
			const where = chosenFindings(chosen, clock.now());
			const assets = remedyAssets(db, where);
			const page = assets.filter((asset) => asset > after).slice(0, pageAssets);
			const book = knowledge().advisories ?? null;
			const hosts: HostRemedy[] = [];
			for (const asset of page) {
				signal.throwIfAborted();
				const findings = remedyFindings(db, where, asset);
				const records = (["packages", "system", "restart"] as const).flatMap((kind) =>
					listRecordsOfKind(db, asset, kind),
				);
				if (findings.length > 0) hosts.push(planRemedy(findings, records, book));
				// Others have their turn between two assets.
				await setImmediate();
			}
			const last = page.at(-1);
			return { hosts, assets: assets.length, next: last === undefined || last === assets.at(-1) ? null : last };
		},
	};
}
