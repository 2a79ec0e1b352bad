/** What `vedette doctor` says, in the console: the checks with something to do first. */
import * as daemon from "../../../protocol/methods/daemon.ts";
import { describeChecks, figuresOfChecks } from "../../components/doctor/describe-checks.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { checkDaemon } from "../../connect/check-daemon.ts";
import { checkTerminal } from "../../terminal/check-terminal.ts";
import { Surface } from "../../terminal/surface.tsx";
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
			scopes: ["reader", "searching"],
			handlers: handle<"reader" | "searching">(reader.handlers),
			rows: reader.rows,
			crumbs: () => ({ path: ["Doctor"], figures: figuresOfChecks(reader.value() ?? []) }),
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
