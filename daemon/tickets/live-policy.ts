/**
 * The policy made ready for a few findings at a time: the facts of each are read once, and the first rule that fits them holds.
 * Kept for a connection until a rule changes, a transaction is rolled back, or a rule that speaks of time has become old.
 */
import type { DatabaseSync } from "node:sqlite";
import { FactsReader } from "../query/facts.ts";
import { planOf } from "../query/plan.ts";
import { addNeeds, type Facts, type Needs, noNeeds, planTest } from "../query/plan-test.ts";
import { assetFields, findingFields } from "../store/fields.ts";
import { findingFrom } from "../store/findings.ts";
import { listPolicyRules, policyVersion, type StoredRule } from "../store/policy-rules.ts";
import { type ReadRule, rulesInForce } from "./rules.ts";

export type Decide = (finding: { readonly id: number; readonly asset: number }) => StoredRule | null;

interface LivePolicy {
	readonly version: string;
	/** Milliseconds: `now` in a rule may stand still for a while. */
	readonly goodUntil: number;
	/** Null: there are no rules. */
	readonly decide: Decide | null;
}

const freshMs = 10_000;
const kept = new WeakMap<DatabaseSync, LivePolicy>();

/** Null when there are no rules: then nothing has to be asked. `now` in milliseconds. */
export function livePolicy(db: DatabaseSync, now: number): Decide | null {
	const known = kept.get(db);
	const version = policyVersion(db);
	if (known?.version === version && now <= known.goodUntil && now > known.goodUntil - 2 * freshMs) return known.decide;
	const made: LivePolicy = { version, goodUntil: now + freshMs, decide: makePolicy(db, now) };
	kept.set(db, made);
	return made.decide;
}

function makePolicy(db: DatabaseSync, now: number): Decide | null {
	const needs = { finding: noNeeds(), asset: noNeeds() };
	const tests = rulesInForce(listPolicyRules(db), now).map((rule) => testOf(rule, needs, now));
	if (tests.length === 0) return null;
	const findings = new FactsReader(db, findingFrom, "f.id", needs.finding);
	const assets = new FactsReader(db, "asset a", "a.id", needs.asset);
	return ({ id, asset }) => {
		const facts = findings.read(id);
		let around: Facts | undefined;
		const found = tests.find(({ onFinding, onAsset }) => {
			if (!onFinding(facts)) return false;
			if (onAsset === null) return true;
			around ??= assets.read(asset);
			return onAsset(around);
		});
		return found?.rule ?? null;
	};
}

function testOf(
	{ rule, findings, assets }: ReadRule<StoredRule>,
	needs: Record<"finding" | "asset", Needs>,
	now: number,
) {
	const test = (query: typeof findings, catalogue: typeof findingFields, into: Needs) => {
		if (query === null) return null;
		const plan = planOf(query, catalogue, now, new Set());
		addNeeds(plan, into);
		return planTest(plan);
	};
	return {
		rule,
		onFinding: test(findings, findingFields, needs.finding) ?? (() => true),
		onAsset: test(assets, assetFields, needs.asset),
	};
}
