/** Handlers of the findings area. */
import { AppError } from "../../../protocol/errors.ts";
import type { Signature } from "../../../protocol/model/signature.ts";
import { explain } from "../../assess/explain.ts";
import { compileFilter } from "../../query/compile.ts";
import { openCounts, readCounters } from "../../store/counters.ts";
import { recordView, type StoredRecord } from "../../store/evidence.ts";
import { findingFields, findingScope } from "../../store/fields.ts";
import { evidenceFor, findFinding, findingEvents } from "../../store/findings.ts";
import { scoped } from "../../store/query-lists.ts";
import { findStoredSignature, withNumber } from "../../store/signatures.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";
import { watchHub } from "../watch-hub.ts";

export function findingsHandlers(services: Services): AreaHandlers<"findings"> {
	const { store, reader } = services;
	return {
		list: (params, { signal }) => {
			const { query, named } = compileListing(params, findingFields, store.clock.now());
			const where = scoped(query.where, findingScope(named));
			return reader.page("findings", { ...query, where, counted: params.counted }, signal);
		},
		count: ({ filter }, { signal }) => {
			const { where, named } = compileFilter(filter, findingFields, { now: store.clock.now() });
			return reader.count("findings", scoped(where, findingScope(named)), signal).then((total) => ({ total }));
		},
		get: ({ id }) => {
			const finding = findFinding(store.db, id);
			if (finding === null)
				throw new AppError("not-found", `There is no finding ${id}.`, { hint: "List them with: vedette findings" });
			return {
				finding,
				signature: signatureOf(services, finding.signature),
				evidence: evidenceFor(store.db, finding).map((record) => recordView(onlyConcerned(record, finding.result))),
				events: findingEvents(store.db, id),
			};
		},
		explain: (params) => explain(store, services.knowledge(), params),
	};
}

export function findingsStreams({ store, hub }: Services): AreaStreams<"findings"> {
	const total = () => Object.values(openCounts(readCounters(store.db))).reduce((sum, n) => sum + n, 0);
	return {
		watch: watchHub(hub, {
			everyMs: 1_000,
			when: (bulletin) => bulletin.kind === "findings-changed",
			snapshot: () => ({ total: total() }),
			event: () => ({ kind: "changed" as const, total: total() }),
		}),
	};
}

/** Of thousands of packages those that the finding speaks of. */
function onlyConcerned(record: StoredRecord, result: string): StoredRecord {
	if (record.kind !== "packages") return record;
	const words = new Set(result.split(/[\s(),:]+/));
	const concerned = record.data.packages.filter(({ name, source }) => words.has(name) || words.has(source ?? name));
	return { ...record, data: { ...record.data, packages: concerned } };
}

/** As in force now; else as it was when it was last judged with. */
function signatureOf(services: Services, id: string): Signature {
	const { db } = services.store;
	const current = services.knowledge().find(id)?.signature;
	const signature = (current === undefined ? null : withNumber(db, current)) ?? findStoredSignature(db, id);
	if (signature === null) throw new AppError("internal", `The signature ${id} of this finding is gone.`);
	return signature;
}
