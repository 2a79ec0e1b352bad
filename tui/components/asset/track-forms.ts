/** Changing what assets are tracked by, from a list of them: what would become of each is shown while one chooses. */

import type { MethodResult } from "../../../protocol/define.ts";
import { track } from "../../../protocol/methods/assets.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { FormValues, ScreenContext } from "../../screens/view.ts";
import { count, plural } from "../../text/format.ts";
import { createLivePreview } from "../dialog/live-preview.ts";

/** Assets by number, or all that a query finds. */
export type TrackedChoice = { readonly assets: number[] } | { readonly filter: string };

const methods = { address: "IP", "host name": "DNSNAME", "NetBIOS name": "NETBIOS" } as const;
const words = Object.keys(methods);
const linesShown = 6;

export function openTracking(context: ScreenContext, choice: TrackedChoice, done: () => void): void {
	const request = ({ by = "" }: FormValues) => ({ ...choice, by: methods[by as keyof typeof methods] ?? "IP" });
	const foresee = (values: FormValues) => context.client.call(track, { ...request(values), dryRun: true });
	context.open({
		to: "form",
		form: {
			title: "What they are tracked by",
			verb: "changes it",
			fields: [
				{
					...{ name: "by", label: "Tracked by", value: "host name", choices: words },
					hint: "what does not resolve is not recorded, and listed as not scanned",
				},
			],
			preview: createLivePreview(context, request, async (wish) =>
				outcomeLines(await context.client.call(track, { ...wish, dryRun: true })),
			),
			async submit(values) {
				const found = await foresee(values);
				if (found.changed === 0)
					throw new Error(found.items.find(({ why }) => why !== null)?.why ?? "Nothing would change.");
				if (found.losing === 0) {
					await apply(values);
					return undefined;
				}
				return {
					to: "confirm",
					question: {
						title: "Something is lost by it",
						effect: [
							...outcomeLines(found),
							...(found.purged > 0 ? [`What is purged can be put back (${keyOf("everywhere", "purges")}).`] : []),
						],
						...{ yes: "Change", no: "Leave" },
						run: () => apply(values),
					},
				};
			},
		},
	});

	async function apply(values: FormValues): Promise<void> {
		const { changed, refused, purged } = await context.client.call(track, { ...request(values), dryRun: false });
		const rest = [
			refused > 0 ? `${count(refused)} refused` : "",
			purged > 0 ? `${plural(purged, "older record")} purged` : "",
		];
		const told = [
			`${plural(changed, "asset")} tracked by ${values.by ?? "address"}`,
			...rest.filter((text) => text !== ""),
		];
		context.toast("good", `${told.join(", ")}.`);
		done();
	}
}

/** What would become of them: how many, and the first of those that lose something, then of those that are refused. */
function outcomeLines({ changed, already, refused, purged, items }: MethodResult<typeof track>): string[] {
	const telling = [...items.filter(({ loses }) => loses !== null), ...items.filter(({ why }) => why !== null)];
	const gone = purged > 0 ? `, ${plural(purged, "older record")} purged` : "";
	return [
		`${plural(changed, "asset")} would be changed, ${count(already)} already so, ${count(refused)} refused${gone}.`,
		...telling.slice(0, linesShown).map(({ asset, why, loses }) => `${asset.id} ${asset.name}: ${loses ?? why ?? ""}`),
		...(telling.length > linesShown ? [`and ${count(telling.length - linesShown)} more`] : []),
	];
}
