/** The dialog that ignores a check: on the host it was found on, or on those of a query, with what that would hide. */
import type { MethodParams } from "../../../protocol/define.ts";
import * as ignores from "../../../protocol/methods/ignores.ts";
import type { IgnorePreview } from "../../../protocol/model/ignore.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { repeatable } from "../../state/undo.ts";
import { plural } from "../../text/format.ts";
import { createLivePreview } from "../dialog/live-preview.ts";

export function openIgnore(
	context: ScreenContext,
	finding: { readonly qid: number; readonly title: string; readonly asset: { readonly id: number } },
	done: () => void,
): void {
	const wishOf = (assets: string) => ({ qids: [finding.qid], assets: assets.trim() });
	const preview = createLivePreview(
		context,
		({ assets = "" }) => (assets.trim() === "" ? undefined : wishOf(assets)),
		async (wish) => previewLines(await context.client.call(ignores.preview, wish)),
	);
	context.open({
		to: "form",
		form: {
			title: `Ignore ${finding.title}`,
			verb: "ignores it",
			fields: [
				{ name: "assets", label: "On hosts", value: `id:${finding.asset.id}`, hint: "a query: group:Lab, tag:test, *" },
				{ name: "reason", label: "Why", value: "", hint: "for the tickets and the audit log; needed" },
				{ name: "days", label: "For days", value: "", hint: "it ends by itself then; empty: for good" },
			],
			preview,
			async submit({ assets = "", reason = "", days = "" }) {
				if (reason.trim() === "") throw new Error("Ignoring needs a reason.");
				const wish = wishOf(assets);
				const shown = await context.client.call(ignores.preview, wish);
				const until = days.trim() === "" ? null : Number(days);
				const act = async (isAgain: boolean) => {
					const digest = isAgain ? await digestOfAsMany(context, wish, shown.findings) : shown.digest;
					return ignoreOnce(context, { ...wish, digest, reason, days: until });
				};
				const run = async () => context.offerUndo(await repeatable(act, done));
				if (shown.findings > 1) {
					return {
						to: "confirm",
						question: {
							title: `Ignore ${plural(shown.findings, "finding")}?`,
							effect: previewLines(shown),
							...{ yes: "Ignore", no: "Keep" },
							run,
						},
					};
				}
				await run();
				return undefined;
			},
		},
	});
}

/** What is agreed to where it hides as many findings as when it was asked. */
async function digestOfAsMany(
	{ client }: ScreenContext,
	wish: MethodParams<typeof ignores.preview>,
	findings: number,
): Promise<string> {
	const now = await client.call(ignores.preview, wish);
	if (now.findings !== findings)
		throw new Error(`It would hide ${plural(now.findings, "finding")} now, not ${findings}: ignore it anew.`);
	return now.digest;
}

async function ignoreOnce({ client }: ScreenContext, wish: MethodParams<typeof ignores.add>) {
	const { request } = await client.call(ignores.add, wish);
	return {
		what: `${plural(request.findings, "finding")} ignored, as number ${request.id}`,
		back: () => client.call(ignores.restore, { id: request.id, reason: "undone at once" }),
	};
}

function previewLines({ findings, assets, matched, withoutData, tickets }: IgnorePreview): string[] {
	return [
		`Hides ${plural(findings, "finding")} on ${plural(assets, "host")}, of ${plural(matched, "host that matches", "hosts that match")}.`,
		...(tickets > 0 ? [`${plural(tickets, "open ticket")} would be closed.`] : []),
		...(withoutData > 0 ? [`${plural(withoutData, "host")} never scanned: not ignored there.`] : []),
		"What the check finds there later is hidden too; other hosts are not covered. Reopening its ticket ends it.",
	];
}
