/** Handlers of the exceptions area. */
import { AppError } from "../../../protocol/errors.ts";
import { type Exception, exceptionLimits } from "../../../protocol/model/exception.ts";
import { demand, withdraw } from "../../exceptions/decide.ts";
import { similarTo } from "../../exceptions/preview.ts";
import { aheadOf, demandAskable, demandResubmittable, makeRequests, resubmit } from "../../exceptions/request.ts";
import type { ExceptionNotice } from "../../hub.ts";
import { exceptionsOf, readCovered, signaturesAndAssets, worstCovered } from "../../store/exception-cover.ts";
import {
	addToEvidence,
	beginEvidence,
	countEvidence,
	harmlessName,
	listEvidence,
	readEvidence,
} from "../../store/exception-evidence.ts";
import {
	addExceptionEvent,
	countWaiting,
	exceptionFields,
	getException,
	listExceptionEvents,
	listExceptions,
	listExceptionsById,
} from "../../store/exceptions.ts";
import { findFinding } from "../../store/findings.ts";
import { isSamePerson, personName } from "../../store/people.ts";
import { transaction } from "../../store/sql.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import { compileListing } from "../listing.ts";
import { refusalsNoted } from "../refusals-noted.ts";
import type { Services } from "../services.ts";
import { listening, throttle } from "../watch-hub.ts";
import { type DecidingParts, decideOne, revokeOne } from "./decide-exception.ts";
import { asSeenBy, signatureOnList } from "./who-decides.ts";

/** What looks after requests while nobody asks (exception-keeper.ts), as the handlers use it. */
export interface ExceptionDesk {
	/** For whoever watches. */
	tell(notice: Omit<ExceptionNotice, "at">): void;
	/** Findings of a request count otherwise than before. */
	changed(id: number): void;
}

const dayMs = 86_400_000;
const worstTold = 100;
const nameOf = (id: number) => `request ${id}`;

