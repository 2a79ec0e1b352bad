/** The remediation policy: ordered rules that say what becomes of a finding, of which the first that fits holds. */
import { z } from "zod";
import { assignee, dueDays } from "./ticket.ts";
import { timestamp } from "./timestamp.ts";

/** ticket: make one. ignore: make one that is closed as ignored. nothing: make none, whatever rules below say. */
export const policyActions = ["ticket", "ignore", "nothing"] as const;
export const policyAction = z.enum(policyActions);
export type PolicyAction = z.infer<typeof policyAction>;

export const policyRuleName = z.string().trim().min(1).max(100);
const query = z.string().trim().max(4_000);

/** What somebody writes of a rule. */
export const policyRuleWords = z.object({
	name: policyRuleName,
	findings: query
		.default("")
		.describe("which findings, in their query language: qid:[38170, 38173] and severity>=4; empty: all"),
	assets: query.default("").describe("on which assets, in theirs: group:Web and tag:pci; empty: any"),
	action: policyAction.default("ticket"),
	assignee: assignee.nullable().default(null).describe("who gets the ticket"),
	days: dueDays
		.nullable()
		.default(null)
		.describe(
			"days to resolve, null: by the table of severity and criticality; of `ignore`: when it is reopened, null: never",
		),
	enabled: z.boolean().default(true),
});
export type PolicyRuleWords = z.infer<typeof policyRuleWords>;

export const policyRule = policyRuleWords.extend({
	position: z.int().positive().describe("from 1; the first that fits holds"),
	tickets: z.int().nonnegative().describe("open or resolved ones it made"),
	problem: z.string().nullable().describe("why it fits nothing: its query cannot be read any more"),
	changedBy: z.string(),
	changedAt: timestamp,
});
export type PolicyRule = z.infer<typeof policyRule>;

/** A change of the policy that is looked at, or done. */
export const policyChange = z.discriminatedUnion("kind", [
	z.object({
		kind: z.literal("save"),
		rule: policyRuleWords.describe("made when there is none of that name"),
		position: z.int().positive().optional().describe("default: where it is; a new one comes last"),
		/** The name it had. */
		was: policyRuleName.optional().describe("its name so far, to give it another"),
	}),
	z.object({ kind: z.literal("move"), name: policyRuleName, position: z.int().positive() }),
	z.object({ kind: z.literal("remove"), name: policyRuleName }),
]);
export type PolicyChange = z.infer<typeof policyChange>;

const figures = {
	tickets: z.int().nonnegative().describe("made"),
	ignored: z.int().nonnegative().describe("findings that would be ignored, those with an open ticket too"),
	left: z.int().nonnegative().describe("that get no ticket because the rule says so"),
};

/** What applying a policy to the findings there are would do. */
export const policyEffect = z.object({
	...figures,
	assets: z.int().nonnegative().describe("on which it would do something"),
	unmatched: z.int().nonnegative().describe("open findings without a ticket that no rule speaks of"),
	rules: z.array(z.object({ name: policyRuleName, ...figures })).describe("what each rule would do, in their order"),
	digest: z.string().describe("says which findings these are; `policy.apply` wants to be told it"),
});
export type PolicyEffect = z.infer<typeof policyEffect>;

/** The same for a change: with it, and without it. */
export const policyPreview = z.object({ before: policyEffect, after: policyEffect, rules: z.array(policyRule) });
export type PolicyPreview = z.infer<typeof policyPreview>;
