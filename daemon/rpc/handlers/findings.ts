/** Handlers of the findings area. */
import { AppError } from "../../../protocol/errors.ts";
import type { Signature } from "../../../protocol/model/signature.ts";
import { explain } from "../../assess/explain.ts";
import { compileFilter } from "../../query/compile.ts";
import { openCounts, readCounters } from "../../store/counters.ts";
import { recordView, type StoredRecord } from "../../store/evidence.ts";
import { findingFields, findingScope } from "../../store/fields.ts";
import { narrowFindings } from "../../store/finding-narrow.ts";
import { evidenceFor, findFinding, findingEvents } from "../../store/findings.ts";
import { comparedWhere, lastEvents, openAt, setApartAt } from "../../store/findings-at.ts";
import type { ListQuery, Where } from "../../store/page.ts";
import { scoped } from "../../store/query-lists.ts";
import { findStoredSignature, withNumber } from "../../store/signatures.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import { compileListing } from "../listing.ts";
import { pastOf, readSpan } from "../moments.ts";
import type { Services } from "../services.ts";
import { watchHub } from "../watch-hub.ts";

export function findingsHandlers(services: Services): AreaHandlers<"findings"> {
	const { store, reader } = services;
	/** A page of findings, each with what had last happened to it by then, and whether it was set apart. */
	const pageAsOf = async (query: ListQuery, at: number, signal: AbortSignal) => {
		const page = await reader.page("findings", query, signal);
		const ids = page.items.map(({ id }) => id);
		const [events, apart] = [lastEvents(store.db, ids, at), setApartAt(store.db, ids, at)];
		const items = page.items.map((item) => {
			const lastEvent = events.get(item.id);
			const apartThen = apart.get(item.id);
			return {
				...item,
				...(lastEvent === undefined ? {} : { lastEvent }),
				...(apartThen === undefined ? {} : { apartThen }),
			};
		});
		return { ...page, items };
	};
	return {
		list: (params, { signal }) => {
			const { query, named, plan } = compileListing(params, findingFields, store.clock.now());
			const { asOf, counted } = params;
			if (asOf !== undefined) {
				const at = pastOf(asOf, store.clock.now());
				return pageAsOf({ ...query, where: both(query.where, openAt(at)), counted }, at, signal);
			}
			const scope = findingScope(named);
			const narrow = narrowFindings(plan, scope);
			return reader.page("findings", { ...query, where: scoped(query.where, scope), narrow, counted }, signal);
		},
		count: ({ filter, asOf }, { signal }) => {
			const { where, named, plan } = compileFilter(filter, findingFields, { now: store.clock.now() });
			const told = (count: Promise<number>) => count.then((total) => ({ total }));
			if (asOf !== undefined)
				return told(reader.count("findings", both(where, openAt(pastOf(asOf, store.clock.now()))), signal));
			const scope = findingScope(named);
			const narrow = plan === null ? undefined : narrowFindings(plan, scope);
			return told(reader.count("findings", scoped(where, scope), signal, narrow));
		},
		facets: ({ filter, asOf }, { signal }) => {
			const now = store.clock.now();
			const { where, named } = compileFilter(filter, findingFields, { now });
			if (asOf === undefined) return reader.findingFacets({ where, named, now }, signal);
			return reader.findingFacets({ where: both(where, openAt(pastOf(asOf, now))), named: null, now }, signal);
		},
		groups: ({ by, ...params }, { signal }) => {
			const { where, named } = compileFilter(params.filter, findingFields, { now: store.clock.now() });
			const { query } = compileListing({ ...params, filter: "" }, findingFields, store.clock.now());
			return reader.groups(by, { ...query, where: scoped(where, findingScope(named)) }, signal);
		},
		compare: async ({ from, to, filter }, { signal }) => {
			const { where } = compileFilter(filter, findingFields, { now: store.clock.now() });
			const { span, told } = readSpan(store, from, to);
			return { ...told, ...(await reader.compare(span, where, signal)) };
		},
		compared: (params, { signal }) => {
			const { query } = compileListing(params, findingFields, store.clock.now());
			const { span } = readSpan(store, params.from, params.to);
			const where = both(query.where, comparedWhere(params.show, span));
			return pageAsOf({ ...query, where, counted: params.counted }, span.to, signal);
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

function both(one: Where | null, other: Where): Where {
	if (one === null) return other;
	return { sql: `(${one.sql}) AND ${other.sql}`, params: [...one.params, ...other.params] };
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
