/** The remediation policy: rules that make tickets, and what they would do, before and after they are changed. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { policyChange, policyEffect, policyPreview, policyRule } from "../model/policy.ts";

const rules = z.array(policyRule);

export const list = defineMethod({
	name: "policy.list",
	summary: "The rules of the remediation policy",
	description: "In their order: the first that fits a finding holds.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: rules, total: z.int().nonnegative() }),
});

export const preview = defineMethod({
	name: "policy.preview",
	summary: "What the policy would do to the findings there are",
	description:
		"Changes nothing. With a `change` of the rules: what they would do then, beside what they do now. Findings that have a ticket keep it, but for rules that ignore; what an exception covers is left alone. `after.digest` is what `policy.apply` wants to be told once the change is saved.",
	access: "read",
	errors: ["not-found", "conflict", "too-large"],
	params: z.object({ change: policyChange.optional() }),
	result: policyPreview,
	timeoutMs: 60_000,
});

export const change = defineMethod({
	name: "policy.change",
	summary: "Save, move or remove a rule",
	description:
		"It holds for findings that open from then on, in the transaction that brings their evidence in; for those there are, see `policy.apply`.",
	access: "approve",
	audit: ["policy.save", "policy.move", "policy.remove"],
	errors: ["not-found", "conflict", "too-large", "unavailable"],
	params: z.object({ change: policyChange }),
	result: z.object({ rules }),
});

export const apply = defineMethod({
	name: "policy.apply",
	summary: "Apply the policy to the findings there are",
	description:
		"All of it or nothing. `conflict` when it would do something else than the preview with this digest said; `details.effect` then says what.",
	access: "approve",
	audit: ["policy.apply"],
	errors: ["conflict", "unavailable"],
	params: z.object({ digest: z.string().max(64) }),
	result: policyEffect,
	timeoutMs: 300_000,
});
