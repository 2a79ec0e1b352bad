/** One login to one host, as a scan would do it: how far it gets step by step, and what allows it to. */
import { check } from "../../../protocol/methods/credentials.ts";
import { openTrust } from "../../components/credential/credential-forms.ts";
import { describeChecks, figuresOfChecks } from "../../components/doctor/describe-checks.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { Surface } from "../../terminal/surface.tsx";
import { handle, type Screen } from "../view.ts";

export const loginCheck: Screen<"login-check"> = {
	id: "login-check",
	title: "Login",
	open(route, context) {
		const { target, credential } = route;
		const title = `Login to ${target}`;
		const reader = createReader(
			context,
			() => context.client.call(check, { target, ...(credential === undefined ? {} : { credential }) }),
			({ checks, dropIn }) => [
				...describeChecks(checks),
				...(dropIn === null
					? []
					: ([
							{ kind: "heading", text: `What is run as root there, for ${dropIn.file} on the host` },
							{ kind: "captured", text: dropIn.text },
						] as const)),
			],
		);
		const again = () => {
			context.toast("info", `Logging in to ${target} once more …`);
			reader.reload();
		};
		return {
			route,
			scopes: ["login-check", "reader", "searching"],
			handlers: {
				...handle<"reader" | "searching">(reader.handlers),
				...handle<"login-check">({
					trust: { run: () => openTrust(context, target, reader.reload) },
					again: { run: again },
				}),
			},
			rows: reader.rows,
			crumbs: () => ({ path: [title], figures: figuresOfChecks(reader.value()?.checks ?? []) }),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) => drawFrame(width, height, { title, focused: true, content: reader.draw })}
				/>
			),
			copy: () => reader.copy("the list of steps"),
			close: reader.close,
		};
	},
};
