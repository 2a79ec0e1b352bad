/** What works on the inventory by itself while the daemon runs: each begun when consoles are let in, and ended with the daemon. */
import type { Logger } from "pino";
import { BulkDesk } from "./bulk/bulk-desk.ts";
import type { BulkWhat } from "./bulk/works.ts";
import { DeadHosts } from "./dead-hosts.ts";
import { carryOutMerge } from "./duplicates/carry-out.ts";
import { mergeEntry } from "./duplicates/entries.ts";
import { DuplicateKeeper } from "./duplicates/keeper.ts";
import { ExceptionKeeper } from "./exception-keeper.ts";
import type { Hub } from "./hub.ts";
import { Ignoring } from "./ignoring.ts";
import { Judging } from "./judging.ts";
import type { Knowledge } from "./knowledge/knowledge.ts";
import type { OpenParts } from "./open-parts.ts";
import { PriorityKeeper } from "./priorities/keeper.ts";
import { Purging } from "./purging.ts";
import type { AuditTrail } from "./rpc/audit-trail.ts";
import type { ListReader } from "./store/list-reader.ts";
import type { Settings } from "./store/settings.ts";
import type { Store } from "./store/store.ts";
import { Tagging } from "./tags/tagging.ts";
import { WidgetTrends } from "./widget-trends.ts";

export interface KeeperOptions {
	readonly store: Store;
	readonly reader: ListReader;
	readonly settings: Settings;
	readonly hub: Hub;
	readonly audit: AuditTrail;
	readonly log: Logger;
	readonly knowledge: () => Knowledge;
}

/** They are held by `parts`; those that others ask for something are returned. */
export function openKeepers(parts: OpenParts, options: KeeperOptions) {
	const { store, reader, settings, hub, audit, log, knowledge } = options;
	const judging = parts.hold(new Judging({ store, hub, log, knowledge }));
	parts.hold(new Purging({ store, hub, audit, log }));
	const exceptions = parts.hold(new ExceptionKeeper({ store, hub, audit, log }));
	exceptions.recover();
	const bulk = parts.hold(
		new BulkDesk({
			...{ store, onFault: (err) => log.error({ err }, "work on many rows failed; it is tried again") },
			onDone: (work) => {
				if (work.kind === "exception") exceptions.changed((work.what as BulkWhat<"exception">).exception);
				hub.post({ kind: "findings-changed" });
				hub.post({ kind: "inventory-changed" });
			},
		}),
	);
	parts.hold(new Ignoring({ store, hub, audit, bulk, log }));
	parts.hold(new DeadHosts({ store, settings, hub, log }));
	parts.hold(new Tagging({ store, hub, log }));
	const duplicates = parts.hold(
		new DuplicateKeeper({
			...{ store, hub, onFault: (err) => log.error({ err }, "looking for duplicates failed") },
			merge: (plan) => {
				const said = { by: "daemon", why: "", automatic: true };
				carryOutMerge(store, plan, said, (merge) => audit.write(mergeEntry(merge)));
				hub.post({ kind: "inventory-changed" });
				hub.post({ kind: "findings-changed" });
			},
		}),
	);
	const priorities = parts.hold(new PriorityKeeper({ store, hub, log }));
	parts.hold(new WidgetTrends({ store, reader, settings, log }));
	return { judging, exceptions, bulk, duplicates, priorities };
}
