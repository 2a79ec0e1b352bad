/** Writes what a judgement decided: findings, their log, counters and spread, in the caller's transaction. */
import type { DatabaseSync } from "node:sqlite";
import { AppError } from "../../protocol/errors.ts";
import type { Severity } from "../../protocol/model/severity.ts";
import type { Check } from "../knowledge/knowledge.ts";
import type { CountedFinding, Tally } from "../store/counters.ts";
import {
	addEvent,
	deleteFinding,
	insertFinding,
	isCounted,
	isOpen,
	type PriorFinding,
	touchFindings,
	updateFinding,
} from "../store/finding-writes.ts";
import { addSignature, SignatureTally, signatureNumber } from "../store/signatures.ts";
import { followFindings, type Sighting } from "../tickets/follow.ts";
import type { Transition } from "./judge.ts";

export interface Applied {
	/** Id of the finding of each transition, in their order. */
	ids: number[];
	/** Change of the asset's open findings, by severity. */
	openChange: Record<Severity, number>;
	/** Those that were not open before. */
	opened: number[];
	/** Those that are open as before, with another severity or type. */
	regraded: number[];
}

export interface ApplyContext {
	db: DatabaseSync;
	tally: Tally;
	assetId: number;
	scan: number | null;
	/** Milliseconds. */
	at: number;
	/** All findings of the asset as they were, to tell on how many assets a signature is open. */
	prior: readonly PriorFinding[];
	/** Gathers how widespread signatures are, for whoever writes it after several assets; else it is written here. */
	signatures?: SignatureTally;
	/** The evidence has just come in; else it is judged again. */
	isNew?: true;
}

export function applyTransitions(context: ApplyContext, transitions: readonly Transition[]): Applied {
	const spread = new Spread(context.prior);
	const openChange: Record<Severity, number> = { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 };
	const count = (finding: Counted, change: 1 | -1) => {
		context.tally.addFinding(finding, change);
		if (!isOpen(finding) || finding.excepted) return;
		openChange[finding.severity] += change;
		spread.add(finding.signature, change);
	};
	const ids = transitions.map((transition) => applyOne(context, transition, count));
	const touched = transitions.flatMap((transition) => (transition.act === "touch" ? transition.prior.id : []));
	touchFindings(context.db, context.assetId, touched, context.at, context.scan);
	const signatures = context.signatures ?? new SignatureTally();
	spread.addTo(context.db, signatures);
	if (context.signatures === undefined) signatures.write(context.db);
	const { db, assetId: asset, scan, at, isNew = false } = context;
	followFindings(db, { asset, scan, at, isNew }, () => transitions.flatMap((one) => sightingOf(one)));
	const opened = ids.filter((_, index) => opens(transitions[index]));
	const regraded = transitions.flatMap((one) => (regrades(one) ? one.prior.id : []));
	return { ids, openChange, opened, regraded };
}

function opens(transition: Transition | undefined): boolean {
	if (transition?.act === "insert") return isOpen(transition.after);
	return transition?.act === "update" && isOpen(transition.after) && !isOpen(transition.prior);
}

function regrades(transition: Transition): transition is Transition & { act: "update" } {
	if (transition.act !== "update" || !isOpen(transition.after) || !isOpen(transition.prior)) return false;
	return transition.after.severity !== transition.prior.severity || transition.after.type !== transition.prior.type;
}

const endings: Readonly<Record<string, string>> = {
	corrected: "What is known has changed: it was never so.",
	closed: "The host was not found alive in several scans.",
};

/** What a transition says of a finding that may have a ticket. */
function sightingOf(transition: Transition): Sighting[] {
	if (transition.act === "insert" || transition.act === "keep" || transition.act === "remove") return [];
	const { id: finding } = transition.prior;
	if (transition.act === "touch" || isOpen(transition.after)) return [{ finding, is: "present", text: "" }];
	return [{ finding, is: "absent", text: endings[transition.event ?? ""] ?? "" }];
}

function applyOne(
	{ db, assetId, at, scan }: ApplyContext,
	transition: Transition,
	count: (finding: Counted, change: 1 | -1) => void,
): number {
	switch (transition.act) {
		case "keep":
		case "touch":
			return transition.prior.id;
		case "remove":
			count(countedOf(transition.prior), -1);
			deleteFinding(db, transition.prior);
			return transition.prior.id;
		case "insert": {
			const { after } = transition;
			const id = insertFinding(db, assetId, numberFor(db, transition.check), after);
			count({ ...after, excepted: false }, 1);
			return id;
		}
		case "update": {
			const { prior, after, event } = transition;
			const before = countedOf(prior);
			count(before, -1);
			count({ ...after, excepted: before.excepted }, 1);
			updateFinding(db, prior, after);
			if (event !== null) {
				// Nobody looked when what was known was judged anew, or when a host was silent.
				const source = event === "corrected" || event === "closed" ? null : after.source;
				addEvent(db, prior.id, { at, kind: event, scan, source, result: after.result });
			}
			return prior.id;
		}
	}
}

type Counted = CountedFinding & { readonly signature: string };

function countedOf({ signature, severity, type, status, excepted }: PriorFinding): Counted {
	return { signature, severity, type, status, excepted: excepted > 0 };
}

/** How many open findings each signature has on this asset, before and after. */
class Spread {
	readonly #before = new Map<string, number>();
	readonly #change = new Map<string, number>();

	constructor(prior: readonly PriorFinding[]) {
		for (const finding of prior) {
			if (isCounted(finding)) this.#before.set(finding.signature, (this.#before.get(finding.signature) ?? 0) + 1);
		}
	}

	add(signature: string, change: number): void {
		this.#change.set(signature, (this.#change.get(signature) ?? 0) + change);
	}

	addTo(db: DatabaseSync, signatures: SignatureTally): void {
		for (const [signature, change] of this.#change) {
			const before = this.#before.get(signature) ?? 0;
			signatures.add(numberOf(db, signature), change, Number(before + change > 0) - Number(before > 0));
		}
	}
}

/** Of an advisory that nothing was found by before there is none yet. */
function numberFor(db: DatabaseSync, { signature, urgency }: Check): number {
	const number = signatureNumber(db, signature.id);
	if (number !== null || urgency === undefined) return numberOf(db, signature.id);
	return addSignature(db, signature, urgency);
}

function numberOf(db: DatabaseSync, signature: string): number {
	const number = signatureNumber(db, signature);
	if (number === null) throw new AppError("internal", `Signature ${signature} is not stored.`);
	return number;
}
