/** Handlers of the remedy area. */
import { setImmediate } from "node:timers/promises";
import { AppError } from "../../../protocol/errors.ts";
import type { HostRemedy } from "../../../protocol/model/remedy.ts";
import { isOver } from "../../../protocol/model/run-status.ts";
import { isInsideKind } from "../../evidence/inside.ts";
import { aimAt } from "../../remedy/aim.ts";
import { planRemedy } from "../../remedy/plan-remedy.ts";
import { listRecordsOfKind } from "../../store/evidence.ts";
import { networkNames } from "../../store/networks.ts";
import { remedyAssets, remedyFindings } from "../../store/remedy-findings.ts";
import { transaction } from "../../store/sql.ts";
import { aimedFindings, noteVerification, sshPorts } from "../../store/verification.ts";
import { chosenFindings } from "../chosen-findings.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

/** Assets on a page. */
const pageAssets = 50;
/** Findings tested again at once. */
const mostAimed = 10_000;

export function remedyHandlers({ store, knowledge, manager, audit, hub }: Services): AreaHandlers<"remedy"> {
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
		aim: (chosen) => {
			const findings = aimedFindings(db, chosenFindings(chosen, clock.now()), mostAimed + 1);
			if (findings.length > mostAimed) {
				throw new AppError("too-large", `These are more than ${mostAimed.toLocaleString("en")} findings.`, {
					hint: "Scan their hosts instead: vedette scan tag:NAME",
				});
			}
			const [first] = findings;
			if (first === undefined) throw new AppError("not-found", "There is no such finding to test again.");
			if (findings.some(({ network }) => network !== first.network)) {
				throw new AppError("conflict", "These findings are in several networks, and a scan looks at one.", {
					hint: "Choose those of one network: network:NAME and …",
				});
			}
			const inside = findings.filter(({ kind }) => isInsideKind(kind)).map(({ asset }) => asset);
			return {
				...aimAt(findings, inside.length === 0 ? [] : [22, ...sshPorts(db, inside)]),
				network: networkNames(db).get(first.network) ?? "default",
			};
		},
		note: ({ scan, ids }, { user }) => {
			const now = manager.current(scan);
			if (!isOver(now)) {
				throw new AppError("conflict", `Scan ${scan} is ${now.status}: what it makes of them is not known yet.`, {
					hint: "Ask again when it is over.",
				});
			}
			const at = clock.now();
			const object = `scan ${scan}`;
			const items = transaction(db, () => {
				audit.write({ who: user, action: "findings.verify", object, after: { findings: ids.length } });
				return noteVerification(db, { scan, ids, by: user, at });
			});
			hub.post({ kind: "findings-changed" });
			return { items };
		},
	};
}