export function exceptionsHandlers(services: Services, desk: ExceptionDesk): AreaHandlers<"exceptions"> {
	const { store, audit, settings, bulk } = services;
	const { db, clock } = store;
	const noting = refusalsNoted(audit, () => clock.now());
	const tell = (one: Exception, what: ExceptionNotice["what"], who: string, text: string) =>
		desk.tell({ exception: one.id, what, who, requester: one.requester, text });
	const deciding: DecidingParts = { services, noting, tell, changed: (id) => desk.changed(id) };
	return {
		preview: ({ scopes }, { signal }) => bulk.ask("exceptions.preview", { scopes, now: clock.now() }, signal),
		request: async ({ scopes, kind, reason, days, digest }, { user, uid, signal }) => {
			const requests = await noting({ who: user, action: "exception.request", object: "findings" }, async () => {
				const wanted = await bulk.ask("exceptions.wish", { scopes, now: clock.now() }, signal);
				demandAskable(wanted, digest);
				return await aheadOf(db, wanted.each, (numbers) => {
					const wish = { kind, reason, days, requester: user, requesterUid: uid, now: clock.now() };
					const made = makeRequests(db, wanted, numbers, wish);
					for (const one of made) {
						const { id, scope, subject, findings, assets } = one;
						const after = { kind, scope, subject, findings, assets, days };
						audit.write({ who: user, action: "exception.request", object: nameOf(id), reason, after });
					}
					return made;
				});
			});
			for (const one of requests) tell(one, "requested", user, one.subject);
			return { requests };
		},
		list: (params, caller) => {
			const page = listExceptions(db, compileListing(params, exceptionFields, clock.now()).query);
			return { ...page, items: page.items.map((one) => asSeenBy(services, one, caller)) };
		},
		get: ({ id }, caller) => {
			return {
				exception: asSeenBy(services, getException(db, id), caller),
				findings: readCovered(db, worstCovered(db, id, worstTold)),
				evidence: listEvidence(db, id),
				history: listExceptionEvents(db, id),
				similar: similarTo(db, signaturesAndAssets(db, id), id),
				singleOperator: settings.data.operators.singleOperator !== null,
			};
		},
		ofFinding: ({ finding }) => {
			if (findFinding(db, finding) === null)
				throw new AppError("not-found", `There is no finding ${finding}.`, {
					hint: "List them with: vedette findings",
				});
			return { items: listExceptionsById(db, exceptionsOf(db, finding)) };
		},
		decide: async ({ id, decision, note, days, signature }, context) => {
			const more = { ...(days === undefined ? {} : { days }), ...(signature === undefined ? {} : { signature }) };
			const covered = await decideOne(deciding, context, id, { decision, note, ...more });
			return { exception: getException(db, id), covered };
		},
		decideMany: async ({ ids, decision, note, signature }, context) => {
			const said = { decision, note, ...(signature === undefined ? {} : { signature }) };
			const event = { who: context.user, action: `exception.${decision}`, object: `${ids.length} requests` };
			const signed = await noting(event, () => signatureOnList(services, ids, said, context.user));
			const decided: number[] = [];
			const refused: { id: number; reason: string }[] = [];
			for (const id of new Set(ids)) {
				try {
					await decideOne(deciding, context, id, said, signed.get(id));
					decided.push(id);
				} catch (err) {
					if (!(err instanceof AppError) || err.code === "unavailable") throw err;
					refused.push({ id, reason: err.message });
				}
			}
			return { decided: listExceptionsById(db, decided), refused };
		},
		revoke: async (params, context) => {
			const restored = await revokeOne(deciding, context, params);
			return { exception: getException(db, params.id), restored };
		},
		withdraw: async ({ id, note }, { user, access }) => {
			const event = { who: user, action: "exception.withdraw", object: nameOf(id), reason: note || null };
			await noting(event, () =>
				transaction(db, () => {
					const { requester } = getException(db, id);
					if (!isSamePerson(db, requester, user) && access !== "admin") {
						const words = `${personName(db, requester)} asked for request ${id}: only they, or an admin, can withdraw it.`;
						throw new AppError("forbidden", words, {
							hint: `Whoever may approve can reject it: vedette except reject ${id} --note WHY`,
						});
					}
					withdraw(db, id, { note, by: user, now: clock.now() });
					audit.write(event);
				}),
			);
			const exception = getException(db, id);
			tell(exception, "withdrawn", user, note);
			return exception;
		},
		resubmit: async ({ id, kind, reason, days }, { user, uid, signal }) => {
			const made = await noting({ who: user, action: "exception.request", object: nameOf(id) }, async () => {
				const { scope } = demandResubmittable(db, id, clock.now());
				const wanted = await bulk.ask("exceptions.wish", { scopes: [scope], now: clock.now() }, signal);
				return await aheadOf(db, wanted.each, ([number = null]) => {
					const [covering] = wanted.each;
					if (covering === undefined) throw new AppError("internal", "A scope was asked for and nothing came.");
					const wish = {
						...(kind === undefined ? {} : { kind }),
						...(reason === undefined ? {} : { reason }),
						...(days === undefined ? {} : { days }),
					};
					const asked = { requester: user, requesterUid: uid, now: clock.now() };
					const one = resubmit(db, id, { covering, number }, { ...wish, ...asked });
					const after = {
						previous: id,
						kind: one.kind,
						findings: one.findings,
						days: one.days,
						evidence: one.evidence,
					};
					audit.write({ who: user, action: "exception.request", object: nameOf(one.id), reason: one.reason, after });
					return one;
				});
			});
			tell(made, "requested", user, made.subject);
			return made;
		},
		comment: ({ id, text }, { user }) => {
			const one = getException(db, id);
			const event = transaction(db, () => {
				audit.write({ who: user, action: "exception.comment", object: nameOf(id), after: { text } });
				return addExceptionEvent(db, id, { at: clock.now(), kind: "comment", who: user, text });
			});
			tell(one, "comment", user, text);
			return event;
		},
		attach: async ({ id, name, bytes, content, evidence, last }, { user }) => {
			const plain = harmlessName(name);
			const bytesNow = Buffer.from(content, "base64");
			const event = { who: user, action: "exception.attach", object: nameOf(id), after: { name: plain, bytes } };
			const attached = await noting(event, () =>
				transaction(db, () => {
					const one = getException(db, id);
					demand(db, "attach", one, clock.now());
					const piece = evidence ?? begin(services, { exception: id, name: plain, bytes, who: user, at: clock.now() });
					const stored = addToEvidence(db, { exception: id, id: piece, who: user, content: bytesNow, last });
					if (last) {
						audit.write(event);
						addExceptionEvent(db, id, {
							at: clock.now(),
							kind: "evidence",
							who: user,
							text: `${plain} (${bytes} bytes)`,
						});
					}
					return { evidence: piece, name: plain, stored };
				}),
			);
			if (last) tell(getException(db, id), "evidence", user, plain);
			return attached;
		},
		readEvidence: ({ id, evidence }) => {
			getException(db, id);
			return readEvidence(db, id, evidence);
		},
	};
}

export function exceptionsStreams({ store, hub }: Services): AreaStreams<"exceptions"> {
	const waiting = () => countWaiting(store.db, store.clock.now() + exceptionLimits.warnDays * dayMs);
	return {
		watch: (_params, emit, { log }) => {
			const { call, cancel } = throttle(250, () => {
				try {
					emit({ kind: "changed", ...waiting() });
				} catch (err) {
					log.warn({ err }, "an event could not be made");
				}
			});
			return listening(
				hub,
				(bulletin) => {
					if (bulletin.kind === "exception") emit({ kind: "notice", ...bulletin.notice });
					if (bulletin.kind === "exception" || bulletin.kind === "findings-changed") call();
				},
				waiting,
				cancel,
			);
		},
	};
}

function begin({ store }: Services, piece: Parameters<typeof beginEvidence>[1]): number {
	if (piece.bytes > exceptionLimits.evidenceBytes) {
		throw new AppError("too-large", `${piece.name} has ${piece.bytes} bytes; a piece of evidence has 1 MiB at most.`, {
			hint: "Attach the part that matters: an excerpt of the log, a picture in less detail.",
		});
	}
	if (countEvidence(store.db, piece.exception) >= exceptionLimits.evidencePieces) {
		throw new AppError(
			"too-large",
			`Request ${piece.exception} has ${exceptionLimits.evidencePieces} pieces of evidence.`,
			{
				hint: "Put several into one file.",
			},
		);
	}
	return beginEvidence(store.db, piece);
}
