/** Testing findings again from the console: shows what that sends, starts the scan, and says what came of it when it is over. */
import { aim, note } from "../../../protocol/methods/remedy.ts";
import { start } from "../../../protocol/methods/scans.ts";
import { isOver } from "../../../protocol/model/run-status.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { plural } from "../../text/format.ts";
import { verifiedSummary } from "../../text/remedy-words.ts";
import type { ChosenFindings } from "./mending.ts";

export function openVerify(context: ScreenContext, { filter, ids: chosen, what }: ChosenFindings): void {
	const wanted = { filter, ...(chosen === undefined ? {} : { ids: [...chosen] }) };
	context.opens(
		context.client.call(aim, wanted).then(({ ids, logins, ...where }) => {
			context.open({
				to: "confirm",
				question: {
					title: `Test ${what} again?`,
					effect: [
						`${plural(ids.length, "finding")} on ${plural(where.targets.length, "address", "addresses")}: ${portsText(where)}.`,
						...(logins ? ["Some are seen from inside only: the scan logs in where there is a credential."] : []),
						"What the scan cannot test stays as it was: not seen is not fixed.",
					],
					...{ yes: "Test", no: "Leave" },
					run() {
						const title = `Verification of ${plural(ids.length, "finding")}`;
						context.opens(
							context.client.call(start, { ...where, title, confirm: true }).then((scan) => {
								context.open({ to: "scan", scan: scan.id });
								noteWhenOver(context, scan.id, ids);
							}),
						);
					},
				},
			});
		}),
	);
}

function portsText({ ports, udp }: { ports: string; udp: string }): string {
	const amount = (list: string) => (list === "none" ? 0 : list.split(",").length);
	const parts = [
		...(amount(ports) > 0 ? [plural(amount(ports), "TCP port")] : []),
		...(amount(udp) > 0 ? [plural(amount(udp), "UDP port")] : []),
	];
	return parts.length === 0 ? "no port, only whether the host is there" : parts.join(" and ");
}

/** Goes on while other screens are looked at; the console that asked is the one that says it. */
function noteWhenOver(context: ScreenContext, scan: number, ids: number[]): void {
	const stop = context.onLive(() => {
		const now = context.scans().find(({ id }) => id === scan);
		if (now === undefined || !isOver(now)) return;
		stop();
		context.client
			.call(note, { scan, ids })
			.then(({ items }) => context.toast("good", `${verifiedSummary(items)} Kept with each finding.`), context.fail);
	});
}
