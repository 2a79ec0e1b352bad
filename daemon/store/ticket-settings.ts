/** How tickets behave, kept with the data: what scans do to them is decided in the transaction that brings evidence in. */
import type { DatabaseSync } from "node:sqlite";
import { type TicketSettings, ticketSettings } from "../../protocol/model/ticket.ts";
import { findMeta, saveMeta } from "./counters.ts";

const key = "ticket-settings";
const kept = new WeakMap<DatabaseSync, { readonly text: string; readonly settings: TicketSettings }>();

export function readTicketSettings(db: DatabaseSync): TicketSettings {
	const text = findMeta(db, key) ?? "{}";
	const known = kept.get(db);
	if (known?.text === text) return known.settings;
	const settings = ticketSettings.parse(JSON.parse(text));
	kept.set(db, { text, settings });
	return settings;
}

export function saveTicketSettings(db: DatabaseSync, settings: TicketSettings): void {
	saveMeta(db, key, JSON.stringify(settings));
}
