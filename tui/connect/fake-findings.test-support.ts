/** What the fake daemon answers about assets and findings. */
import * as assets from "../../protocol/methods/assets.ts";
import * as findings from "../../protocol/methods/findings.ts";
import * as remedy from "../../protocol/methods/remedy.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import { assetOf, evidenceOf, serviceOf } from "./sample-assets.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import { facetsOf, findingGroupOf, findingOf, remedyOf, signatureOf } from "./sample-findings.test-support.ts";
import { identityOf } from "./sample-identity.test-support.ts";
import { page } from "./sample-page.test-support.ts";

export function answerFindings(
	answer: FakeClient["answer"],
	options: SampleOptions,
	totals: { readonly assets: number; readonly findings: number },
): void {
	answer(assets.list, (params) => page(params, totals.assets, (index) => assetOf(index + 1, options)));
	answer(assets.count, ({ filter }) => ({ total: filter === "interfaces.address is null" ? 1 : totals.assets }));
	answer(assets.get, ({ id }) => ({
		asset: assetOf(id ?? 1, options),
		services: Array.from({ length: 6 }, (_, index) => serviceOf(index, options)),
		...identityOf(options),
		records: [evidenceOf("ssh", options), evidenceOf("http", options)],
	}));
	answer(findings.list, (params) => page(params, totals.findings, (index) => findingOf(index + 1, options)));
	answer(findings.compared, (params) => page(params, 3, (index) => findingOf(index + 1, options)));
	answer(findings.compare, () => ({
		...{ from: { at: "2026-01-03T09:12:44.000Z", scan: 1 }, to: { at: "2026-02-03T09:12:44.000Z", scan: 2 } },
		hosts: { both: 4, onlyFrom: 1, onlyTo: 0 },
		appeared: { "1": 0, "2": 0, "3": 1, "4": 0, "5": 2 },
		gone: { "1": 0, "2": 2, "3": 0, "4": 0, "5": 0 },
		stayed: { "1": 0, "2": 0, "3": 9, "4": 0, "5": 0 },
	}));
	answer(findings.groups, ({ by = "signature", ...params }) =>
		page(params, 12, (index) => findingGroupOf(index + 1, by, options)),
	);
	answer(assets.facets, () => facetsOf(options));
	answer(findings.facets, () => facetsOf(options));
	answer(findings.get, ({ id }) => ({
		finding: findingOf(id, options),
		signature: signatureOf(options),
		evidence: [evidenceOf("ssh", options)],
		events: [
			{ at: "2026-01-03T09:12:44.000Z", kind: "new" as const, scan: 1, source: "network" as const, result: "" },
			{
				at: "2026-02-03T09:12:44.000Z",
				kind: "found" as const,
				scan: 2,
				source: "login" as const,
				result: options.text ?? "",
			},
		],
	}));
	answer(remedy.plan, () => ({ hosts: [remedyOf(options)], assets: 1, next: null }));
	answer(findings.explain, () => ({
		question: options.text ?? "Why is SSH Terrapin open on web-07?",
		verdict: "vulnerable" as const,
		summary: options.text ?? "The server offers chacha20-poly1305 without strict key exchange.",
		steps: [
			{
				step: "evidence" as const,
				outcome: "yes" as const,
				text: options.text ?? "An ssh record of 10.0.3.7:22, two minutes old.",
				data: { kex: options.text ?? "curve25519-sha256" },
			},
			{ step: "expression" as const, outcome: "yes" as const, text: options.text ?? "The expression is true." },
		],
		check: options.text ?? "ssh-audit 10.0.3.7",
	}));
}
