/** One finding in full. */
import { ofFinding } from "../../../protocol/methods/exceptions.ts";
import { get, watch } from "../../../protocol/methods/findings.ts";
import { describeFinding, whereOf } from "../../components/finding/describe-finding.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import type { Block } from "../../components/reader/document.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { mendingHandlers } from "../../components/remedy/mending.ts";
import { askForFindings, whyNotExcept } from "../../components/request/ask-forms.ts";
import { requestBlocks } from "../../components/request/describe-request.ts";
import { startScan } from "../../components/scan/scan-actions.ts";
import { besideShell, openShellOn } from "../../components/shell/open-shell.ts";
import { aboutFinding } from "../../components/ticket/finding-handlers.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { Surface } from "../../terminal/surface.tsx";
import type { Piece } from "../../theme/line.ts";
import { handle, type Screen } from "../view.ts";

/** The hint line of a narrow screen has no room for all of them. */
function whatNext(): Block {
	const acts = [
		[keyOf("finding", "ticket"), "ticket"],
		[keyOf("finding", "except"), "except"],
		[keyOf("finding", "ignore"), "ignore"],
		[keyOf("mending", "fix"), "fix"],
		[keyOf("mending", "verify"), "test again"],
		[keyOf("finding", "history"), "history"],
		[keyOf("finding", "why"), "why"],
	] as const;
	return {
		kind: "pieces",
		pieces: acts.flatMap(([key, act]): Piece[] => [
			[key, "key"],
			[` ${act}   `, "muted"],
		]),
	};
}

export const finding: Screen<"finding"> = {
	id: "finding",
	title: "Finding",
	open(route, context) {
		const reader = createReader(
			context,
			async () => {
				const [detail, { items }] = await Promise.all([
					context.client.call(get, { id: route.finding }),
					context.client.call(ofFinding, { finding: route.finding }),
				]);
				return { ...detail, requests: items };
			},
			(detail) => {
				const [title, ...rest] = describeFinding(detail.finding, detail, context.now());
				return [...(title ? [title] : []), whatNext(), ...rest, ...requestBlocks(detail.requests)];
			},
		);
		const subscription = context.client.subscribe(
			watch,
			{},
			{ onSnapshot: () => undefined, onEvent: () => reader.reload() },
		);
		subscription.ready.catch(() => undefined);
		const current = () => reader.value()?.finding;
		const disabled = () => (current() ? undefined : "The finding is not here yet.");
		return {
			route,
			scopes: ["finding", "mending", "reader", "searching"],
			handlers: {
				...reader.handlers,
				...mendingHandlers(context, () =>
					current() ? { filter: "", ids: [route.finding], what: "this finding" } : undefined,
				),
				...handle<"finding">({
					history: { run: () => context.open({ to: "finding-history", finding: route.finding }) },
					why: { run: () => context.open({ to: "why", finding: route.finding }) },
					asset: {
						run() {
							const row = current();
							if (row) context.open({ to: "asset", asset: row.asset.id });
						},
						disabled,
					},
					same: {
						run() {
							const row = current();
							if (row) context.open({ to: "findings", filter: `signature:${row.signature}` });
						},
						disabled,
					},
					...aboutFinding(context, current, reader.reload),
					rescan: {
						run() {
							const row = current();
							if (row) startScan(context, [row.address]);
						},
						disabled,
					},
					shell: {
						run() {
							const detail = reader.value();
							if (!detail) return;
							const blocks = describeFinding(detail.finding, detail, context.now());
							openShellOn(context, detail.finding.asset.id, () => besideShell(blocks));
						},
						disabled,
					},
					request: {
						run() {
							const newest = reader.value()?.requests[0];
							if (newest) context.open({ to: "request", request: newest.id });
						},
						disabled: () =>
							disabled() ??
							(reader.value()?.requests.length === 0
								? `No request covers it: ${keyOf("finding", "except")} asks for one.`
								: undefined),
					},
					except: {
						run() {
							const row = current();
							if (row) askForFindings(context, [row], reader.reload);
						},
						disabled: () => disabled() ?? whyNotExcept(current()),
					},
				}),
			},
			rows: reader.rows,
			crumbs: () => ({ path: [current()?.title ?? `Finding ${route.finding}`] }),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) => {
						const row = current();
						return drawFrame(width, height, {
							title: row ? whereOf(row) : "Finding",
							focused: true,
							content: reader.draw,
						});
					}}
				/>
			),
			copy: () => reader.copy("the finding"),
			close() {
				subscription.close();
				reader.close();
			},
		};
	},
};
