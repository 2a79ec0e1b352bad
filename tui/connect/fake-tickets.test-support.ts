/** What the fake daemon answers about tickets, their policy, what is ignored, and priorities. */
import * as ignores from "../../protocol/methods/ignores.ts";
import * as policy from "../../protocol/methods/policy.ts";
import * as priorities from "../../protocol/methods/priorities.ts";
import * as tickets from "../../protocol/methods/tickets.ts";
import { defaultWeights } from "../../protocol/model/priority.ts";
import { ticketSettings } from "../../protocol/model/ticket.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import { page } from "./sample-page.test-support.ts";
import {
	ignorePreviewOf,
	ignoreRequestOf,
	policyEffectOf,
	policyRuleOf,
	ticketEventsOf,
	ticketOf,
	ticketPreviewOf,
} from "./sample-tickets.test-support.ts";

export function answerTickets(answer: FakeClient["answer"], options: SampleOptions): void {
	answer(priorities.explain, ({ finding }) => ({
		...{ finding, title: options.text ?? "Terrapin", priority: 31.5 },
		parts: [
			{
				factor: "severity" as const,
				weight: 20,
				share: 0.8,
				points: 16,
				most: 20,
				text: options.text ?? "severity 4 of 5",
			},
		],
	}));
	answer(tickets.list, (params) => page(params, 12, (index) => ticketOf(index + 1, options)));
	answer(tickets.get, ({ id }) => ({ ticket: ticketOf(id, options), events: ticketEventsOf(options) }));
	answer(tickets.counts, () => ({ open: 12, overdue: 3, mine: 4, who: "unix:1000" }));
	answer(tickets.preview, ({ ids, change }) => ({
		...ticketPreviewOf(ids ?? [1, 2, 3], options),
		...(change.kind === "unmake" ? { tickets: ids?.length ?? 3, unchanged: 0, why: [] } : {}),
	}));
	answer(tickets.change, ({ ids }) => ({ changed: ids?.length ?? 3 }));
	answer(tickets.ticketless, ({ ids }) => ({ findings: ids?.length ?? 3, assets: 1 }));
	answer(tickets.create, ({ expected }) => ({
		created: expected,
		tickets: Array.from({ length: expected }, (_, at) => 13 + at),
	}));
	const rules = [policyRuleOf(1, options), policyRuleOf(2, options)];
	answer(policy.list, () => ({ items: rules, total: rules.length }));
	answer(policy.preview, ({ change }) => ({
		...{ before: policyEffectOf(4, options), after: policyEffectOf(change === undefined ? 4 : 16, options), rules },
	}));
	answer(policy.change, () => ({ rules }));
	answer(policy.apply, () => policyEffectOf(4, options));
	answer(ignores.preview, ({ assets }) => ignorePreviewOf(assets.startsWith("id:") ? 1 : 6, options));
	answer(ignores.list, () => ({ items: [ignoreRequestOf(2, 6, options), ignoreRequestOf(1, 1, options)], total: 2 }));
	answer(ignores.restore, ({ id }) => ({ request: ignoreRequestOf(id, 6, options), findings: 6 }));
	answer(tickets.settings, () => ticketSettings.parse({}));
	answer(tickets.saveSettings, (changes) => ({
		...{ settings: ticketSettings.parse({ sla: changes.sla }), closed: 0, redated: changes.redate === true ? 7 : 0 },
	}));
	answer(priorities.weights, () => ({ weights: defaultWeights }));
	answer(priorities.setWeights, () => ({ weights: defaultWeights }));
	answer(ignores.add, ({ assets }) => ({ request: ignoreRequestOf(3, assets.startsWith("id:") ? 1 : 6, options) }));
}
