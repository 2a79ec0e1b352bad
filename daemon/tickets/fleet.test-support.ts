/** Hosts that are scanned again and again, for the tests of tickets: a Redis that is open or guarded, a MariaDB that answers or not. */
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, mysqlRecord, redisRecord, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { bulkOf } from "../bulk/desk.test-support.ts";
import { Hub } from "../hub.ts";
import { People } from "../operators/people.ts";
import type { Services } from "../rpc/services.ts";
import type { AuditEvent } from "../store/audit.ts";
import { listFindings } from "../store/findings.ts";
import { listTickets } from "../store/ticket-list.ts";
import { listTicketEvents } from "../store/tickets.ts";

export const t0 = 1_700_000_000_000;
export const dayMs = 86_400_000;
export type FleetStore = ReturnType<typeof memoryStore>;
const all = { where: { sql: "1", params: [] }, sort: null, limit: 1_000, cursor: null };

export function fleetStore(): FleetStore {
	return memoryStore(t0);
}

/** Scans a host at the time the clock shows. redis/open is of severity 5, mysql/reachable of 4. */
export function visit(
	store: FleetStore,
	host: number,
	scan: number,
	found: { readonly redis?: boolean; readonly mysql?: boolean } = {},
): void {
	const at = store.clock.at;
	const address = `127.0.0.${host}`;
	const { redis = true, mysql = true } = found;
	const records = [
		redisRecord(address, at - 100, redis),
		mysqlRecord(address, at - 100, mysql ? null : "not allowed"),
		...sampleHost(address, scan, at).records.filter(({ kind }) => kind === "host"),
	];
	ingestHost(store, sampleKnowledge, { ...sampleHost(address, scan, at), records });
}

export function findingsOf({ db }: FleetStore) {
	return listFindings(db, { ...all, sort: [{ field: "id", descending: false }] }).items;
}

export function ticketsOf({ db }: FleetStore) {
	return listTickets(db, { ...all, sort: [{ field: "id", descending: false }] }).items;
}

export function historyOf({ db }: FleetStore, ticket: number): string[] {
	return listTicketEvents(db, ticket).map(({ who, kind }) => `${who}: ${kind}`);
}

/** Of the services what the handlers of tickets use; `entries` are what they wrote into the audit log. `few`: as of `bulkOf`. */
export function deskOf(store: FleetStore, few?: number): { services: Services; entries: AuditEvent[] } {
	const entries: AuditEvent[] = [];
	const audit = { write: (event: AuditEvent) => void entries.push(event), note: () => true, close: () => undefined };
	return {
		services: {
			store,
			people: new People(store.db),
			bulk: bulkOf(store, few),
			hub: new Hub(),
			audit,
		} as unknown as Services,
		entries,
	};
}
