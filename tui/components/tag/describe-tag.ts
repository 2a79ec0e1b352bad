/** Tags in words. */
import type { Tag, TagPreview } from "../../../protocol/model/tag.ts";
import { count, plural } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import type { Block } from "../reader/document.ts";
import { namePieces } from "./tag-pieces.ts";

/** What `tags.get` tells beside the tag itself. */
export interface TagDetail {
	readonly children: readonly string[];
	readonly assets: readonly { id: number; name: string; why: string; since: string }[];
}

/** The name, as far to the right as it stands below others. */
export function indentedName({ path, name, colour, favourite }: Tag): Piece[] {
	const depth = path.slice(0, path.length - name.length).split("/").length - 1;
	return [["  ".repeat(depth)], ...namePieces(name, colour), ...(favourite ? ([[" ★", "accent"]] as Piece[]) : [])];
}

/** `detail` is undefined until it has come. */
export function describeTag(tag: Tag, detail: TagDetail | undefined): Block[] {
	const field = (name: string, text: string): Block[] =>
		text === "" ? [] : [{ kind: "field", name, pieces: [[text]] }];
	return [
		{ kind: "heading", text: tag.path },
		...(tag.problem === null ? [] : [{ kind: "field", name: "Problem", pieces: [[tag.problem, "bad"]] } as Block]),
		...field("Rule", tag.rule.kind),
		...field("Text", tag.rule.text.replace(/\s+/g, " ")),
		...field("Means", tag.means ?? ""),
		...field("Criticality", tag.criticality === null ? "not set (counts as 2)" : String(tag.criticality)),
		...(tag.colour === null
			? []
			: [
					{
						kind: "field",
						name: "Colour",
						pieces: [...namePieces(tag.name, tag.colour), [`  ${tag.colour}`, "muted"]],
					} as Block,
				]),
		...field("About", tag.description),
		...field("Made by", tag.system ? "Vedette" : ""),
		...field("Below it", detail?.children.join(", ") ?? ""),
		{ kind: "heading", text: plural(tag.assets, "asset") },
		...(detail?.assets ?? []).map(
			({ name, why, since }): Block => ({
				kind: "pieces",
				pieces: [
					[name, "address"],
					[`  ${why === "rule" ? "by its rule" : why} since ${since.slice(0, 10)}`, "muted"],
				],
			}),
		),
	];
}

/** `+12 −3` with the first names. */
export function previewLines({ means, matches, of, adds, removes, added, removed }: TagPreview): string[] {
	const some = (names: readonly string[], total: number) =>
		names.slice(0, 6).join(", ") + (total > Math.min(6, names.length) ? " …" : "");
	return [
		...(means == null ? [] : [`Means ${means}`]),
		`Fits ${count(matches)} of ${plural(of, "asset")}: +${count(adds)} −${count(removes)}.`,
		...(adds === 0 ? [] : [`+ ${some(added, adds)}`]),
		...(removes === 0 ? [] : [`− ${some(removed, removes)}`]),
	];
}
