/** The dialog of what each factor of the priority weighs. */
import * as priorities from "../../../protocol/methods/priorities.ts";
import {
	defaultWeights,
	type PriorityFactor,
	type PriorityWeights,
	priorityFactors,
} from "../../../protocol/model/priority.ts";
import type { FormValues, ScreenContext } from "../../screens/view.ts";
import { reversible } from "../../state/undo.ts";

const hints: Readonly<Record<PriorityFactor, string>> = {
	severity: "of the check, 1 to 5",
	cvss: "base score of the weakness",
	epss: "probability that it is used within 30 days",
	kev: "it is known to be exploited",
	exposure: "the asset is reachable from the Internet",
	criticality: "the highest of the asset's tags",
	impact: "the highest of the asset's groups",
};

export async function openWeights(context: ScreenContext, done: () => void): Promise<void> {
	const { weights } = await context.client.call(priorities.weights, {});
	context.open({
		to: "form",
		form: {
			title: "What priorities are made of",
			verb: "saves",
			fields: priorityFactors.map((factor) => ({
				...{ name: factor, label: factor, value: String(weights[factor]) },
				hint: `0 to 100: ${hints[factor]}; usually ${defaultWeights[factor]}`,
			})),
			preview: (values) => [
				`Of 100 points at most: ${sharesOf(weightsOf(values))}.`,
				"All findings are in their new order at once.",
			],
			async submit(values) {
				await context.client.call(priorities.setWeights, { weights: weightsOf(values) });
				context.offerUndo(
					reversible("Priorities are weighed anew", {
						again: () => context.client.call(priorities.setWeights, { weights: weightsOf(values) }),
						back: () => context.client.call(priorities.setWeights, { weights }),
						done,
					}),
				);
				done();
				return undefined;
			},
		},
	});
}

/** Throws what is no weight. */
function weightsOf(values: FormValues): PriorityWeights {
	const entries = priorityFactors.map((factor) => {
		const text = (values[factor] ?? "").trim();
		if (!/^\d{1,3}$/.test(text) || Number(text) > 100) throw new Error(`${factor}: a whole number from 0 to 100.`);
		return [factor, Number(text)] as const;
	});
	if (entries.every(([, weight]) => weight === 0)) throw new Error("Something has to weigh something.");
	return Object.fromEntries(entries) as PriorityWeights;
}

function sharesOf(weights: PriorityWeights): string {
	const sum = priorityFactors.reduce((total, factor) => total + weights[factor], 0);
	return priorityFactors
		.filter((factor) => weights[factor] > 0)
		.map((factor) => `${factor} ${((100 * weights[factor]) / sum).toFixed(0)}`)
		.join(", ");
}
