/** What `vedette doctor` says, in the console: the checks with something to do first. */
import * as daemon from "../../../protocol/methods/daemon.ts";
import type { CheckState, DoctorCheck } from "../../../protocol/model/doctor.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import type { Block } from "../../components/reader/document.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { checkDaemon } from "../../connect/check-daemon.ts";
import { checkTerminal } from "../../terminal/check-terminal.ts";
import { Surface } from "../../terminal/surface.tsx";
import { plural } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import { version } from "../../version.ts";
import { handle, type Screen } from "../view.ts";

export const doctor: Screen<"doctor"> = {
	id: "doctor",
	title: "Doctor",
	open(route, context) {
		const load = async () => {
			const [status, report] = await Promise.all([
				context.client.call(daemon.status, {}),
				context.client.call(daemon.doctor, {}),
			]);
			const { columns, rows } = process.stdout;
			const terminal = checkTerminal(process.env, columns === undefined ? null : { columns, rows });
			return [checkDaemon(status, version), ...report.checks, ...terminal];
		};
		const reader = createReader(context, load, describeChecks);
		return {
			route,
			scopes: ["reader"],
			handlers: handle<"reader">(reader.handlers),
			crumbs: () => ({ path: ["Doctor"], figures: figuresOf(reader.value() ?? []) }),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) => drawFrame(width, height, { title: "Doctor", focused: true, content: reader.draw })}
				/>
			),
			copy: () => reader.copy("the list of checks"),
			close: reader.close,
		};
	},
};

const marks: Record<CheckState, Piece> = { ok: ["✓", "good"], warning: ["!", "warning"], failed: ["✗", "bad"] };
const urgency: readonly CheckState[] = ["failed", "warning", "ok"];

export function describeChecks(checks: readonly DoctorCheck[]): Block[] {
	return urgency
		.flatMap((state) => checks.filter((check) => check.state === state))
		.flatMap(({ state, title, found, cure }): Block[] => [
			{ kind: "item", mark: marks[state], text: `${title}: ${found}` },
			...cure.map((text): Block => ({ kind: "text", text: `→ ${text}`, token: "muted", indent: 2 })),
		]);
}

function figuresOf(checks: readonly DoctorCheck[]): Piece[] {
	const count = (state: CheckState) => checks.filter((check) => check.state === state).length;
	if (checks.length === 0) return [];
	const [failed, warnings] = [count("failed"), count("warning")];
	return [
		[`${failed} failed`, failed > 0 ? "bad" : "muted"],
		[" · ", "muted"],
		[plural(warnings, "warning"), warnings > 0 ? "warning" : "muted"],
	];
}
