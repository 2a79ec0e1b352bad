/** A question before something is done: it says what will be hit, and the harmless answer is chosen at first. */
import { Dialog } from "../../components/dialog/dialog.tsx";
import { wrap } from "../../text/fit.ts";
import { line, type Piece } from "../../theme/line.ts";
import { handle, type Screen } from "../view.ts";

export const confirm: Screen<"confirm"> = {
	id: "confirm",
	title: "Question",
	open(route, context) {
		const { question } = route;
		let isYes = false;
		const act = async () => question.run();
		const answer = (yes: boolean) => {
			context.close(route);
			if (yes) act().catch(context.fail);
		};
		const content = (width: number): string[] => [
			line(width, []),
			...question.effect.flatMap((sentence) => wrap(sentence, width)).map((text) => line(width, [[text]])),
			line(width, []),
			line(width, [...button(question.no, !isYes), ["  "], ...button(question.yes, isYes)]),
		];
		return {
			route,
			isDialog: true,
			scopes: ["choice"],
			handlers: handle<"choice">({
				yes: { run: () => answer(true) },
				no: { run: () => answer(false) },
				other: {
					run() {
						isYes = !isYes;
						context.changed();
					},
				},
				submit: { run: () => answer(isYes) },
			}),
			targets: () => [
				{ text: question.no, run: () => answer(false) },
				{ text: question.yes, run: () => answer(true) },
			],
			crumbs: () => ({ path: [] }),
			Body: ({ columns, rows }) => (
				<Dialog
					columns={columns}
					rows={rows}
					width={64}
					height={content(58).length + 3}
					title={question.title}
					content={content}
				/>
			),
			close: () => undefined,
		};
	},
};

function button(text: string, isChosen: boolean): Piece[] {
	return [
		[isChosen ? "▸" : " ", "marker"],
		[` ${text} `, isChosen ? "tabActive" : "muted"],
	];
}
