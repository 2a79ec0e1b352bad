/** Taking in another scanner's file in the console: tried without effect first, so that what it brings is seen before it is there. */
import type { MethodParams, MethodResult } from "../../../protocol/define.ts";
import * as imports from "../../../protocol/methods/imports.ts";
import type { Question, ScreenContext } from "../../screens/view.ts";
import { importedLines, progressText } from "../../text/import-words.ts";

/** How often it is asked how far it is. Milliseconds. */
const followEveryMs = 500;

export function openImport(context: ScreenContext, done: () => void): void {
	let said = "";
	context.open({
		to: "form",
		form: {
			title: "Take in another scanner's file",
			verb: "looks what it brings",
			fields: [
				{
					...{ name: "path", label: "File", value: "" },
					hint: "nmap's XML or a .nessus file, the whole path on the daemon's machine: /tmp/scan.nessus",
				},
				{ name: "network", label: "Network", value: "", hint: "that its addresses are in; empty: default" },
			],
			preview: () => ["Nothing is changed yet: what it would come to is shown first."],
			whileBusy: () => said,
			async submit({ path = "", network = "" }, signal) {
				const wanted = { path: path.trim(), ...(network.trim() === "" ? {} : { network: network.trim() }) };
				const leave = () => void context.client.call(imports.stop, {}).catch(() => undefined);
				signal.addEventListener("abort", leave, { once: true });
				try {
					const outcome = await followed({ ...wanted, dryRun: true });
					const name = wanted.path.split("/").at(-1) ?? wanted.path;
					const question: Question = {
						title: `Take in ${name}?`,
						effect: importedLines(name, outcome, true, 5),
						...{ yes: "Take it in", no: "Leave it" },
						// What comes of it every console is told (state/notices.ts).
						run: () => followed({ ...wanted, dryRun: false }).then(done),
					};
					return { to: "confirm", question };
				} finally {
					signal.removeEventListener("abort", leave);
				}
			},
		},
	});

	/** While it goes on, the form says how far it is. */
	async function followed(wish: MethodParams<typeof imports.file>): Promise<MethodResult<typeof imports.file>> {
		said = "";
		const timer = setInterval(() => {
			const tell = ({ running }: MethodResult<typeof imports.status>) => {
				said = running === null ? "" : progressText(running);
				context.changed();
			};
			context.client.call(imports.status, {}).then(tell, () => undefined);
		}, followEveryMs);
		try {
			return await context.client.call(imports.file, wish);
		} finally {
			clearInterval(timer);
		}
	}
}
