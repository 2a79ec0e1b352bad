/** The secret of a token that was just made: the one time it is shown. */
import type { AccessToken } from "../../../protocol/model/operator.ts";
import type { Block } from "../../components/reader/document.ts";
import { createTextView } from "../../components/reader/text-view.tsx";
import { keyOf } from "../../keys/find-binding.ts";
import { when } from "../../text/format.ts";
import type { Screen } from "../view.ts";

export const newToken: Screen<"new-token"> = {
	id: "new-token",
	title: "New token",
	open(route, context) {
		const { token, secret } = route;
		let mayLeave = false;
		return createTextView(context, {
			...{ route, path: ["New token"], title: "New token", blocks: blocksOf(token, secret) },
			copy() {
				mayLeave = true;
				return { what: "the secret", text: secret };
			},
			back() {
				if (mayLeave) return false;
				mayLeave = true;
				context.toast(
					"info",
					`The secret is not shown again: ${keyOf("everywhere", "copy")} copies it, ${keyOf("everywhere", "back")} once more leaves.`,
				);
				return true;
			},
		});
	},
};

function blocksOf({ name, access, expiresAt }: AccessToken, secret: string): Block[] {
	return [
		{ kind: "text", text: `Token ${name}: ${access} access until ${when(expiresAt)} UTC`, token: "strong" },
		{ kind: "gap" },
		{ kind: "text", text: "Its secret, shown this once. The daemon keeps only a hash of it:" },
		{ kind: "gap" },
		{ kind: "captured", text: secret },
		{ kind: "gap" },
		{
			kind: "pieces",
			pieces: [
				[keyOf("everywhere", "copy"), "key"],
				[" copies the secret   ", "muted"],
				[keyOf("everywhere", "back"), "key"],
				[" leaves; it is not shown again", "muted"],
			],
		},
		{ kind: "gap" },
		{ kind: "text", text: "A program uses it so: VEDETTE_TOKEN=<secret> vedette findings --json", token: "muted" },
	];
}
