/** One request in full. */
import { get, watch } from "../../../protocol/methods/exceptions.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { describeRequest } from "../../components/request/describe-request.ts";
import { requestHandlers } from "../../components/request/request-acts.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { Surface } from "../../terminal/surface.tsx";
import { handle, type Screen } from "../view.ts";

export const request: Screen<"request"> = {
	id: "request",
	title: "Request",
	open(route, context) {
		const reader = createReader(
			context,
			() => context.client.call(get, { id: route.request }),
			(detail) => describeRequest(detail.exception, detail),
		);
		const stop = watchChanges(context.client, watch, () => reader.reload());
		const rows = () => {
			const detail = reader.value();
			return detail ? [detail.exception] : [];
		};
		return {
			route,
			scopes: ["requests", "reader", "searching"],
			handlers: {
				...reader.handlers,
				...handle<"requests">({
					...requestHandlers(context, { rows, done: reader.reload }),
					view: { run: () => context.open({ to: "requests" }) },
				}),
			},
			rows: reader.rows,
			crumbs: () => ({ path: [`Request ${route.request}`] }),
			Body: ({ columns, rows: height }) => (
				<Surface
					width={columns}
					height={height}
					draw={(width, lines) =>
						drawFrame(width, lines, { title: `request ${route.request}`, focused: true, content: reader.draw })
					}
				/>
			),
			copy: () => reader.copy("the request"),
			close() {
				stop();
				reader.close();
			},
		};
	},
};
