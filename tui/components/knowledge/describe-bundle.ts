/** Bundles of knowledge and their keys, as blocks to read. */
import type { BundleKey, KeptBundle } from "../../../protocol/model/knowledge-bundle.ts";
import { when } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { bytesText } from "../../text/update-words.ts";
import type { Block } from "../reader/document.ts";

const field = (name: string, text: string): Block => ({ kind: "field", name, pieces: [[text]] });

export function describeBundle(one: KeptBundle): Block[] {
	return [
		field("bundle", one.hash),
		field("made", `${when(one.createdAt)} UTC`),
		field(one.what === "made" ? "written" : "taken in", `${when(one.at)} UTC`),
		field("file", `${one.file}, ${bytesText(one.bytes)}`),
		field("signed by", one.key),
		field("goes on from", one.base ?? "nothing: it stands alone"),
		field("brings", one.state),
		field("follows", one.previous ?? "none"),
		...(one.linked
			? []
			: [{ kind: "text", text: "The one it follows was neither made nor taken in here.", token: "warning" } as const]),
	];
}

export function describeKey(one: BundleKey): Block[] {
	return [
		field("id", one.id),
		field("signs here", one.mine ? "yes" : "no"),
		field("added", `${when(one.addedAt)} UTC by ${personName(one.addedBy)}`),
		{ kind: "heading", text: "Trusted elsewhere by this line" },
		{ kind: "captured", text: lineOf(one) },
	];
}

/** As `knowledge.newKey` tells it and `knowledge.trustKey` takes it. */
export function lineOf({ name, publicKey }: Pick<BundleKey, "name" | "publicKey">): string {
	return `vedette-key ${publicKey} ${name}`;
}
