/** What a work on many rows would be, as data: asked on one thread and answered on another (bulk-worker.ts). */
import type { DatabaseSync } from "node:sqlite";
import type { ExceptionPreview, ExceptionScope } from "../../protocol/model/exception.ts";
import type { IgnoreWish } from "../../protocol/model/ignore.ts";
import type { PolicyEffect } from "../../protocol/model/policy.ts";
import type { TicketChange } from "../../protocol/model/ticket.ts";
import { type Growth, growthOf } from "../exceptions/growth.ts";
import { previewException } from "../exceptions/preview.ts";
import { type ResolvedWish, resolveWish } from "../exceptions/request.ts";
import type { StoredRule } from "../store/policy-rules.ts";
import { type IgnoreWork, ignoreWork } from "../tickets/ignore.ts";
import {
	lookAtTicketless,
	lookAtTickets,
	type Meant,
	type TicketLook,
	type TicketlessLook,
} from "../tickets/look-tickets.ts";
import { policyWork } from "../tickets/policy-work.ts";
import { rulesInForce } from "../tickets/rules.ts";

/** Times in milliseconds. */
export interface BulkQuestions {
	/** What a request would hide. */
	"exceptions.preview": {
		asks: { readonly scopes: readonly ExceptionScope[]; readonly now: number };
		answers: ExceptionPreview;
	};
	/** What requests for these would cover. */
	"exceptions.wish": {
		asks: { readonly scopes: readonly ExceptionScope[]; readonly now: number };
		answers: ResolvedWish;
	};
	/** What has come since a live request was asked for. */
	"exceptions.growth": { asks: { readonly id: number; readonly now: number }; answers: Growth };
	/** What the rules say of all findings; the list is that of a `policy` work. */
	policy: {
		asks: { readonly rules: readonly StoredRule[]; readonly now: number };
		answers: { readonly effect: PolicyEffect; readonly list: readonly number[] };
	};
	tickets: { asks: Meant & { readonly change: TicketChange; readonly by: string }; answers: TicketLook };
	/** Open findings without a ticket. */
	ticketless: { asks: Meant; answers: TicketlessLook };
	ignore: { asks: { readonly wish: IgnoreWish; readonly now: number }; answers: IgnoreWork };
}

export type BulkQuestion = {
	[K in keyof BulkQuestions]: { readonly kind: K; readonly asked: BulkQuestions[K]["asks"] };
}[keyof BulkQuestions];
export type BulkAnswer = BulkQuestions[keyof BulkQuestions]["answers"];

/** Only reads. Throws as each does. */
export function look(db: DatabaseSync, question: BulkQuestion): BulkAnswer {
	switch (question.kind) {
		case "exceptions.preview":
			return previewException(db, question.asked.scopes, question.asked.now);
		case "exceptions.wish":
			return resolveWish(db, question.asked.scopes, question.asked.now);
		case "exceptions.growth":
			return growthOf(db, question.asked.id, question.asked.now);
		case "policy": {
			const { rules, now } = question.asked;
			const { work, effect } = policyWork(db, rulesInForce(rules, now), now);
			return { effect, list: work.flatMap(({ finding, rule }) => [finding, rule]) };
		}
		case "tickets":
			return lookAtTickets(db, question.asked, question.asked.change, question.asked.by);
		case "ticketless":
			return lookAtTicketless(db, question.asked);
		case "ignore":
			return ignoreWork(db, question.asked.wish, question.asked.now);
	}
}
