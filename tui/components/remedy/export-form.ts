/** The dialog of an export: format and file; while it is written it says how far it is, and leaving it stops it. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { AppError } from "../../../protocol/errors.ts";
import { exportEndings, exportFormats } from "../../../protocol/model/export.ts";
import { exportToFile } from "../../connect/pull-export.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { count, plural } from "../../text/format.ts";
import { bytesText } from "../../text/update-words.ts";
import type { ChosenFindings } from "./mending.ts";

const hints: Readonly<Record<(typeof exportFormats)[number], string>> = {
	csv: "a table, for spreadsheets",
	json: "one document, with everything",
	jsonl: "a finding a line",
	sarif: "SARIF 2.1.0, with what is suppressed",
	openvex: "OpenVEX 0.2.0: what is affected by what",
	csaf: "CSAF 2.0, profile VEX",
	ocsf: "OCSF Vulnerability Findings, one a line",
};

export function openExport(context: ScreenContext, { filter, ids, what }: ChosenFindings): void {
	let told = "";
	const day = new Date(context.now()).toISOString().slice(0, 10);
	context.open({
		to: "form",
		form: {
			title: `Export ${what}`,
			verb: "writes the file",
			fields: [
				{
					...{ name: "format", label: "Format", value: "csv", choices: exportFormats },
					hint: (value) => hints[value as keyof typeof hints] ?? "",
				},
				{
					...{ name: "path", label: "File", value: `vedette-findings-${day}` },
					hint: "where this console runs; without an ending it gets the format's",
				},
			],
			preview: ({ path = "", format = "" }) => [
				`Writes ${pathOf(path, format)}, for your eyes only.`,
				// More than the list shows.
				...(ids === undefined ? ["What is set apart or ignored is written too, and marked as such."] : []),
			],
			whileBusy: () => told || "Asking the daemon …",
			async submit({ path: typed = "", format: name = "" }, signal) {
				const format = exportFormats.find((one) => one === name) ?? "csv";
				const path = pathOf(typed, format);
				const progress = (rows: number, total: number) => {
					told = `${count(rows)} of ${plural(total, "finding")} written`;
					context.changed();
				};
				const params = { format, filter, ...(ids === undefined ? {} : { ids: [...ids] }) };
				const done = await exportToFile(context.client, params, { path, replace: false, progress, signal }).catch(
					(err: unknown) => {
						if (signal.aborted) context.toast("info", `The export was stopped; ${path} was not written.`);
						throw err;
					},
				);
				const partly = done.gone > 0 ? ` ${plural(done.gone, "finding")} left the inventory meanwhile.` : "";
				context.toast("good", `${plural(done.rows, "finding")} in ${path} (${bytesText(done.bytes)}).${partly}`);
				return undefined;
			},
		},
	});
}

/** With the format's ending where it has none; `~/` is the home of whoever runs the console. */
export function pathOf(typed: string, format: string): string {
	const trimmed = typed.trim();
	if (trimmed === "") throw new AppError("invalid", "Say in which file.");
	const path = trimmed.startsWith("~/") ? join(homedir(), trimmed.slice(2)) : resolve(trimmed);
	const ending = exportEndings[format as keyof typeof exportEndings];
	return ending === undefined || /\.[A-Za-z0-9]+$/.test(path) ? path : `${path}.${ending}`;
}
